import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// A source whose key can be rotated, and whose reads can be held open.
final class RotatingVault: KeySource {
    private struct State {
        var keys: [String: String]
        var reads = 0
        var isHolding = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ keys: [String: String] = ["openai": "k1"]) { state = Mutex(State(keys: keys)) }

    var reads: Int { state.withLock { $0.reads } }
    var heldCount: Int { state.withLock { $0.held.count } }

    func rotate(_ service: Service = "openai", to key: String) { state.withLock { $0.keys[service.id] = key } }
    func hold() { state.withLock { $0.isHolding = true } }

    func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// All keys are in one place; what is read is what was there when the read began.
    func location(for request: KeyRequest) -> String? { "bundle" }

    func read(_ location: String) async throws -> SourceReading<[String: String]> {
        let keys = state.withLock { state in
            state.reads += 1
            return state.keys
        }
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        return .found(keys)
    }

    func key(for request: KeyRequest, in content: [String: String]) -> SourceKey {
        .first(of: [request.field ?? request.service.id], in: content)
    }
}

@Suite("Keys that providers reject", .timeLimit(.minutes(5)))
struct FeedbackTests {
    let vault = RotatingVault()

    private func key(_ fixture: SourceFixture, _ service: Service = "openai") async throws -> APIKey {
        try #require(try await fixture.resolver.getAPIKey(service: service))
    }

    @Test func `Fifty calls in flight with a rotated key cost one read`() async throws {
        let fixture = try SourceFixture(vault)
        let old = try await key(fixture)
        vault.rotate(to: "k2")
        let values = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 1...50 {
                group.addTask {
                    let mine = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
                    fixture.resolver.report(.unauthorized, for: mine.value == "k1" ? mine : old)
                    let next = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
                    return next.value
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values == Array(repeating: "k2", count: 50))
        #expect(vault.reads == 2)
        #expect(fixture.resolver.feedbackCounts["team-vault"]?.unauthorized == 50)
        // Those who come late with the old key do not disturb the new one.
        fixture.resolver.report(.unauthorized, for: old)
        #expect(try await key(fixture).value == "k2" && vault.reads == 2)
    }

    @Test func `No thread's copy of a rejected key is given after the report`() async throws {
        let fixture = try SourceFixture(vault)
        for number in 1...50 {
            vault.rotate(to: "k\(number)")
            let old = try #require(try await fixture.resolver.getAPIKey(service: "openai", refresh: number == 1))
            #expect(old.value == "k\(number)")
            // Fills the memo of every group of threads.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...32 { group.addTask { _ = try await fixture.resolver.getAPIKey(service: "openai") } }
                try await group.waitForAll()
            }
            vault.rotate(to: "k\(number + 1)")
            fixture.resolver.report(.unauthorized, for: old)
            #expect(try fixture.resolver.cachedAPIKey(service: "openai") == nil)
            try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 1...32 { group.addTask { try await fixture.resolver.getAPIKey(service: "openai")?.value } }
                for try await value in group { #expect(value == "k\(number + 1)") }
            }
        }
        #expect(vault.reads == 51)
    }

    @Test func `A rejected key is no old value that bridges an outage`() async throws {
        let scripted = ScriptedVault()
        let fixture = try SourceFixture(scripted)
        let old = try await key(fixture)
        fixture.advance(110)
        scripted.fail()
        #expect(await fixture.outcome() == "openai1 stale")
        fixture.resolver.report(.unauthorized, for: old)
        #expect(await fixture.outcome() == "unavailable")
        let reads = scripted.reads.count
        for _ in 1...10 {
            fixture.resolver.report(.unauthorized, for: old)
            #expect(await fixture.outcome() == "unavailable")
        }
        #expect(scripted.reads.count == reads)
    }

    @Test func `The same key again is given, and read at most once in the shortest back-off`() async throws {
        let fixture = try SourceFixture(vault)
        var reads: [Int] = []
        for _ in 1...3 {
            for _ in 1...20 {
                let key = try await key(fixture)
                #expect(key.value == "k1")
                fixture.resolver.report(.unauthorized, for: key)
            }
            _ = try await key(fixture)
            reads.append(vault.reads)
            fixture.advance(1)
        }
        #expect(reads == [2, 3, 4])
        // A rotation within the pause is seen with the next report after it.
        fixture.resolver.report(.unauthorized, for: try await key(fixture))
        vault.rotate(to: "k2")
        #expect(try await key(fixture).value == "k2")
        // And a new key that is rejected is read again at once.
        vault.rotate(to: "k3")
        fixture.resolver.report(.unauthorized, for: try await key(fixture))
        #expect(try await key(fixture).value == "k3")
    }

