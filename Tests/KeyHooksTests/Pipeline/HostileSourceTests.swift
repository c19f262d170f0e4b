import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// What a hostile review of the pipeline found; each of these gave a weaker, an old or another one's key.
@Suite(.timeLimit(.minutes(5))) struct HostileSourceTests {
    /// One bundle of fields; the test says what is in it.
    final class Bundle: KeySource {
        private let state = Mutex((reads: 0, fields: [String: String](), isDown: false))

        var reads: Int { state.withLock { $0.reads } }
        func has(_ fields: [String: String]) { state.withLock { $0.fields = fields } }
        func goesDown() { state.withLock { $0.isDown = true } }

        func location(for request: KeyRequest) -> String? { "ai/\(request.scope.tenant ?? "all")" }

        func read(_ location: String) async throws -> SourceReading<[String: String]> {
            let (fields, isDown) = state.withLock { state in
                state.reads += 1
                return (state.fields, state.isDown)
            }
            if isDown { throw outage }
            return .found(fields)
        }
    }

    @Test(arguments: [KeyFallback.never, .unavailable])
    func `That a secret had no such field is not known any more in an outage`(_ fallback: KeyFallback) async throws {
        let bundle = Bundle()
        bundle.has(["GROQ_API_KEY": "gsk-1"])
        let fixture = try SourceFixture(bundle) { $0.fallback = fallback }
        #expect(await fixture.outcome() == "sk-env")
        #expect(await fixture.outcome("groq") == "gsk-1")
        bundle.goesDown()
        fixture.advance(110)
        // The key of the other service bridges it; that there is none does not, unless the user allows it.
        let expected = fallback == .never ? "unavailable" : "sk-env"
        for _ in 1...2 {
            #expect(await fixture.outcome("groq") == "gsk-1 stale")
            #expect(await fixture.outcome() == expected)
        }
    }

    @Test func `Locations are compared byte by byte`() async throws {
        let vault = TenantVault()
        let fixture = try SourceFixture(vault)
        for (one, other) in [("K", "\u{212A}"), ("caf\u{E9}", "cafe\u{301}")] {
            let first = await fixture.outcome(scope: KeyScope(tenant: one))
            let second = await fixture.outcome(scope: KeyScope(tenant: other))
            #expect(first != second, "\(one)")
            #expect(await fixture.outcome(scope: KeyScope(tenant: one)) == first)
        }
        #expect(vault.reads == 4)
    }

    /// A key for each read, so that what is answered tells which read it is from.
    final class TenantVault: KeySource {
        private let count = Mutex(0)
        var reads: Int { count.withLock { $0 } }
        func location(for request: KeyRequest) -> String? { "ai/\(request.scope.tenant ?? "")/\(request.service)" }
        func read(_ location: String) async throws -> String? { "sk-\(count.withLock { $0 += 1; return $0 })" }
    }

    @Test func `A field is found by its bytes`() async throws {
        let bundle = Bundle()
        bundle.has(["OPENAI_API_\u{212A}EY": "sk-kelvin"])
        let fixture = try SourceFixture(bundle)
        #expect(await fixture.outcome() == "sk-env")
    }

    @Test func `A source that looks at the variables is read again under others`() async throws {
        let vault = ScriptedVault()
        vault.answer { request, _ in request.names.first }
        let fixture = try SourceFixture(vault, providers: ["openai": ProviderSettings(env: ["TEAM_A"])])
        #expect(await fixture.outcome() == "TEAM_A")
        try fixture.resolver.override("openai") { $0.env = ["TEAM_B"] }
        #expect(await fixture.outcome() == "TEAM_B")
    }

    @Test func `What names no text as its place shows none, such as a URL with a password`() async throws {
        struct URLVault: KeySource {
            func location(for request: KeyRequest) -> URL? {
                URL(string: "https://user:S3cret@vault.example/ai?t=T0ken")
            }
            func read(_ location: URL) async throws -> String? { throw outage }
        }
        let fixture = try SourceFixture(URLVault())
        let error = try await failure { try await fixture.resolver.getAPIKey(service: "openai") }
        let explanation = try fixture.resolver.explain(service: "openai")
        for text in ["\(error)", "\(explanation)", String(reflecting: explanation)] {
            #expect(!text.contains("S3cret") && !text.contains("T0ken"), "\(text)")
        }
    }

    @Test func `A source that asks for what it reads fails at once`() async throws {
        let vault = ScriptedVault()
        let fixture = try SourceFixture(vault) { $0.timeout = nil }
        vault.answer { [resolver = fixture.resolver] _, _ in
            try await resolver.getAPIKey(service: "openai")?.value
        }
        #expect(await fixture.outcome() == "pluginFailed")
        #expect(vault.reads.count == 1)
    }

    @Test func `A read that blocks its thread for longer than it may is late`() async throws {
        let vault = ScriptedVault()
        vault.answer { _, _ in
            blockThread()
            return "sk-late"
        }
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.answer(from: vault, id: "blocking", settings: SourceSettings(timeout: .milliseconds(200)))
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let error = try await failure { try await resolver.getAPIKey(service: "openai") }
        #expect(error.code == .timedOut)
    }
}

