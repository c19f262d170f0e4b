import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@testable import PluginHost

/// The secret managers of Plugins/Examples; those of vendors with a stand-in for the vendor's program, which needs an
/// account or a desktop.
@Suite("The secret managers of Plugins/Examples", .timeLimit(.minutes(5)))
struct ManagerExampleTests {
    private func withManager(
        _ name: String,
        settings: String = "",
        _ more: [String: String] = [:],
        standIn: (String, String)? = nil,
        _ body: (PluginFixture, ManagedSecrets) async throws -> Void
    ) async throws {
        try await withExample(name) { fixture in
            try fixture.makeFolder("\(fixture.root)/bin")
            if let (command, text) = standIn { try install(text, at: "\(fixture.root)/bin/\(command)") }
            let path = ["PATH": "\(fixture.root)/bin:/usr/local/bin:/usr/bin:/bin"]
            let environment = fixture.environment.merging(path) { $1 }.merging(more) { $1 }
            let host = DropInPlugins(environment: environment)
            let resolver = try fixture.resolver(
                "{managers: {team: {kind: '\(name)', access: 'read-write', timeout: '60s' \(settings)}}}",
                host: host,
                path.merging(more) { $1 }
            )
            try await body(fixture, try resolver.secrets(in: "team"))
            await host.shutdown(atOnce: true)
        }
    }