    @Test func `Two bad keys of one place do not have it read again and again`() async throws {
        let vault = RotatingVault(["openai": "o", "groq": "g"])
        let fixture = try SourceFixture(vault)
        for _ in 1...20 {
            for service in ["openai", "groq"] as [Service] {
                fixture.resolver.report(.unauthorized, for: try await key(fixture, service))
            }
        }
        _ = try await key(fixture)
        #expect(vault.reads == 3)
    }

    @Test func `A read that began before the report brings nothing that is kept`() async throws {
        let fixture = try SourceFixture(vault)
        let old = try await key(fixture)
        // A renewal ahead of the end is under way, with what was there before the rotation.
        fixture.advance(80)
        vault.hold()
        #expect(try await key(fixture).value == "k1")
        try await until { vault.heldCount == 1 }
        vault.rotate(to: "k2")
        fixture.resolver.report(.unauthorized, for: old)
        async let next = key(fixture)
        try await until { vault.heldCount == 2 }
        vault.release()
        #expect(try await next.value == "k2")
        #expect(try await key(fixture).value == "k2" && vault.reads == 3)
    }

    @Test func `A rotation during the read that a report led to costs no second one`() async throws {
        let fixture = try SourceFixture(vault)
        let old = try await key(fixture)
        vault.rotate(to: "k2")
        fixture.resolver.report(.unauthorized, for: old)
        vault.hold()
        async let first = key(fixture)
        try await until { vault.heldCount == 1 }
        for _ in 1...20 { fixture.resolver.report(.unauthorized, for: old) }
        async let second = key(fixture)
        vault.release()
        #expect(try await [first.value, second.value] == ["k2", "k2"])
        #expect(vault.reads == 2)
    }

    @Test func `Where nothing is kept, what is under way counts as old`() async throws {
        let fixture = try SourceFixture(vault)
        let old = try await key(fixture)
        fixture.resolver.invalidateAll()
        vault.hold()
        async let first = key(fixture)
        try await until { vault.heldCount == 1 }
        vault.rotate(to: "k2")
        fixture.resolver.report(.unauthorized, for: old)
        async let second = key(fixture)
        try await until { vault.heldCount == 2 }
        vault.release()
        #expect(try await [first.value, second.value] == ["k1", "k2"])
        #expect(try await key(fixture).value == "k2")
    }

    @Test func `Named fields are reported as keys are`() async throws {
        let vault = RotatingVault(["region": "eu", "bedrock": "b"])
        let fixture = try SourceFixture(vault)
        let region = try #require(try await fixture.resolver.getSecret(service: "bedrock", field: "region"))
        vault.rotate("region", to: "us")
        fixture.resolver.report(.unauthorized, for: region)
        #expect(try await fixture.resolver.getSecret(service: "bedrock", field: "region")?.value == "us")
        #expect(vault.reads == 2)
    }

    @Test func `What says nothing of the key is counted and changes nothing`() async throws {
        let fixture = try SourceFixture(vault)
        let key = try await key(fixture)
        vault.rotate(to: "k2")
        fixture.resolver.report(.success, for: key)
        fixture.resolver.report(.rateLimited(retryAfter: .seconds(3)), for: key)
        fixture.resolver.report(.rateLimited(), for: APIKey("from nowhere"))
        #expect(try await self.key(fixture).value == "k1" && vault.reads == 1)
        let counts = fixture.resolver.feedbackCounts
        #expect(counts["team-vault"]?.success == 1 && counts["team-vault"]?.rateLimited == 1)
        #expect(counts["team-vault"]?.retryAfter == .seconds(3) && counts["other"]?.retryAfter == nil)
        #expect(counts["other"]?.rateLimited == 1 && counts["team-vault"]?.unauthorized == 0)
    }

    @Test func `A hook is asked again, and a variable of the process stays`() async throws {
        let asked = Mutex(0)
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "hook", filter: .services(["groq"])) { call in
                call.answer(APIKey("g\(asked.withLock { $0 += 1; return $0 })"))
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "o"])
        for (service, expected) in [("groq", "g2"), ("openai", "o")] as [(Service, String)] {
            let key = try #require(try await resolver.getAPIKey(service: service))
            resolver.report(.unauthorized, for: key)
            #expect(try await resolver.getAPIKey(service: service)?.value == expected)
        }
        #expect(resolver.feedbackCounts.keys.sorted() == ["environment", "hook"])
    }

    @Test func `Nothing shows where a key is to be read again, or the key`() async throws {
        let fixture = try SourceFixture(RotatingVault(["openai": "sk-leak"]))
        let key = try await key(fixture)
        fixture.resolver.report(.unauthorized, for: key)
        for text in allTexts(of: key) + allTexts(of: key.provenance as Any) + allTexts(of: fixture.resolver) {
            #expect(!text.contains("leak") && !text.contains("RejectedReadings"))
        }
    }
}
