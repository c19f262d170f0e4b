import KeyHooks
import Testing

@testable import PluginHost

/// What is kept of the answers of a plugin's process, and what becomes of its failures.
@Suite(.timeLimit(.minutes(5))) struct KeptAnswersTests {
    private static let environment = ["OPENAI_API_KEY": "sk-environment"]

    /// How often a plugin is asked in three calls for a key, and what comes of the last.
    private func asked(_ answer: String, _ settings: String) async throws -> (requests: Int, value: String?) {
        try await withPlugins { fixture in
            try fixture.python("return \(answer)")
            let resolver = try fixture.resolver("{providers: {openai: \(settings)}}", Self.environment)
            var value: String?
            for _ in 1...3 { value = try await resolver.value("openai") }
            return (fixture.log().count { $0 == "request" }, value)
        }
    }

    @Test(
        arguments: [
            ("key('sk-1')", "{}", 3), ("key('sk-1')", "{ttl: '1h'}", 1), ("key('sk-1')", "{ttl: '0s'}", 3),
            ("key('sk-1', cache={'ttl_ms': 3600000})", "{}", 1),
            ("key('sk-1', cache={'ttl_ms': 3600000})", "{ttl: '0s'}", 3),
            ("key('sk-1', cache={'expires_at': '2999-01-01T00:00:00Z'})", "{}", 1),
            ("key('sk-1', cache={'expires_at': '2001-01-01T00:00:00Z'})", "{ttl: '1h'}", 3),
            ("key('sk-1', cache={})", "{ttl: '1h'}", 3),
        ]
    )
    func `A key is kept as long as the plugin says and the user allows`(
        answer: String,
        settings: String,
        requests: Int
    ) async throws {
        let asked = try await asked(answer, settings)
        #expect(asked == (requests, "sk-1"))
    }

    @Test(
        arguments: [
            // That it is somebody else's business holds as long as the plugin is loaded.
            ("fault('not-mine')", "{}", 1), ("fault('not-mine')", "{ttl: '0s'}", 1),
            // An absence without a hint may end at any time.
            ("fault('not-found')", "{}", 3), ("fault('not-found')", "{ttl: '1h'}", 3),
            ("fault('not-found', cache={'ttl_ms': 3600000})", "{}", 1),
            ("{'ok': {'verdict': 'proceed'}}", "{ttl: '1h'}", 3),
        ]
    )
    func `So is an absence, and the next source answers`(
        answer: String,
        settings: String,
        requests: Int
    ) async throws {
        let asked = try await asked(answer, settings)
        #expect(asked == (requests, "sk-environment"))
    }

    @Test func `A reload of a plugin that did not change loses nothing, also under a rule`() async throws {
        try await withPlugins { fixture in
            try fixture.python("return key('sk-1', cache={'ttl_ms': 3600000})")
            let resolver = try fixture.resolver("{providers: {openai: {ttl: '1h'}}}")
            #expect(try await resolver.value("openai") == "sk-1")
            try resolver.reload()
            #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-1")
            try fixture.write(
                "\(fixture.root)/project/keyhooks.json",
                "{providers: {openai: {ttl: '1h', plugins: ['acme'], acme: {path: 'p'}}}}"
            )
            // Its settings are others, so it is asked again.
            try resolver.reload()
            #expect(try resolver.cachedAPIKey(service: "openai") == nil)
        }
    }

    @Test func `A failure that passes obeys the user's fallback, and is asked for once in its window`() async throws {
        try await withPlugins { fixture in
            try fixture.python("return fault('unavailable', retry_after_ms=60000)")
            let text = "{providers: {openai: {fallback: 'unavailable'}}}"
            let resolver = try fixture.resolver(text, Self.environment)
            for _ in 1...3 {
                let key = try await resolver.getAPIKey(service: "openai")
                #expect(key?.value == "sk-environment")
                #expect(key?.provenance?.skippedSources.map(\.place) == ["plugin acme"])
                #expect(key?.provenance?.skippedSources.map(\.code) == [.unavailable])
            }
            #expect(await resolver.failure("groq")?.code == .unavailable)
            #expect(fixture.log().count { $0 == "request" } == 2)
        }
    }

    @Test func `A plugin that cannot be started is never passed over`() async throws {
        try await withPlugins { fixture in
            try fixture.plugin("acme", in: fixture.user)
            try fixture.write("\(fixture.user)/acme/run", "#!/nowhere/at/all\n", mode: 0o755)
            let text = "{providers: {openai: {fallback: 'unavailable'}}}"
            let resolver = try fixture.resolver(text, Self.environment)
            #expect(await resolver.failure("openai")?.code == .pluginFailed)
        }
    }

    @Test func `Each hook of a manifest has its own services, and one cache serves both points`() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                hooks: """
                    [{point: 'getAPIKey', phase: 'start', services: ['openai']}, \
                    {point: 'getAPIKey', phase: 'start', services: ['groq'], priority: 7}, \
                    {point: 'getSecret', phase: 'start', services: ['azure']}]
                    """,
                "return key('sk-' + arguments.get('field', 'main'), cache={'ttl_ms': 3600000})"
            )
            let resolver = try fixture.resolver("{}", ["AZURE_API_KEY": "sk-environment"])
            for _ in 1...2 {
                #expect(try await resolver.value("openai") == "sk-main")
                #expect(try await resolver.value("groq") == "sk-main")
                #expect(try await resolver.value("azure") == "sk-environment")
                #expect(try await resolver.getSecret(service: "azure", field: "api_base")?.value == "sk-api_base")
            }
            #expect(fixture.log().count { $0 == "request" } == 3)
            #expect(resolver.cacheStatistics["acme"]?.count == 3)
            for (service, isShown) in [("openai", true), ("groq", true), ("azure", false)] as [(Service, Bool)] {
                #expect(try resolver.explain(service: service).cached.isEmpty == !isShown)
            }
        }
    }
}