    private func code(_ body: () async throws -> some Sendable) async -> KeyResolutionError.Code? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? KeyResolutionError)?.code
        }
    }

    @Test("Each keeps the rules of the protocol", arguments: ["jsonstore", "onepassword", "bitwarden", "keyring"])
    func check(name: String) async throws {
        try await withExample(name) { fixture in
            try fixture.makeFolder("\(fixture.root)/bin")
            // A stand-in that has nothing.
            for (command, text) in [
                ("op", #"case $1 in whoami) ;; *) echo "isn't an item in the vault" >&2; exit 1;; esac"#),
                ("bws", "echo '[]'"), ("secret-tool", "exit 1"),
            ] {
                try install("#!/bin/sh\n\(text)\n", at: "\(fixture.root)/bin/\(command)")
            }
            let environment = ["PATH": "\(fixture.root)/bin:/usr/local/bin:/usr/bin:/bin", "HOME": fixture.root]
            let report = try await PluginConformance(environment: environment)
                .check("\(fixture.user)/\(name)", writable: "keyhooks/conformance")
            #expect(report.isConforming, "\(report.summary)")
            #expect(report.outcome(.read) == .passed)
            #expect(report.outcome(.write) == (name == "jsonstore" ? .passed : .notApplicable))
        }
    }

    @Test("Those of vendors have at most 40 lines", arguments: ["onepassword", "bitwarden", "keyring"])
    func short(name: String) async throws {
        try await withExample(name) { fixture in
            let text = try String(contentsOfFile: "\(fixture.user)/\(name)/plugin.py", encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            #expect(lines.count <= 40 && lines.allSatisfy { $0.count <= 120 })
        }
    }

    @Test("jsonstore: keeps the rules of secret managers, loses nothing to two writers, and says why it can't")
    func jsonstore() async throws {
        try await withExample("jsonstore") { fixture in
            let file = "\(fixture.root)/new/store.json"
            try await withManager("jsonstore", settings: ", file: '\(file)'") { (_, secrets) async throws in
                let failing = ManagedSecrets(in: secrets.manager)
                #expect(failing.can(.rotate) && failing.can(.checkAndSet))
                // A folder that isn't mounted isn't an empty one; the first write makes it.
                #expect(await code { try await secrets.read("a") } == .unavailable)
                try await secrets.write(.text("x"), to: "a")
                #expect(await code { try await secrets.write(.fields(["n": "1"]), to: "a") } == nil)
                let check = SecretManagerConformance(of: secrets.manager)
                #expect(await check.failures(absent: "none", writable: "keyhooks/conformance") == [])
                try await withThrowingTaskGroup { group in
                    for field in 1...5 {
                        group.addTask { try await secrets.write("v\(field)", toField: "f\(field)", of: "shared") }
                    }
                    try await group.waitForAll()
                }
                #expect(try await secrets.read("shared")?.content.fieldNames?.count == 5)
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
                #expect(mode?.intValue == 0o600)
                try Data("{".utf8).write(to: URL(fileURLWithPath: file))
                #expect(await code { try await secrets.read("shared") } == .pluginFailed)
                #expect(await secrets.health()?.state == .unreachable)
            }
            try await withManager("jsonstore", settings: ", file: '/proc/nothing/store.json'") {
                (_, secrets) async throws in
                for _ in 1...2 {
                    #expect(
                        await code { try await secrets.read("a", SecretOptions(timeout: .seconds(2))) } == .unavailable
                    )
                }
                #expect(await secrets.health()?.state == .unreachable)
            }
        }
    }

    /// The words and the exit status of `op`, and what they come to.
    @Test(
        "onepassword: what op says is told apart",
        arguments: [
            (#"[ERROR] 2026/11/30 could not read secret 'op://v/i/f': "i" isn't an item in the "v" vault."#, nil),
            (#"[ERROR] 2026/11/30 "v" isn't a vault in this account."#, KeyResolutionError.Code.denied),
            ("[ERROR] 2026/11/30 (403) Forbidden: you do not have access", .denied),
            ("[ERROR] 2026/11/30 You are not currently signed in. Please run `op signin --help`", .unauthenticated),
            ("[ERROR] 2026/11/30 authorization prompt dismissed, please try again", .unauthenticated),
            ("[ERROR] 2026/11/30 dial tcp: lookup my.1password.com: no such host", .unavailable),
        ]
    )
    func onepassword(words: String, expected: KeyResolutionError.Code?) async throws {
        let op = "#!/bin/sh\ncat >&2 <<'END'\n\(words)\nEND\nexit 1\n"
        try await withManager("onepassword", standIn: ("op", op)) { (_, secrets) async throws in
            for _ in 1...2 { #expect(await code { try await secrets.read("v/i/f") } == expected) }
            #expect(await secrets.health()?.state == .unreachable)
        }
    }

    @Test("onepassword: gives a value byte for byte")
    func onepasswordValue() async throws {
        let op = #"""
            #!/bin/sh
            [ "$1" = whoami ] && exit 0
            [ "$1 $2 $3" = "read --no-newline op://team/open ai/credential" ] && printf ' "sk"\\n\n'
            """#
        try await withManager("onepassword", standIn: ("op", op)) { (_, secrets) async throws in
            for _ in 1...2 {
                #expect(try await secrets.read("team/open ai/credential")?.content.text == " \"sk\"\\n\n")
            }
            #expect(await secrets.health() == .healthy)
            #expect(await code { try await secrets.write(.text("x"), to: "a/b/c") } == .unsupported)
        }
    }

    @Test(
        "bitwarden: what bws says is told apart",
        arguments: [
            ("Received error message from server: [401 Unauthorized] {}", KeyResolutionError.Code.unauthenticated),
            (#"Received error message from server: [400 Bad Request] {"error":"invalid_client"}"#, .unauthenticated),
            ("Missing access token", .unauthenticated),
            (#"Received error message from server: [404 Not Found] {"message":"Resource not found."}"#, .denied),
            ("error sending request for url", .unavailable),
        ]
    )
    func bitwarden(words: String, expected: KeyResolutionError.Code?) async throws {
        let bws = "#!/bin/sh\nprintf 'Error:\\n   0: %s\\n' '\(words)' >&2\nexit 1\n"
        try await withManager("bitwarden", standIn: ("bws", bws)) { (_, secrets) async throws in
            for _ in 1...2 { #expect(await code { try await secrets.read("a") } == expected) }
        }
    }

    @Test("bitwarden: finds a secret by its key, lists keys, and refuses what two secrets have")
    func bitwardenValue() async throws {
        let bws = #"""
            #!/bin/sh
            [ "$BWS_ACCESS_TOKEN" = token ] || exit 1
            printf '%s\n' '[{"id":"1","key":"openai","value":" v\n"},{"id":"2","key":"two","value":"a"},{"id":"3","key":"two","value":"b"}]'
            """#
        try await withManager("bitwarden", ["BWS_ACCESS_TOKEN": "token"], standIn: ("bws", bws)) {
            (_, secrets) async throws in
            for _ in 1...2 { #expect(try await secrets.read("openai")?.content.text == " v\n") }
            #expect(try await secrets.read("none") == nil)
            #expect(await code { try await secrets.read("two") } == .pluginFailed)
            #expect(try await secrets.list().map(\.rawValue) == ["openai", "two"])
            #expect(try await secrets.list("t").map(\.rawValue) == ["two"])
        }
    }

    #if os(Linux)
    @Test(
        "keyring: what secret-tool says is told apart",
        arguments: [
            ("exit 1", nil),
            ("echo 'secret-tool: The prompt was dismissed' >&2; exit 1", KeyResolutionError.Code.denied),
            ("echo 'secret-tool: Cannot autolaunch D-Bus without X11' >&2; exit 1", .unavailable),
        ]
    )
    func keyring(script: String, expected: KeyResolutionError.Code?) async throws {
        try await withManager("keyring", standIn: ("secret-tool", "#!/bin/sh\n\(script)\n")) {
            (_, secrets) async throws in
            for _ in 1...2 { #expect(await code { try await secrets.read("a") } == expected) }
        }
    }

    @Test("keyring: gives a value byte for byte")
    func keyringValue() async throws {
        let tool = "#!/bin/sh\n[ \"$*\" = 'lookup service keyhooks name team/a b' ] && printf ' v\\n'\n"
        try await withManager("keyring", standIn: ("secret-tool", tool)) { (_, secrets) async throws in
            #expect(try await secrets.read("team/a b")?.content.text == " v\n")
        }
    }
    #endif

    @Test(
        "A command that isn't there is unavailable, and no absence",
        arguments: ["onepassword", "bitwarden", "keyring"]
    )
    func missing(name: String) async throws {
        try await withManager(name) { (_, secrets) async throws in
            for _ in 1...2 { #expect(await code { try await secrets.read("a/b/c") } == .unavailable) }
        }
    }
}