/// Stands for a client library that has no `async`.
private func blockThread() { Thread.sleep(forTimeInterval: 1) }

/// A rejected key isn't given again while a newer one can be had.
@Suite(.timeLimit(.minutes(5))) struct NewerReadingTests {
    let vault = ScriptedVault()

    @Test func `Nor where the same key was read once more before the rotation`() async throws {
        let key = Rotating("sk-old")
        vault.answer { _, _ in key.value }
        let fixture = try SourceFixture(vault)
        let old = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
        #expect(await fixture.outcome(refresh: true) == "sk-old")
        key.value = "sk-new"
        fixture.resolver.report(.unauthorized, for: old)
        #expect(await fixture.outcome() == "sk-new")
        #expect(vault.reads.count == 3)
    }

    @Test func `Nor under another ttl`() async throws {
        let key = Rotating("sk-old")
        let bundle = Texts(key)
        let fixture = try SourceFixture(bundle, providers: ["groq": ProviderSettings(timeToLive: .seconds(90))])
        let old = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
        #expect(await fixture.outcome("groq") == "sk-old")
        key.value = "sk-new"
        fixture.resolver.report(.unauthorized, for: old)
        #expect(await fixture.outcome("groq") == "sk-new")
        #expect(await fixture.outcome() == "sk-new")
    }

    @Test func `Nor where an end hook made the key`() async throws {
        let key = Rotating("sk-old")
        vault.answer { _, _ in key.value }
        let registry = HookRegistry()
        try registry.register { [vault] hooks in
            hooks.answer(from: vault, id: "vault")
            hooks.onEnd(.getAPIKey, id: "wrap") { call in
                if case .success(.found(let key)) = call.result {
                    call.result = .success(.found(APIKey("wrapped-\(key.value)")))
                }
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let old = try #require(try await resolver.getAPIKey(service: "openai"))
        #expect(old.value == "wrapped-sk-old")
        key.value = "sk-new"
        resolver.report(.unauthorized, for: old)
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "wrapped-sk-new")
    }

    @Test func `Nor where the plugin was made anew by a reload`() async throws {
        let key = Rotating("sk-old")
        Reloaded.key.withLock { $0 = key }
        let configuration = try KeyConfiguration(parsing: #"{"plugins": {"reloaded": {}}}"#)
        let resolver = try KeyResolver(configuration: configuration, plugins: [Reloaded.plugin], environment: [:])
        let old = try #require(try await resolver.getAPIKey(service: "openai"))
        try resolver.reload(configuration)
        #expect(try await resolver.getAPIKey(service: "openai") == old)
        key.value = "sk-new"
        resolver.report(.unauthorized, for: old)
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-new")
    }

    final class Rotating: Sendable {
        private let state: Mutex<String>
        init(_ value: String) { state = Mutex(value) }
        var value: String {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    /// One text for all services.
    struct Texts: KeySource {
        let key: Rotating
        init(_ key: Rotating) { self.key = key }
        func location(for request: KeyRequest) -> String? { "ai/all" }
        func read(_ location: String) async throws -> String? { key.value }
    }

    struct Reloaded: KeyPlugin, KeySource {
        static let id: PluginID = "reloaded"
        static let key = Mutex<Rotating?>(nil)
        init(_ configuration: NoSettings, in context: PluginContext) {}
        func read(_ request: KeyRequest) async throws -> String? { Self.key.withLock { $0 }?.value }
    }
}

/// What a configuration says of a service holds under every one of its names and for every hook.
@Suite(.timeLimit(.minutes(5))) struct HostileRuleTests {
    @Test func `A profile that names a service by its own alias keeps what holds without the profile`() async throws {
        let text = """
            {"plugins": {"none": {}}, "providers": {"openai": {"only": "none", "aliases": ["corp"]}},
             "profiles": {"prod": {"providers": {"corp": {"ttl": "5m"}}}}}
            """
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(parsing: text),
            plugins: [Nothing.plugin],
            environment: ["OPENAI_API_KEY": "sk-weaker"]
        )
        for profile in [nil, "prod"] {
            for service in ["openai", "corp"] {
                let key = try await resolver.getAPIKey(service: Service(service), scope: KeyScope(profile: profile))
                #expect(key == nil, "\(service) \(profile ?? "")")
            }
        }
        let explanation = try resolver.explain(service: "openai", scope: KeyScope(profile: "prod"))
        #expect("\(explanation)".contains("profiles.prod.providers.corp"))
    }

    struct Nothing: KeyPlugin, KeySource {
        static let id: PluginID = "none"
        init(_ configuration: NoSettings, in context: PluginContext) {}
        func read(_ request: KeyRequest) async throws -> String? { nil }
    }

    @Test func `One service under two names is a mistake`() throws {
        let providers: [Service: ProviderSettings] = [
            "gemini": ProviderSettings(plugins: []), "google": ProviderSettings(timeToLive: .seconds(1)),
        ]
        let error = #expect(throws: KeyResolutionError.self) {
            try KeyResolver(configuration: KeyConfiguration(providers: providers), environment: [:])
        }
        #expect(error?.message == "providers.gemini and providers.google are the same service")
    }

    @Test(arguments: [ProviderSettings(plugins: ["vault"]), ProviderSettings(plugins: [])])
    func `An end hook of a plugin that isn't named can't replace the answer`(_ settings: ProviderSettings) async throws
    {
        let registry = HookRegistry()
        let vault = ScriptedVault()
        vault.fail(KeyResolutionError(.denied, "no", remedy: "ask"))
        try registry.register { hooks in
            hooks.answer(from: vault, id: "vault")
            hooks.onEnd(.getAPIKey, id: "other") { call in call.result = .success(.found(APIKey("sk-other"))) }
        }
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": settings]),
            registry: registry,
            environment: ["OPENAI_API_KEY": "sk-env"]
        )
        let error = try await failure { try await resolver.getAPIKey(service: "openai") }
        #expect(error.code == .denied && error.message.contains("'other' answered for 'openai'"), "\(error)")
        // Of a service without such a rule it may.
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "sk-other")
    }
}

