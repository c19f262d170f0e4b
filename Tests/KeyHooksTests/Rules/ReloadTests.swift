import ExtensionHooks
import KeyHooks
import Testing

@Suite("Reading everything again")
struct ReloadTests {
    @Test("The configuration, the files and the plugins are new, overrides stay")
    func reload() async throws {
        try await withFolder { folder in
            try folder.write(".env", "GROQ_API_KEY=old\n")
            let resolver = try KeyResolver.ruled(by: "{envFiles: '.env', plugins: {acme: {path: 'old'}}}", in: folder)
            try resolver.override("groq") { $0.plugins = [] }
            #expect(try await resolver.value("openai") == "acme old")
            #expect(try await resolver.value("groq") == "old")
            try folder.write(".env", "GROQ_API_KEY=new\n")
            try folder.write("keyhooks.json", "{envFiles: '.env', plugins: {acme: {path: 'new'}}}")
            #expect(try await resolver.value("openai") == "acme old")
            try resolver.reload()
            #expect(try await resolver.value("openai") == "acme new")
            #expect(try await resolver.value("groq") == "new")
            #expect(resolver.configuration.pluginIDs == ["acme"])
        }
    }

    @Test("A configuration that was discovered in a folder goes on with the .env of that folder")
    func discovered() async throws {
        try await withFolder { folder in
            try folder.write("keyhooks.json", "{}")
            try folder.write(".env", "GROQ_API_KEY=old\n")
            try folder.trust("keyhooks.json")
            let resolver = try KeyResolver(
                configuration: .discover(in: folder.path, environment: ["HOME": folder.file("home")]),
                environment: [:]
            )
            #expect(try await resolver.value("groq") == "old")
            try folder.write(".env", "GROQ_API_KEY=new\n")
            try resolver.reload()
            #expect(try await resolver.value("groq") == "new")
        }
    }

    @Test(
        "What is wrong leaves everything as it was",
        arguments: [
            "{", "{plugins: {acme: {path: 1}}}", "{plugins: {nobody: {}}}", "{providers: {openai: {plugins: ['x']}}}",
            "{envFiles: 'broken.env'}", "{providers: {openai: {aliases: ['work']}, groq: {aliases: ['work']}}}",
        ]
    )
    func broken(_ text: String) async throws {
        try await withFolder { folder in
            try folder.write("broken.env", "A='never ends\n")
            let resolver = try KeyResolver.ruled(by: "{plugins: {acme: {path: 'old'}}}", in: folder)
            try folder.write("keyhooks.json", text)
            let error = #expect(throws: KeyResolutionError.self) { try resolver.reload() }
            #expect(error?.code == .invalidConfiguration)
            #expect(try await resolver.value("openai") == "acme old")
            #expect(resolver.configuration.pluginIDs == ["acme"])
        }
    }

    @Test("A call goes on with what it began with, and the next sees all that is new")
    func atomic() async throws {
        try await withFolder { folder in
            let registry = HookRegistry()
            let resolver = try KeyResolver.ruled(
                by: "{plugins: {acme: {path: 'old'}}, providers: {openai: {ttl: '1s'}}}",
                in: folder,
                registry: registry
            )
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: "meanwhile", priority: 1) { _ in
                    try folder.write(
                        "keyhooks.json",
                        "{plugins: {acme: {path: 'new'}}, providers: {openai: {ttl: '2s'}}}"
                    )
                    try resolver.reload()
                }
            }
            #expect(try await resolver.value("openai") == "acme old for 1.0 seconds")
            #expect(try await resolver.value("openai") == "acme new for 2.0 seconds")
        }
    }

    @Test("Callers see one whole configuration while it is reloaded")
    func concurrent() async throws {
        let one = KeyConfiguration(providers: ["openai": ProviderSettings(env: ["ONE"], timeToLive: .seconds(1))])
        let two = KeyConfiguration(providers: ["openai": ProviderSettings(env: ["TWO"], timeToLive: .seconds(2))])
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "check") { call in
                guard case .found(let key) = try call.result.get() else { throw CancellationError() }
                let seconds = call.arguments.rule?.timeToLive
                #expect(key.value == (seconds == .seconds(1) ? "1" : "2"))
            }
        }
        let resolver = try KeyResolver(
            configuration: one,
            registry: registry,
            environment: ["ONE": "1", "TWO": "2"]
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for round in 1...100 { try resolver.reload(round.isMultiple(of: 2) ? one : two) } }
            for _ in 1...3 { group.addTask { for _ in 1...300 { _ = try await resolver.value("openai") } } }
            try await group.waitForAll()
        }
    }
}

extension KeyResolver {
    /// The failure that asking for a key ends in; nil if it ends in none.
    func failed(_ service: Service, profile: String? = nil) async -> KeyResolutionError? {
        do {
            _ = try await resolve(service: service, scope: KeyScope(profile: profile))
            return nil
        } catch {
            return error as? KeyResolutionError
        }
    }
}
