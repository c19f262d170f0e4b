import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Testing

/// A section of the configuration for a source that the program registered by itself.
@Suite(.timeLimit(.minutes(5))) struct SourceSectionTests {
    let vault = ScriptedVault()
    let registry = HookRegistry()

    private func register(_ id: HookID = "team-vault", _ settings: SourceSettings? = nil) throws -> HookRegistration {
        try registry.register { [vault] in $0.answer(from: vault, id: id, settings: settings) }
    }

    private func resolver(_ text: String) throws -> KeyResolver {
        try KeyResolver(
            configuration: KeyConfiguration(parsing: text),
            registry: registry,
            environment: ["OPENAI_API_KEY": "sk-env"]
        )
    }

    @Test(arguments: ["team-vault", "team-vault/keys"] as [HookID])
    func `Its words hold, over what the program says`(id: HookID) async throws {
        _ = try register(id, SourceSettings(cache: CachePolicy(timeToLive: .seconds(900))))
        let strict = try resolver(#"{ plugins: { "team-vault": { ttl: "0s" } } }"#)
        for number in 1...3 { #expect(try await strict.getAPIKey(service: "openai")?.value == "openai\(number)") }
        vault.fail()
        let lenient = try resolver(#"{ plugins: { "team-vault": { fallback: "unavailable" } } }"#)
        #expect(try await lenient.getAPIKey(service: "openai")?.value == "sk-env")
        let reports = try lenient.explain(service: "openai").cached
        #expect(reports.map(\.allowsFallback) == [true] && reports.map(\.state) == [.failed], "\(reports)")
        #expect(await #expect(throws: KeyResolutionError.self) { try await strict.getAPIKey(service: "openai") } != nil)
    }

    @Test func `Each resolver has its own, and an override or a limit keeps it`() async throws {
        _ = try register()
        let one = try resolver(
            "{ plugins: { 'team-vault': { ttl: '1h' } }, providers: { groq: { plugins: ['team-vault'] } } }"
        )
        let other = try resolver("{}")
        #expect(try await one.getAPIKey(service: "openai")?.value == "openai1")
        #expect(try await other.getAPIKey(service: "openai")?.value == "openai2")
        #expect(try await one.getAPIKey(service: "groq")?.value == "groq3")
        try one.override("groq") { $0.fallback = .unavailable }
        #expect(try await one.getAPIKey(service: "groq")?.value == "groq3")
        one.invalidateAll()
        #expect(try await one.getAPIKey(service: "openai")?.value == "openai4")
        #expect(try await other.getAPIKey(service: "openai")?.value == "openai2")
        let key = try #require(try await one.getAPIKey(service: "openai"))
        one.report(.unauthorized, for: key)
        #expect(try await one.getAPIKey(service: "openai")?.value == "openai5")
    }

    @Test func `What is cancelled or registered later counts as ever`() async throws {
        let registration = try register()
        let resolver = try resolver("{ plugins: { 'team-vault': { ttl: '0s' } } }")
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "openai1")
        registration.cancel()
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-env")
        #expect(try resolver.explain(service: "openai").hooks.isEmpty && resolver.cacheStatistics.isEmpty)
        _ = try register()
        for number in 2...3 { #expect(try await resolver.getAPIKey(service: "openai")?.value == "openai\(number)") }
    }

    @Test(arguments: [
        ("plugins: { 'team-vault': { tll: '5m' } }", "1:30: plugins.team-vault.tll: unknown key. Did you mean 'ttl'?"),
        (
            "plugins: { 'team-vault': { fallbak: 1 } }",
            "plugins.team-vault.fallbak: unknown key. Did you mean 'fallback'?"
        ),
        ("plugins: { 'team-vault': { ttl: 'soon' } }", "1:35: plugins.team-vault.ttl: "),
        ("plugins: { 'team-vault': { services: ['openai'] } }", "plugins.team-vault.services: unknown key"),
        (
            "plugins: { 'team-vault': {} }, providers: { openai: { 'team-vault': { ttl: '5m' } } }",
            "providers.openai.team-vault: the plugin 'team-vault' "
                + "takes no settings for a single provider: leave them out; 'ttl' and 'fallback' stand beside 'team-vault'"
        ),
    ])
    func `Any other word is a mistake, with its place`(section: String, words: String) async throws {
        _ = try register()
        let error = try await failure { try resolver("{ \(section) }") }
        #expect(error.code == .invalidConfiguration && error.message.contains(words), "\(error)")
        #expect(error.message.hasPrefix("keyhooks.json:1:"), "\(error)")
    }

    @Test func `What the program tells it of a service is a mistake too`() throws {
        _ = try register()
        let resolver = try resolver("{}")
        #expect(throws: KeyResolutionError.self) {
            try resolver.override("openai") { $0["team-vault"] = ["ttl": "5m"] }
        }
    }

    /// A program's own way to bring plugins.
    struct Bringing: PluginSource {
        let vault: ScriptedVault
        func register(in hooks: inout HookBundle, _ context: PluginContext) -> RegisteredPlugins {
            hooks.answer(from: vault, id: "team-vault")
            return RegisteredPlugins()
        }
    }

    @Test func `Nor is it ignored where a source of plugins registers it`() async throws {
        func bringing(_ section: String) throws -> KeyResolver {
            try KeyResolver(
                configuration: KeyConfiguration(parsing: "{ plugins: { 'team-vault': { \(section) } } }"),
                plugins: [Bringing(vault: vault)],
                environment: [:]
            )
        }
        let resolver = try bringing("ttl: '0s'")
        for number in 1...2 { #expect(try await resolver.getAPIKey(service: "openai")?.value == "openai\(number)") }
        let error = try await failure { try bringing("nonsense: true") }
        #expect(error.message.contains("plugins.team-vault.nonsense: unknown key"), "\(error)")
    }

    @Test func `A source whose registration was cancelled is let go`() async throws {
        weak var gone: ScriptedVault?
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(parsing: "{ plugins: { acme: { ttl: '1m' } } }"),
            registry: {
                try registry.register { [vault] hooks in hooks.answer(from: vault, id: "acme") }
                return registry
            }(),
            environment: [:]
        )
        for number in 1...3 {
            let source = ScriptedVault()
            if number == 1 { gone = source }
            let token = try registry.register { $0.answer(from: source, id: "acme/more", priority: number) }
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "openai1")
            token.cancel()
            resolver.invalidateAll()
        }
        #expect(gone == nil)
    }

    struct Own: KeyPlugin, KeySource {
        struct Configuration: Decodable { var address: String? }
        struct ServiceSettings: Decodable { var name: String? }
        static let id: PluginID = "own"
        let vault: ScriptedVault
        init(_ vault: ScriptedVault) { self.vault = vault }
        init(_ configuration: Configuration, in context: PluginContext) { vault = ScriptedVault() }
        func register(in hooks: inout HookBundle) {
            let settings = SourceSettings(cache: CachePolicy(timeToLive: .seconds(900)))
            hooks.answer(from: self, id: Self.id, priority: 7, before: ["a"], after: ["b"], settings: settings)
        }
        func read(_ request: KeyRequest) async throws -> String? { try await vault.read(request) }
    }

    @Test(arguments: [true, false])
    func `A plugin with settings of its own has them too, registered by itself or not`(isByHand: Bool) async throws {
        // The one that the program made has its address.
        let address = isByHand ? "" : "address: 'a', "
        let text = "{ plugins: { own: { \(address)ttl: '0s' } }, providers: { openai: { own: { name: 'n' } } } }"
        if isByHand { try registry.register { [vault] in Own(vault).register(in: &$0) } }
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(parsing: text),
            plugins: isByHand ? [] : [Own.plugin],
            registry: registry,
            environment: [:]
        )
        for number in 1...2 { #expect(try await resolver.getAPIKey(service: "openai")?.value == "openai\(number)") }
        let reason = try resolver.explain(service: "openai").hooks.first?.reason
        #expect(reason == "priority 7, no 'a' runs here, no 'b' runs here")
        guard isByHand else { return }
        let error = try await failure {
            try self.resolver(text.replacing("own: { ttl", with: "own: { address: 'a', ttl"))
        }
        #expect(error.message.contains("plugins.own.address: unknown key"), "\(error)")
    }
}
