import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

/// Answers with what it is reported of the service.
private struct Told: KeyPlugin {
    struct Configuration: Decodable {}

    struct ServiceSettings: Decodable, Sendable {
        struct Inner: Decodable, Sendable { var names: [String] }

        var path: String?
        var ttl: Duration?
        var inner: Inner?
    }

    static let id: PluginID = "acme"

    init(_ configuration: Configuration, in context: PluginContext) {}

    func register(in hooks: inout HookBundle) {
        hooks.onStart(.getAPIKey, id: HookID(Self.id)) { call in
            let told = try call.arguments.settings(of: Self.self)
            let parts = [told?.path, told?.ttl.map { "\($0)" }, told?.inner?.names.joined(separator: "+")]
            call.answer(APIKey(told == nil ? "nothing" : parts.map { $0 ?? "-" }.joined(separator: " ")))
        }
        hooks.onStart(.getSecret, id: HookID(Self.id)) { call in
            call.answer(
                APIKey(try call.arguments.settings(of: Self.self)?.path ?? "nothing")
            )
        }
    }
}

@Suite("What a plugin is reported of a service")
struct RuleSettingsTests {
    private func resolver(_ text: String) async throws -> (KeyResolver, file: String) {
        try await withFolder { folder in
            let text = "{plugins: {acme: {}},\n\(text)}"
            let resolver = try KeyResolver.made(by: text, plugins: [Told.plugin], in: folder)
            return (resolver, folder.file("keyhooks.json"))
        }
    }

    @Test("It is decoded as the plugin's own type, for main keys and for named fields")
    func decoded() async throws {
        let text = """
            providers: {
              openai: {acme: {path: 'p', ttl: '5s', inner: {names: ['a', 'b']}}},
              groq: {ttl: '5s'},
              azure: {acme: {path: 'a'}},
            }
            """
        let (resolver, _) = try await resolver(text)
        for _ in 1...2 { #expect(try await resolver.value("openai") == "p 5.0 seconds a+b") }
        #expect(try await resolver.value("chatgpt") == "p 5.0 seconds a+b")
        #expect(try await resolver.value("groq") == "nothing")
        #expect(try await resolver.value("mistral") == "nothing")
        #expect(try await resolver.getSecret(service: "azure", field: "api_base")?.value == "a")
    }

    @Test("Profiles and the program change single members")
    func layered() async throws {
        let text = """
            providers: {openai: {acme: {path: 'p', ttl: '5s'}}},
            profiles: {prod: {providers: {openai: {acme: {path: 'prod'}}, groq: {acme: {path: 'g'}}}}}
            """
        let (resolver, _) = try await resolver(text)
        #expect(try await resolver.value("openai", profile: "prod") == "prod 5.0 seconds -")
        #expect(try await resolver.value("groq", profile: "prod") == "g - -")
        #expect(try await resolver.value("groq") == "nothing")
        try resolver.override("openai") { $0["acme"] = ["ttl": "7s"] }
        #expect(try await resolver.value("openai", profile: "prod") == "prod 7.0 seconds -")
        #expect(try await resolver.value("openai") == "p 7.0 seconds -")
    }

    @Test("All mistakes are reported when the file is read, each once and with its place, and are not echoed")
    func mistakes() async throws {
        let text = """
            providers: {openai: {acme: {
              path: 'leak', inner: {names: 'leak'}, tll: 'leak'}}},
            profiles: {prod: {providers: {openai: {acme: {
              inner: {names: [1]}}}}}}
            """
        let error = await #expect(throws: KeyResolutionError.self) { _ = try await resolver(text) }
        #expect(error?.code == .invalidConfiguration)
        let lines = (error?.message ?? "").split(separator: "\n").map { $0.drop { $0 != ":" } }
        #expect(
            lines == [
                ":3:32: providers.openai.acme.inner.names: expected an array, found a string",
                ":3:41: providers.openai.acme.tll: unknown key. Did you mean 'ttl'?",
                ":5:19: profiles.prod.providers.openai.acme.inner.names[0]: expected a string, found a number",
            ]
        )
    }

