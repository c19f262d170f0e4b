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

    @Test func `A slow source is waited for where the old value says that there is none`() async throws {
        let bundle = GatedBundle(["GROQ_API_KEY": "gsk-1"])
        let fixture = try SourceFixture(bundle) { $0.fallback = .unavailable }
        #expect(await fixture.outcome() == "sk-env")
        fixture.advance(110)
        bundle.close(["OPENAI_API_KEY": "sk-2", "GROQ_API_KEY": "gsk-2"])
        async let waiting = fixture.outcome()
        await bundle.isRead(2)
        // Longer than anybody waits where an old value may be served, which is given at once.
        await fixture.clock.someoneSleeps()
        fixture.advance(1)
        #expect(await fixture.outcome("groq") == "gsk-1 stale")
        bundle.open()
        #expect(await waiting == "sk-2")
    }

    /// A bundle whose reads can be held up.
    final class GatedBundle: KeySource {
        private struct State {
            var fields: [String: String]
            var reads = 0
            var isClosed = false
        }
        private let state: Mutex<State>

        init(_ fields: [String: String]) { state = Mutex(State(fields: fields)) }

        func location(for request: KeyRequest) -> String? { "ai/all" }

        func read(_ location: String) async throws -> SourceReading<[String: String]> {
            state.withLock { $0.reads += 1 }
            while state.withLock(\.isClosed) { try await Task.sleep(for: .milliseconds(1)) }
            return .found(state.withLock(\.fields))
        }

        func close(_ fields: [String: String]) { state.withLock { ($0.fields, $0.isClosed) = (fields, true) } }
        func open() { state.withLock { $0.isClosed = false } }
        func isRead(_ count: Int) async { while state.withLock(\.reads) < count { await Task.yield() } }
    }

    @Test func `So are those of several texts`() async throws {
        struct Segments: KeySource {
            let vault: TenantVault
            func location(for request: KeyRequest) -> [String]? { ["ai", request.scope.tenant ?? ""] }
            func read(_ location: [String]) async throws -> String? { try await vault.read("") }
        }
        let fixture = try SourceFixture(Segments(vault: TenantVault()))
        let first = await fixture.outcome(scope: KeyScope(tenant: "K"))
        #expect(await fixture.outcome(scope: KeyScope(tenant: "\u{212A}")) != first)
        #expect(await fixture.outcome(scope: KeyScope(tenant: "K")) == first)
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
