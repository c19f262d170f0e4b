import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

@Suite("Calls that are tried once more with another key", .timeLimit(.minutes(5)))
struct WithKeyTests {
    /// What a client of a provider throws.
    private struct HTTPError: ProviderRejection, Equatable {
        let status: Int
        var number = 0
        var isUnauthorized: Bool { status == 401 }
    }

    let vault = RotatingVault()

    /// A provider that takes one key.
    private func ask(_ key: APIKey, taking good: String) async throws -> String {
        await Task.yield()
        guard key.value == good else { throw HTTPError(status: 401) }
        return "reply to \(key.value)"
    }

    @Test func `A key that is taken is used once`() async throws {
        let fixture = try SourceFixture(vault)
        let used = Recording<String>()
        let reply = try await fixture.resolver.withAPIKey("chatgpt") { key in
            used.add(key.value)
            return try await ask(key, taking: "k1")
        }
        #expect(reply == "reply to k1" && used.events == ["k1"] && vault.reads == 1)
        #expect(fixture.resolver.feedbackCounts["team-vault"]?.success == 1)
    }

    @Test func `Fifty calls with a rotated key all succeed for one read`() async throws {
        let fixture = try SourceFixture(vault)
        _ = try await fixture.resolver.getAPIKey(service: "openai")
        vault.rotate(to: "k2")
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 1...50 {
                group.addTask {
                    try await fixture.resolver.withAPIKey("openai") { try await ask($0, taking: "k2") }
                }
            }
            for try await reply in group { #expect(reply == "reply to k2") }
        }
        #expect(vault.reads == 2)
    }

    @Test func `Without another key nothing runs twice, and the closure's error is thrown`() async throws {
        let fixture = try SourceFixture(vault)
        let used = Recording<String>()
        await #expect(throws: HTTPError(status: 401, number: 1)) {
            try await fixture.resolver.withAPIKey("openai") { key in
                used.add(key.value)
                throw HTTPError(status: 401, number: used.events.count)
            }
        }
        #expect(used.events == ["k1"] && vault.reads == 2)
    }

    @Test func `A second key that is rejected too ends it with the second error`() async throws {
        let fixture = try SourceFixture(vault)
        let used = Recording<String>()
        await #expect(throws: HTTPError(status: 401, number: 2)) {
            try await fixture.resolver.withAPIKey("openai") { key in
                used.add(key.value)
                vault.rotate(to: "k\(used.events.count + 1)")
                throw HTTPError(status: 401, number: used.events.count)
            }
        }
        #expect(used.events == ["k1", "k2"])
        #expect(try await fixture.resolver.getAPIKey(service: "openai")?.value == "k3")
    }

    @Test func `Other errors end it, and what says unauthorized can be stated`() async throws {
        struct Other: Error {}
        let fixture = try SourceFixture(vault)
        _ = try await fixture.resolver.getAPIKey(service: "openai")
        vault.rotate(to: "k2")
        await #expect(throws: HTTPError(status: 500)) {
            try await fixture.resolver.withAPIKey("openai") { _ in throw HTTPError(status: 500) }
        }
        await #expect(throws: Other.self) { try await fixture.resolver.withAPIKey("openai") { _ in throw Other() } }
        #expect(vault.reads == 1)
        func isOther(_ error: any Error) -> Bool { error is Other }
        let reply = try await fixture.resolver.withAPIKey("openai", isUnauthorized: isOther) { key in
            if key.value == "k1" { throw Other() }
            return key.value
        }
        #expect(reply == "k2")
    }

    @Test func `That the source fails meanwhile is no news beside the rejection`() async throws {
        let scripted = ScriptedVault()
        let fixture = try SourceFixture(scripted)
        await #expect(throws: HTTPError(status: 401)) {
            try await fixture.resolver.withAPIKey("openai") { _ in
                scripted.fail(denial)
                throw HTTPError(status: 401)
            }
        }
    }

    @Test func `Cancellation passes through, and reports nothing`() async throws {
        let fixture = try SourceFixture(vault)
        let task = Task {
            try await fixture.resolver.withAPIKey("openai", isUnauthorized: { _ in true }) { _ in
                try await untilCancelled()
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(fixture.resolver.feedbackCounts["team-vault"] == nil)
    }

    @Test func `A service without a key is an error before anything runs`() async throws {
        let resolver = try KeyResolver(environment: [:])
        for (service, code) in [("ollama", KeyResolutionError.Code.notRequired), ("openai", .absent)] {
            let error = try await failure {
                try await resolver.withAPIKey(Service(service)) { _ in Issue.record("it ran") }
            }
            #expect(error.code == code)
        }
    }

    @Test @MainActor func `The closure stays on the caller's actor, both times`() async throws {
        let fixture = try SourceFixture(vault)
        var runs = 0
        let value = try await fixture.resolver.withAPIKey("openai") { key in
            MainActor.assertIsolated()
            await Task.yield()
            MainActor.assertIsolated()
            runs += 1
            vault.rotate(to: "k2")
            if runs == 1 { throw HTTPError(status: 401) }
            return key.value
        }
        #expect(value == "k2" && runs == 2)
    }

    @Test func `A changed .env is read for the second run`() async throws {
        try await withFolder { folder in
            let file = EnvironmentFile(try folder.write(".env", "OPENAI_API_KEY=old\n"))
            let resolver = try KeyResolver(configuration: KeyConfiguration(envFiles: [file]), environment: [:])
            let reply = try await resolver.withAPIKey("openai") { key in
                try folder.write(".env", "OPENAI_API_KEY=new\n")
                return try await ask(key, taking: "new")
            }
            #expect(reply == "reply to new")
        }
    }
}
