import Foundation
import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

/// How much there is in an answer is the plugin's choice, and nobody else's loss.
@Suite("An answer of very many lines", .serialized, .timeLimit(.minutes(5)))
struct LongAnswerTests {
    private static let lines = 80_000

    @Test("It holds up neither another call of the session nor a task that only sleeps")
    func others() async throws {
        let body = """
            hello(); waiting = requests(); both = [next(waiting), next(waiting)]
            for r in sorted(both, key=lambda r: r["arguments"]["service"], reverse=True):
                long = "\\n".join("k%05d" % n for n in range(\(Self.lines)))
                key(r["id"], long if r["arguments"]["service"] == "openai" else "short")
            read()
            """
        try await withSession(body) { session in
            _ = try await withThrowingTaskGroup(of: Duration.self) { group in
                let longest = Task.detached { () -> Duration in
                    var longest = Duration.zero
                    while !Task.isCancelled {
                        let begun = ContinuousClock.now
                        try? await Task.sleep(for: .milliseconds(5))
                        longest = max(longest, begun.duration(to: .now))
                    }
                    return longest
                }
                let begun = ContinuousClock.now
                group.addTask {
                    let key = try await session.key("openai")
                    #expect(key.hasPrefix("key k00000"))
                    return begun.duration(to: .now)
                }
                group.addTask {
                    let key = try await session.key("groq")
                    #expect(key == "key short")
                    return begun.duration(to: .now)
                }
                // When each line was compared with each it took 24 s in a release build, and minutes in one like this.
                for try await took in group { #expect(took < .seconds(60)) }
                longest.cancel()
                let gap = await longest.value
                #expect(gap < .seconds(30))
            }
        }
    }

    @Test("Its deadline holds")
    func deadline() async throws {
        let body = """
            hello(); waiting = requests()
            for r in waiting: key(r["id"], "\\n".join("k%05d" % n for n in range(\(Self.lines))))
            """
        try await withSession(body) { session in
            let begun = ContinuousClock.now
            // It may be in time or not; what counts is that the caller is not kept.
            _ = try? await session.key("openai", within: .milliseconds(1500))
            #expect(begun.duration(to: .now) < .seconds(8))
        }
    }

    @Test("Remembering it takes a time that grows with its length and no faster")
    func remembering() {
        func took(_ count: Int) -> Duration {
            let value = JSONNode.string((0..<count).map { "line \($0)" }.joined(separator: "\n"))
            return ContinuousClock()
                .measure {
                    let mask = SecretRedactor()
                    mask.remember(value)
                    for number in 0..<200 { _ = mask.mask("line \(number) of what it writes for people") }
                }
        }
        let (few, many) = (took(10_000), took(80_000))
        // Eight times the lines; by comparing each with each it would be sixty-four times the time.
        #expect(many < few * 30 + .milliseconds(500))
        #expect(many < .seconds(10))
    }

    @Test("Of very many lines the longest are remembered, and the beginning of the whole")
    func remembered() {
        let mask = SecretRedactor()
        let long = (0..<40).map { "a rather long line \($0) of the key" }
        let text = (long + (0..<10_000).map { "k\($0)xy" }).joined(separator: "\n")
        mask.remember(.string(text))
        #expect(mask.withoutReturned("it is \(long[39]).") == "it is [hidden].")
        #expect(mask.withoutReturned("all: \(text) and more") == "all: [hidden]")
    }

    @Test("What is sought in a text and nearly there a thousand times is found, and quickly")
    func search() {
        let sought = Array(repeating: UInt8(ascii: "a"), count: 4000) + [UInt8(ascii: "b")]
        let text = Array(repeating: UInt8(ascii: "a"), count: 200_000) + sought + sought
        let took = ContinuousClock()
            .measure { #expect(SecretRedactor.ByteSearch(sought).starts(in: text) == [200_000, 204_001]) }
        #expect(took < .seconds(5))
        #expect(SecretRedactor.ByteSearch(Array("aab".utf8)).starts(in: Array("aaabaab".utf8)) == [1, 4])
        #expect(SecretRedactor.ByteSearch(Array("aa".utf8)).starts(in: Array("aaaaa".utf8)) == [0, 2])
        #expect(SecretRedactor.ByteSearch(Array("x".utf8)).starts(in: Array("aaaaa".utf8)) == [])
    }
}
