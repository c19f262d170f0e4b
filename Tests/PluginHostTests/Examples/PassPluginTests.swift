import Foundation
import Testing

@testable import PluginHost

@Suite("The example pass-shell", .timeLimit(.minutes(2)))
struct PassPluginTests {
    @Test func `It keeps all rules, with and without a folder`() async throws {
        try await withExample("pass-shell") { example in
            var report = try await example.check()
            #expect(report.isConforming, "\(report.summary)")
            try await example.shell(
                "mkdir keys && printf 'sk-0123456789abcdef\\n' > keys/openai && chmod 600 keys/openai"
            )
            report = try await example.check(environment: ["KEYHOOKS_KEY_FOLDER": "\(example.folder.path)/keys"])
            #expect(report.isConforming && report.outcome(.secrecy) == .passed, "\(report.summary)")
        }
    }

    @Test func `A file holds the key of its service`() async throws {
        try await withExample("pass-shell") { example in
            try await example.shell(
                #"""
                mkdir keys; cd keys
                printf '%s\nmore\n' 'a"b\c $HOME' > openai; printf plain > groq; : > empty; chmod 600 *
                echo open > wide; chmod 644 wide
                """#
            )
            let environment = ["KEYHOOKS_KEY_FOLDER": "\(example.folder.path)/keys"]
            let answers = try await example.ask(
                "openai",
                "groq",
                "empty",
                "wide",
                "none",
                "../x",
                environment: environment
            )
            #expect(
                answers == [
                    #"key a"b\c $HOME"#, "key plain", "not found", "permission-denied", "not found", "not mine",
                ]
            )
            let gone = ["KEYHOOKS_KEY_FOLDER": "\(example.folder.path)/gone"]
            #expect(try await example.ask("openai", environment: gone) == ["unavailable"])
        }
    }

    @Test func `pass is asked where there is one`() async throws {
        try await withExample("pass-shell") { example in
            try await example.shell(
                #"""
                mkdir bin; cat > bin/pass <<'END'
                #!/bin/sh
                case $2 in
                    team/openai) echo "gpg: a warning" >&2; echo k-1; echo "login: me" ;;
                    team/groq) echo "gpg: decryption failed: No secret key" >&2; exit 2 ;;
                    team/xai) exit 3 ;;
                    *) echo "Error: $2 is not in the password store." >&2; exit 1 ;;
                esac
                END
                chmod 755 bin/pass
                """#
            )
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let environment = ["PATH": "\(example.folder.path)/bin:\(path)", "KEYHOOKS_PASS_PREFIX": "team"]
            let answers = try await example.ask("openai", "groq", "xai", "azure", environment: environment)
            #expect(answers == ["key k-1", "unauthenticated", "unavailable", "not found"])
        }
    }
}