/// A plugin that is named is asked although its filter says otherwise, but none of its hooks in place of another.
@Suite struct NamedPluginTests {
    private func resolver(_ hooks: [(HookID, ServiceFilter, String)]) throws -> KeyResolver {
        let registry = HookRegistry()
        try registry.register { bundle in
            for (id, services, key) in hooks {
                bundle.onStart(.getAPIKey, id: id, filter: .services(services)) { $0.answer(APIKey(key)) }
            }
        }
        let named = KeyConfiguration(providers: ["openai": ProviderSettings(plugins: ["acme"])])
        return try KeyResolver(configuration: named, registry: registry, environment: [:])
    }

    @Test func `Its only hook is asked`() async throws {
        let resolver = try resolver([("acme/groq", ["groq"], "gsk")])
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "gsk")
        #expect(try await resolver.getAPIKey(service: "xai") == nil)
    }

    @Test func `Of several the one is asked that is for the service`() async throws {
        let both: [(HookID, ServiceFilter, String)] = [
            ("acme/groq", ["groq"], "gsk"), ("acme/openai", ["openai"], "sk"),
        ]
        #expect(try await resolver(both).getAPIKey(service: "openai")?.value == "sk")
        #expect(try await resolver(both.reversed()).getAPIKey(service: "openai")?.value == "sk")
        #expect(try await resolver(both).getAPIKey(service: "groq")?.value == "gsk")
    }
}
