import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// Sources that ask the resolver while they read.
@Suite(.timeLimit(.minutes(5))) struct ReadWaitsTests {
    /// Asks for the keys of other services before it answers.
    final class Asking: KeySource {
        let others: [Service: Service]
        let resolver = Mutex<KeyResolver?>(nil)
        private let met = Mutex<Set<Service>>([])

        init(_ others: [Service: Service]) { self.others = others }

        func read(_ request: KeyRequest) async throws -> String? {
            let resolver = resolver.withLock { $0 }
            guard let other = others[request.service] else { return "sk-\(request.service)" }
            // All are under way before one asks.
            met.withLock { _ = $0.insert(request.service) }
            while met.withLock(\.count) < others.count { await Task.yield() }
            return try await resolver?.getAPIKey(service: other).map { "of \($0.value)" }
        }
    }

    private func resolver(_ source: Asking, _ settings: SourceSettings) throws -> KeyResolver {
        let registry = HookRegistry()
        try registry.register { $0.answer(from: source, id: "asking", settings: settings) }
        let weaker = ["OPENAI_API_KEY": "sk-weaker", "GROQ_API_KEY": "sk-weaker", "XAI_API_KEY": "sk-weaker"]
        let resolver = try KeyResolver(registry: registry, environment: weaker)
        source.resolver.withLock { $0 = resolver }
        return resolver
    }

    @Test(arguments: [nil, Duration.seconds(60)])
    func `Reads that wait for each other fail at once, and no weaker source answers`(_ timeout: Duration?) async throws
    {
        let source = Asking(["openai": "groq", "groq": "xai", "xai": "openai"])
        let resolver = try resolver(source, SourceSettings(timeout: timeout, fallback: .unavailable))
        let outcomes = await withTaskGroup { group in
            for service in ["openai", "groq", "xai"] as [Service] {
                group.addTask { await Result { try await resolver.getAPIKey(service: service)?.value } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for outcome in outcomes {
            #expect(throws: KeyResolutionError.self) { try outcome.get() }
        }
    }

    @Test func `A read that waits for another one which waits for nobody is fine`() async throws {
        let source = Asking(["openai": "groq"])
        let resolver = try resolver(source, SourceSettings())
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "of sk-groq")
    }

    @Test func `A read that empties the cache and asks for itself is refused as well`() async throws {
        let vault = ScriptedVault()
        let fixture = try SourceFixture(vault)
        vault.answer { [resolver = fixture.resolver] _, _ in
            resolver.invalidateAll()
            do {
                return try await resolver.getAPIKey(service: "openai")?.value
            } catch {
                resolver.invalidateAll()
                return try await resolver.getAPIKey(service: "openai")?.value
            }
        }
        let error = try await failure { try await fixture.resolver.getAPIKey(service: "openai") }
        #expect(error.code == .pluginFailed, "\(error)")
        #expect(vault.reads.count == 1)
    }

    @Test func `Reads of ever other keys in one another have an end`() async throws {
        let vault = ScriptedVault()
        let fixture = try SourceFixture(vault)
        vault.answer { [resolver = fixture.resolver] _, number in
            try await resolver.getAPIKey(service: Service("other-\(number)"))?.value
        }
        let error = try await failure { try await fixture.resolver.getAPIKey(service: "openai") }
        #expect(error.code == .pluginFailed, "\(error)")
        #expect(vault.reads.count == 64)
    }

    @Test func `A task that outlives the read in which it was begun may ask`() async throws {
        let late = Mutex<Task<String?, any Error>?>(nil)
        let vault = ScriptedVault()
        let (gate, isOver) = AsyncStream<Void>.makeStream()
        let fixture = try SourceFixture(vault)
        vault.answer { [resolver = fixture.resolver] _, number in
            if number == 1 {
                let task = Task {
                    for await _ in gate { break }
                    return try await resolver.getAPIKey(service: "openai", refresh: true)?.value
                }
                late.withLock { $0 = task }
            }
            return "sk-\(number)"
        }
        #expect(await fixture.outcome() == "sk-1")
        isOver.yield()
        #expect(try await late.withLock { $0 }?.value == "sk-2")
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
