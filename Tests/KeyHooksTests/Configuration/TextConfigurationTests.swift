import ExtensionHooks
import KeyHooks
import Testing

/// Configurations that programs have with them, without a file.
@Suite("A configuration from text or code")
struct TextConfigurationTests {
    private func resolver(_ configuration: KeyConfiguration) throws -> KeyResolver {
        // One that is handed over and has no section would be a mistake of its own.
        let all = [("acme", RulePlugin.plugin), ("other", OtherPlugin.plugin)] as [(PluginID, any PluginSource)]
        return try KeyResolver(
            configuration: configuration,
            plugins: all.filter { configuration.pluginIDs.contains($0.0) }.map(\.1),
            environment: [:]
        )
    }

    @Test func `A text says what a file would`() async throws {
        let configuration = try KeyConfiguration(
            parsing: "{plugins: {acme: {path: 'a'}}, providers: {groq: {acme: {path: 'g'}}}, profiles: {prod: {}}}"
        )
        #expect(configuration.path == "keyhooks.json" && configuration.envFiles.isEmpty)
        let resolver = try resolver(configuration)
        #expect(try await resolver.value("openai", profile: "prod") == "acme a")
        #expect(try await resolver.value("groq") == "acme g")
    }

    @Test func `Its paths count from the folder of the path it is given`() async throws {
        try await withFolder { folder in
            try folder.write("deep/own.env", "GROQ_API_KEY=g\n")
            let configuration = try KeyConfiguration(
                parsing: "{envFiles: 'own.env'}",
                path: folder.file("deep/program")
            )
            #expect(try await resolver(configuration).value("groq") == "g")
        }
    }

    @Test func `Mistakes are reported with the name that it is given, and no value`() throws {
        let error = #expect(throws: KeyResolutionError.self) {
            try KeyConfiguration(parsing: "{\n  provders: {}, envPrecedence: 'sk-leak'\n}", path: "built-in")
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("built-in:2:3: provders: unknown key. Did you mean 'providers'?") == true)
        #expect(error?.description.contains("leak") == false)
        let syntax = #expect(throws: KeyResolutionError.self) { try KeyConfiguration(parsing: "{") }
        #expect(syntax?.message.hasPrefix("keyhooks.json:1:") == true)
    }

    @Test func `Reading again goes on with the text, whatever file has the name`() async throws {
        try await withFolder { folder in
            let path = try folder.write("keyhooks.json", "{plugins: {acme: {path: 'file'}}}")
            let resolver = try resolver(KeyConfiguration(parsing: "{plugins: {acme: {path: 'text'}}}", path: path))
            try resolver.reload()
            #expect(try await resolver.value("openai") == "acme text")
        }
    }

    @Test func `Code writes a plugin's section`() async throws {
        var configuration = KeyConfiguration()
        configuration.plugins["acme"] = ["path": "code"]
        #expect(configuration.pluginIDs == ["acme"])
        #expect(try await resolver(configuration).value("openai") == "acme code")
        configuration.plugins["acme"]?["path"] = "other"
        #expect(try await resolver(configuration).value("openai") == "acme other")
        #expect(configuration.plugins["acme"]?["path"] == "other" && configuration.plugins["none"] == nil)
        configuration.plugins["acme"] = nil
        #expect(configuration.plugins.isEmpty)
    }

    @Test func `A section may be JSON text, and settings may be nested`() async throws {
        var configuration = KeyConfiguration()
        configuration.plugins.append(try PluginSection("acme", json: "{ path: 'json', }"))
        #expect(try await resolver(configuration).value("openai") == "acme json")
        configuration.plugins["acme"] = ["tls": ["ca": ["a", "b"], "share": 0.5], "on": true]
        let json = configuration.section(of: "acme").map { String(decoding: $0, as: UTF8.self) }
        #expect(json == #"{"on":true,"tls":{"ca":["a","b"],"share":0.5}}"#)
    }

    @Test(arguments: [
        ("acme", "{", "plugins.acme: the text at 1:2"), ("acme", "[]", "plugins.acme: expected an object"),
        ("a/b", "{}", "plugins.a/b isn't a valid plugin id"),
    ])
    func `What is no section is refused`(id: String, text: String, message: String) {
        let error = #expect(throws: KeyResolutionError.self) { try PluginSection(PluginID(id), json: text) }
        #expect(error?.code == .invalidConfiguration && error?.message.hasPrefix(message) == true)
    }

    @Test(arguments: [true, false])
    func `A mistake in code is reported with its path and no file`(isBesideText: Bool) throws {
        var configuration = try isBesideText ? KeyConfiguration(parsing: "{plugins: {other: {}}}") : KeyConfiguration()
        configuration.plugins["acme"] = ["path": 1, "pth": "sk-leak"]
        let error = #expect(throws: KeyResolutionError.self) { try resolver(configuration) }
        let lines = error?.message.split(separator: "\n") ?? []
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("plugins.acme.p") }, "\(lines)")
        #expect(error?.description.contains("leak") == false)
        configuration.plugins["acme"] = nil
        configuration.plugins["nobody"] = [:]
        let missing = #expect(throws: KeyResolutionError.self) { try resolver(configuration) }
        #expect(missing?.message.hasPrefix("plugins.nobody: there is no plugin") == true)
    }

    @Test func `What stands in the text keeps its place`() throws {
        var configuration = try KeyConfiguration(parsing: "{plugins: {acme: {path: 1}}}", path: "built-in")
        configuration.plugins["other"] = [:]
        let error = #expect(throws: KeyResolutionError.self) { try resolver(configuration) }
        #expect(error?.message.hasPrefix("built-in:1:25: plugins.acme.path") == true)
    }
}