    @Test("What is wrong with sections, with what single providers tell, and with lists is reported at once")
    func atOnce() async throws {
        try await withFolder { folder in
            let text = """
                {plugins: {acme: {colour: 'leak'}, other: {size: 'leak'}},
                 providers: {openai: {acme: {tll: 'leak'}, plugins: ['acme', 'nobody', 'othr']}, azure: {plugins: ['nobody']}}}
                """
            let error = #expect(throws: KeyResolutionError.self) {
                try KeyResolver.made(by: text, plugins: [Told.plugin, OtherPlugin.plugin], in: folder)
            }
            let message = try #require(error?.message)
            for words in [
                ":1:19: plugins.acme.colour: unknown key",
                ":2:30: providers.openai.acme.tll: unknown key. Did you mean 'ttl'?",
                ":2:62: providers.openai.plugins[1]: 'nobody': there is no plugin of this name",
                ":2:72: providers.openai.plugins[2]: 'othr': there is no plugin of this name. Did you mean 'other'?",
                ":2:100: providers.azure.plugins[0]: 'nobody'",
            ] {
                #expect(message.contains(words), "\(message)")
            }
            // A plugin with a mistake in its section is not told to be missing.
            #expect(!message.contains("'acme': there") && !message.contains("plugins.acme: there"), "\(message)")
            #expect(!message.contains("leak"))
        }
    }

    @Test("A plugin that takes no settings for a single provider says so")
    func none() async throws {
        try await withFolder { folder in
            let text = "{plugins: {other: {}}, providers: {openai: {other: {path: 'p'}}}}"
            let error = #expect(throws: KeyResolutionError.self) {
                try KeyResolver.made(by: text, plugins: [OtherPlugin.plugin], in: folder)
            }
            #expect(error?.message.contains("providers.openai.other: the plugin 'other' takes no settings") == true)
        }
    }

    @Test("A mistake of the program is reported as the program's")
    func program() async throws {
        let (resolver, _) = try await resolver("providers: {openai: {acme: {path: 'p'}}}")
        let error = #expect(throws: KeyResolutionError.self) {
            try resolver.override("openai") { $0["acme"] = ["pth": "leak"] }
        }
        let words = "the program, override(_:): providers.openai.acme.pth: unknown key. Did you mean 'path'?"
        #expect(error?.message == words)
        #expect(error?.code == .invalidConfiguration)
        // Nothing has changed.
        #expect(try await resolver.value("openai") == "p - -")
        try resolver.override("openai") { $0["acme"] = ["path": "q"] }
        #expect(try await resolver.value("openai") == "q - -")
    }

    /// Notes what it is given to check.
    private struct Nosy: KeyPlugin {
        struct Configuration: Decodable {}
        static let id: PluginID = "acme"
        static let seen = Mutex<[[PluginID]]>([])

        static func checkServiceSettings(in configuration: KeyConfiguration) {
            seen.withLock { $0.append(configuration.pluginIDs) }
        }

        init(_ configuration: Configuration, in context: PluginContext) {}
        func register(in hooks: inout HookBundle) { hooks.onStart(.getAPIKey, id: HookID(Self.id)) { _ in } }
    }

    @Test("A plugin that checks for itself sees its own section then too")
    func whole() async throws {
        try await withFolder { folder in
            let resolver = try KeyResolver.made(by: "{plugins: {acme: {}}}", plugins: [Nosy.plugin], in: folder)
            try resolver.override("openai") { $0["acme"] = ["path": "q"] }
            #expect(Nosy.seen.withLock(\.self) == [["acme"], ["acme"]])
        }
    }

    @Test("What the program tells a plugin that is not there is refused")
    func stranger() async throws {
        let (resolver, _) = try await resolver("providers: {}")
        let error = #expect(throws: KeyResolutionError.self) {
            try resolver.override("openai") { $0["acne"] = ["path": "leak"] }
        }
        #expect(error?.message == "the program, override(_:): providers.openai.acne: there is no plugin of this name")
        #expect(error?.remedy.hasPrefix("did you mean 'acme'?") == true)
    }

    @Test(
        "A plugin that was handed over and has no section is reported to have one, and a near miss is reported its name",
        arguments: [
            (
                "{plugins: ['acme']}", ".plugins[0]: 'acme': plugin 'acme' has no section",
                "add \"plugins\": { \"acme\": "
            ),
            (
                "{plugins: ['acne']}", ": there is no plugin of this name",
                "did you mean 'acme'? Otherwise install 'acne'"
            ),
        ]
    )
    func noSection(_ settings: String, _ message: String, _ remedy: String) async throws {
        try await withFolder { folder in
            let error = #expect(throws: KeyResolutionError.self) {
                let text = "{providers: {openai: \(settings)}}"
                _ = try KeyResolver.made(by: text, plugins: [Told.plugin], in: folder)
            }
            #expect(error?.message.hasSuffix(message) == true, "\(error?.message ?? "")")
            #expect(error?.remedy.hasPrefix(remedy) == true, "\(error?.remedy ?? "")")
        }
    }

    @Test("A plugin listed twice for a service is asked once")
    func twice() async throws {
        let (resolver, _) = try await resolver("providers: {openai: {plugins: ['acme', 'acme']}}")
        #expect(try await resolver.value("openai") == "nothing")
        #expect(try resolver.explain(service: "openai").hooks.count == 1)
    }
}
