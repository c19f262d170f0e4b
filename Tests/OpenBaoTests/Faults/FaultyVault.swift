import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao
import Testing

/// A resolver whose OpenBao is a transport with faults, and whose environment has a key that must not answer for it.
struct FaultyVault {
    static let address = "https://bao.test:8200"
    static let date = Date(timeIntervalSince1970: 1_800_000_000)

    let transport: FakeTransport
    let clock: PassingClock

    /// With strikes the clock bounds that many requests at once, for those that hang; with hurries it lets patience end
    /// at once that often.
    init(strikes: Int = 0, hurries: Int = 0, _ answer: @escaping FakeTransport.Answering) {
        clock = PassingClock(strikes: strikes, hurries: hurries)
        transport = FakeTransport(answer)
    }

    func resolver(_ change: (inout OpenBaoConfiguration) -> Void = { _ in }) throws -> KeyResolver {
        var configuration = OpenBaoConfiguration(path: "ai/providers")
        configuration.addresses = [Self.address]
        configuration.token = .environment("TEST_TOKEN")
        configuration.settings.timeout = .seconds(1000)
        configuration.settings.cache.jitter = 0
        configuration.settings.cache.refreshAhead = 0
        change(&configuration)
        let environment = [
            "TEST_TOKEN": "s.leak-token", "TEST_SECRET_ID": "leak-secret-id", "OPENAI_API_KEY": "sk-environment",
        ]
        let plugin = try OpenBaoPlugin(
            configuration,
            environment: environment,
            transport: transport,
            clock: clock,
            date: { Self.date }
        )
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: environment)
    }

    /// Expects a failure, and the environment's key in its place only where that is allowed; gives what is said of it.
    @discardableResult
    func expect(
        _ code: KeyResolutionError.Code,
        _ fallback: KeyFallback = .never,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout OpenBaoConfiguration) -> Void = { _ in }
    ) async throws -> (message: String, remedy: String) {
        let resolver = try resolver {
            $0.settings.fallback = fallback
            change(&$0)
        }
        let said: (message: String, remedy: String)
        if fallback == .unavailable, [.unavailable, .sealed, .timedOut].contains(code) {
            let key = try #require(try await resolver.getAPIKey(service: "openai"), sourceLocation: sourceLocation)
            #expect(key.value == "sk-environment", sourceLocation: sourceLocation)
            let failed = key.provenance?.skippedSources.first { !$0.isAbsence }
            let passed = try #require(failed, sourceLocation: sourceLocation)
            #expect(passed.code == code, "\(passed)", sourceLocation: sourceLocation)
            said = (passed.message, passed.remedy)
        } else {
            let error = try #require(await resolver.failure("openai"), sourceLocation: sourceLocation)
            #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
            #expect(error.service == "openai", sourceLocation: sourceLocation)
            said = (error.message, error.remedy)
        }
        #expect(!said.message.isEmpty && !said.remedy.isEmpty, sourceLocation: sourceLocation)
        #expect(!"\(said)".contains("leak"), "\(said)", sourceLocation: sourceLocation)
        return said
    }
}
