import KeyHooks
import Testing

@testable import PluginHost

@Suite("A session of a plugin", .timeLimit(.minutes(5)))
struct SessionTests {
    private static let echo = """
        hello(["batch"])
        for r in requests(): key(r["id"], "value-" + r["arguments"]["service"])
        """

    @Test("Many callers at once share one process, and each gets its own answer")
    func callers() async throws {
        try await withSession(Self.echo) { session in
            let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for number in 0..<100 { group.addTask { (number, try await session.key("s\(number)")) } }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(answers == Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, "key value-s\($0)") }))
            #expect(session.spawnCount == 1)
        }
    }

    @Test("A batch is answered one by one")
    func batch() async throws {
        try await withSession(Self.echo) { session in
            let results = try await session.answers(to: (0..<20).map { .key("s\($0)") })
            #expect(try results.map { try $0.get().summary } == (0..<20).map { "key value-s\($0)" })
        }
    }
}
