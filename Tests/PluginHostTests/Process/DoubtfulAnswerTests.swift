import Foundation
import KeyHooks
import Testing

@testable import KeyHooksTesting
@testable import PluginHost

/// An answer without a key says nothing about the key that the plugin had in its hands.
@Suite("Texts of a plugin beside an answer without a key", .timeLimit(.minutes(5)))
struct DoubtfulAnswerTests {
    static let keys = ["correct-horse-battery", "Tr0ub4dor-and-3", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]

    struct Ending: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// What stands in a response besides its type and id.
        let body: String
        /// Sent before the response by a session.
        var progress: String?
    }

    static let endings = [
        Ending(
            testDescription: "an error",
            body: #""error":{"kind":"unauthenticated","message":"got KEY, log in","hint":"run: vault login KEY"}"#
        ),
        Ending(testDescription: "an unavailable source", body: #""error":{"kind":"unavailable","message":"KEY: no"}"#),
        Ending(testDescription: "proceed", body: #""ok":{"verdict":"proceed"}"#),
        Ending(testDescription: "not-found", body: #""error":{"kind":"not-found","message":"KEY"}"#),
        Ending(testDescription: "not-mine", body: #""error":{"kind":"not-mine"}"#),
        Ending(
            testDescription: "no key required",
            body: #""ok":{"verdict":"finish","result":{"not_required":true},"provenance":{"source":"KEY"}}"#
        ),
        Ending(
            testDescription: "progress",
            body: #""error":{"kind":"not-found"}"#,
            progress: #"{"type":"progress","id":"1","state":"waiting-for-user","message":"got KEY, touch it"}"#
        ),
    ]

    /// All that an answer tells people of a plugin's words.
    private func told(_ answer: () async throws -> PluginAnswer) async -> String {
        do {
            if case .finish(let result) = try await answer() { return result.source ?? "" }
            return ""
        } catch let error as PluginError {
            return "\(error) \(error.keyResolutionError())"
        } catch {
            return "\(error)"
        }
    }

    @Test("A one-shot plugin shows no key", arguments: endings.filter { $0.progress == nil }, keys)
    func oneshot(ending: Ending, key: String) async throws {
        for interactive in ["never", "if-available"] {
            try await withFolder { folder in
                let log = Recording<String>()
                let answer = #"{"type":"response","id":"1",\#(ending.body)}"#.replacing("KEY", with: key)
                let body = "cat >/dev/null; echo 'got \(key) from the vault' >&2; sleep 0.05; echo '\(answer)'"
                var launch = try Script.shell(body, in: folder)
                launch.interactive = interactive
                let plugin = OneshotPlugin(launch, log: log.add)
                let told = await told { try await plugin.answer(to: .key("openai")) } + " \(log.events)"
                #expect(!ValueFreeTests.leak(of: key, in: told), "\(told.replacing(key, with: "KEY"))")
                #expect(log.events == ["test: got [\(key.count) characters] from the vault"])
            }
        }
    }

    @Test("Nor does a session, before its answer and after it", arguments: endings, keys)
    func session(ending: Ending, key: String) async throws {
        for interactive in ["never", "if-available"] {
            try await withFolder { folder in
                let log = Recording<String>()
                let answer = #"{"type":"response","id":"1",\#(ending.body)}"#.replacing("KEY", with: key)
                let progress = ending.progress.map { "print('''\($0.replacing("KEY", with: key))''', flush=True)" }
                let body = """
                    hello(["progress"]); next(requests())
                    print("got \(key) from the vault", file=sys.stderr, flush=True)
                    \(progress ?? "")
                    time.sleep(0.05)
                    print('''\(answer)''', flush=True)
                    print("had \(key) from the vault", file=sys.stderr, flush=True)
                    read()
                    """
                var launch = try Script.python(body, in: folder)
                launch.interactive = interactive
                let session = PluginSession(launch, limits: .quick, log: log.add)
                let before = await told { try await session.answer(to: .key("openai")) }
                await session.shutdown()
                let told = "\(before) \(log.events)"
                #expect(!ValueFreeTests.leak(of: key, in: told), "\(told.replacing(key, with: "KEY"))")
                #expect(log.events.contains("test: got [\(key.count) characters] from the vault"))
                #expect(log.events.contains("test: had [\(key.count) characters] from the vault"))
                guard progress != nil else { return }
                #expect(log.events.contains("test: waiting-for-user: got [\(key.count) characters], touch it"))
            }
        }
    }

    @Test("What a session wrote beside such an answer stays hidden once a key was returned", arguments: keys)
    func later(key: String) async throws {
        let body = """
            hello(); r = next(requests()); key(r["id"], "another-key")
            r = next(requests()); fault(r["id"], "not-found")
            r = next(requests()); key(r["id"], "another-key")
            print("had \(key) of another-key", file=sys.stderr, flush=True)
            read()
            """
        let log = Recording<String>()
        try await withSession(body, log: log) { session in
            for _ in 1...3 { _ = try await session.key("openai") }
        }
        #expect(log.events == ["test: had [\(key.count) characters] of [hidden]"])
    }

    @Test("A transcript shows none either", arguments: endings, keys)
    func transcript(ending: Ending, key: String) {
        let lines = [ending.progress, #"{"type":"response","id":"1",\#(ending.body)}"#].compactMap(\.self)
        let mask = SecretRedactor()
        for line in lines {
            let shown = TranscriptLine.received(Array(line.replacing("KEY", with: key).utf8)[...], mask)
            #expect(!ValueFreeTests.leak(of: key, in: shown), "\(shown.replacing(key, with: "KEY"))")
        }
    }

    @Test("A text that is cut shows no half of a key", arguments: keys)
    func cut(key: String) {
        for count in 270..<300 {
            let before = String(repeating: "word ", count: 54) + String(repeating: ".", count: count - 270) + " "
            let shown = SecretRedactor().shown(before + key, limit: 300, .doubtful)
            #expect(!shown.contains(key.prefix(4)), "\(count)")
        }
    }

    @Test(
        "What is plainly for people stays",
        arguments: [
            "log in to the vault", "run: vault login", "run: vault login --method=oidc --with-environment",
            "no such file: /home/me/.config/acme/token.json",
            "set ACME_VAULT_TOKEN, or VAULT_ADDR=http://127.0.0.1:8200",
            "no answer from https://vault-01.eu-west-1.example.com:8200/v1/secret", "permission-denied",
            "acme 1.10.12", "enter WDJB-4JHT at https://github.com/login/device", "touch your key",
        ]
    )
    func words(text: String) {
        #expect(SecretRedactor().maskCarefully(text) == text)
    }

    @Test(
        "What may be a key does not, in a command, a variable or an address neither",
        arguments: keys,
        [
            "KEY", "--with KEY", "--as=KEY", "AS=KEY", "https://x.example/KEY", "https://KEY@x.example/", "'KEY'",
            "(KEY).",
        ]
    )
    func doubts(key: String, text: String) {
        let shown = SecretRedactor().maskCarefully(text.replacing("KEY", with: key))
        #expect(!ValueFreeTests.leak(of: key, in: shown), "\(text)")
    }
}
