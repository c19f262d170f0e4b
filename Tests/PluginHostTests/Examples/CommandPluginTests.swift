import Foundation
import Testing

@testable import PluginHost

@Suite("The example command-python", .timeLimit(.minutes(2)))
struct CommandPluginTests {
    @Test func `It keeps all rules, with and without a command`() async throws {
        try await withExample("command-python") { example in
            var report = try await example.check()
            #expect(report.isConforming, "\(report.summary)")
            report = try await example.check("{services: {openai: ['printf', 'printed-by-us']}}")
            #expect(report.isConforming, "\(report.summary)")
            #expect(report.outcome(.secrecy) == .passed && report.outcome(.cancel) == .passed, "\(report.summary)")
        }
    }

    @Test func `What the command prints is the key, without a shell`() async throws {
        try await withExample("command-python") { example in
            let section = "{command: ['printf', 'k-{service};$HOME'], services: {groq: ['echo', 'own']}}"
            let answers = try await example.ask("openai", "groq", section: section)
            #expect(answers == ["key k-openai;$HOME", "key own"])
            #expect(try await example.ask("openai") == ["not mine"])
        }
    }

    @Test func `A failure is told by what it is`() async throws {
        try await withExample("command-python") { example in
            func script(_ text: String) -> String { "['sh', '-c', '\(text)']" }
            let section = """
                {exit: {'44': 'not-found'}, services: {
                  a: \(script("exit 44")), b: \(script("echo You are not logged in >&2; exit 1")),
                  c: \(script("echo permission denied sk-0123456789abcdef >&2; exit 1")), d: \(script("exit 9")),
                  e: ['no-such-command-of-keyhooks'], f: ['true'], g: \(script("echo one; echo two")) }}
                """
            let answers = try await example.ask("a", "b", "c", "d", "e", "f", "g", section: section)
            #expect(
                answers == [
                    "not found", "unauthenticated", "permission-denied", "unavailable", "unavailable", "not found",
                    "internal",
                ]
            )
        }
    }

    @Test func `A command that hangs is ended within the deadline`() async throws {
        try await withExample("command-python") { example in
            let begun = ContinuousClock.now
            let section = "{services: {openai: ['sleep', '60'], groq: ['echo', 'k']}}"
            let answers = try await example.ask("groq", "openai", section: section, within: .seconds(3))
            #expect(answers.last == "deadline-exceeded")
            #expect(begun.duration(to: .now) < .seconds(20))
        }
    }
}
