import Foundation
import Testing

@testable import PluginHost

@Suite("The example single-file-swift", .timeLimit(.minutes(5)))
struct JSONKeysPluginTests {
    @Test func `It is built from one file, keeps all rules and reads a file of its owner`() async throws {
        try await withExample("single-file-swift") { example in
            try await example.shell("exec ./plugin/build.sh")
            try await example.shell(
                #"""
                echo '{"openai": "sk-0123456789abcdef", "groq": "", "xai": 7}' > keys.json; chmod 600 keys.json
                cp keys.json wide.json; chmod 644 wide.json; ln -s keys.json link.json; echo '[' > bad.json; chmod 600 bad.json
                """#
            )
            func section(_ name: String) -> String { "{file: '\(example.folder.path)/\(name)'}" }
            var report = try await example.check()
            #expect(report.isConforming, "\(report.summary)")
            report = try await example.check(section("keys.json"))
            #expect(report.isConforming && report.outcome(.secrecy) == .passed, "\(report.summary)")
            let answers = try await example.ask("openai", "groq", "azure", "xai", section: section("keys.json"))
            #expect(answers == ["key sk-0123456789abcdef", "not found", "not found", "invalid-input"])
            #expect(try await example.ask("openai", section: "{file: '~/keys.json'}") == ["key sk-0123456789abcdef"])
            #expect(try await example.ask("openai", section: section("wide.json")) == ["permission-denied"])
            #expect(try await example.ask("openai", section: section("link.json")) == ["unavailable"])
            #expect(try await example.ask("openai", section: section("bad.json")) == ["invalid-input"])
            #expect(try await example.ask("openai") == ["not mine"])
        }
    }
}
