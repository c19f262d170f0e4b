import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

@Suite("What people get to see of a plugin", .timeLimit(.minutes(5)))
struct SecrecyTests {
    @Test(
        "What looks like a key is hidden, ordinary text is not",
        arguments: [
            ("reading sk-proj-abcDEF123456 now", "reading [hidden] now"),
            ("Authorization: Bearer abcdefgh", "Authorization: Bearer [hidden]"),
            ("token=hunter2hunter2", "token=[hidden]"), ("\"api_key\": \"correcthorse\"", "\"api_key\": \"[hidden]\""),
            ("secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfi", "secret_key = [hidden]"),
            ("password=Tr0ub4dor&3xyz!, then", "password=[hidden], then"),
            ("AKIAIOSFODNN7EXAMPLE", "[hidden]"), ("hvs.CAESIJ1234", "[hidden]"),
            ("5f4dcc3b5aa765d61d8327deb882cf99", "[hidden]"),
            ("no route to vault-01.eu-west-1.example.com", nil),
            ("File \"/usr/lib/python3.11/json/decoder.py\", line 355, in raw_decode", nil),
            ("could not reach https://vault.example:8200/v1/secret", nil), ("the key is missing", nil),
            ("a_rather_long_function_name_without_digits failed", nil), ("", nil),
        ]
    )
    func keyLike(text: String, shown: String?) {
        #expect(SecretRedactor().mask(text) == shown ?? text)
    }

    @Test("Values that were returned are hidden wherever they stand, the longer before the shorter")
    func returned() throws {
        let mask = SecretRedactor()
        mask.remember(.object(["key": .string("hunter"), "more": .array([.string("hunter22"), .string("ab")])]))
        mask.remember(.string("first line\nsecond line"))
        #expect(mask.mask("xhunter22x hunter! ab second line") == "x[hidden]x [hidden]! ab [hidden]")
    }

    @Test(
        "A key is hidden as it is given out, without the blanks that it came with",
        arguments: [" hunter2 ", "hunter2\n"]
    )
    func trimmed(key: String) async throws {
        let mask = SecretRedactor()
        mask.remember(.string(key))
        #expect(mask.mask("it is 'hunter2', not ' hunter2 '") == "it is '[hidden]', not ' [hidden] '")
        #expect(!SecretRedactor.hasKey(.object(["key": .string("  ab  ")])))
        let body = """
            hello(); r = next(requests())
            ok = {"verdict": "finish", "result": {"key": " hunter2 "}, "provenance": {"source": "vault/hunter2/x"}}
            send({"type": "response", "id": r["id"], "ok": ok}); read()
            """
        try await withSession(body) { session in
            guard case .finish(let result) = try await session.answer(to: .key("openai")) else {
                Issue.record("it has no result")
                return
            }
            #expect(result.source == "vault/[hidden]/x")
        }
    }

    @Test("A value that was returned is hidden where it would be cut, with a mark on it and with a tab in it")
    func returnedInParts() throws {
        let mask = SecretRedactor()
        mask.remember(.array([.string("correcthorsebattery"), .string("staple\tstaple")]))
        let long = String(repeating: "x", count: 295) + " correcthorsebattery"
        #expect(!mask.shown(long, limit: 300).contains("corr"))
        let twice = "correcthorsebattery " + String(repeating: "x", count: 290) + " correcthorsebattery"
        #expect(!mask.shown(twice, limit: 300).contains("corr"))
        #expect(!mask.mask("correcthorsebattery\u{301}").contains("correct"))
        #expect(mask.shown("staple\tstaple", limit: 300) == "[hidden]")
        let line =
            #"{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"correcthorsebattery"},"#
            + #""provenance":{"source":"\#(String(repeating: "x", count: 190))correcthorsebattery"}}}"#
        guard case .response(_, let response) = try PluginMessage(line: Array(line.utf8)[...]),
            case .finish(let result) = try response.answer(plugin: "test", mask: mask)
        else {
            Issue.record("expected a result")
            return
        }
        #expect(result.source?.contains("corr") == false)
        #expect(result.source?.hasSuffix("x[hidden]") == true)
    }

    @Test("A key that the process was given is hidden as well, and what is no key is not")
    func given() {
        let mask = SecretRedactor()
        mask.remember(environment: ["ACME_TOKEN": "correcthorsebattery", "ACME_ADDRESS": "https://acme.example"])
        let shown = mask.mask("login with correcthorsebattery at https://acme.example")
        #expect(shown == "login with [hidden] at https://acme.example")
    }

    @Test(
        "Nothing reaches the terminal that acts on it",
        arguments: [
            ("\u{1B}[31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{7}text", "text"),
            ("\u{1B}]8;;http://x\u{1B}\\link", "link"),
            ("a\u{9B}2Jb", "ab"), ("a\u{8}\u{7F}b", "ab"), ("a\tb\r", "a b "), ("\u{202E}gnp.exe", "gnp.exe"),
            ("\u{1B}", ""), ("\u{1B}[", ""), ("\u{1B}]never ends", ""), ("\u{1B}(Btext", "Btext"),
            ("ärger 👍", "ärger 👍"),
        ]
    )
    func terminal(text: String, shown: String) {
        #expect(TerminalText.clean(text, limit: 100) == shown)
    }

    @Test("Standard error is handed on line by line, with the plugin's name and without keys")
    func standardError() async throws {
        let body = """
            hello(); r = next(requests()); key(r["id"], "my-own-pass"); r = next(requests())
            print("\\x1b[31mthe key is my-own-pass", file=sys.stderr)
            print("and sk-live-0123456789abcdef", file=sys.stderr)
            sys.stderr.write("no end"); sys.stderr.flush()
            sys.exit(5)
            """
        let log = Recording<String>()
        try await withSession(body, log: log) { session in
            #expect(try await session.key("openai") == "key my-own-pass")
            let error = try await fault { try await session.key("openai") }
            #expect(log.events == ["test: the key is [hidden]", "test: and [hidden]", "test: no end"])
            #expect(
                error.message == "it ended with status 5; its last words: the key is [hidden] | and [hidden] | no end"
            )
        }
    }

    @Test("A plugin that writes without end to standard error is read and cut short")
    func flood() async throws {
        let body = """
            for n in range(20000): sys.stderr.write("line of some length, one of very many\\n")
            sys.stderr.write("x" * 1000000); sys.stderr.flush()
            hello()
            for r in requests(): key(r["id"], "done")
            """
        let log = Recording<String>()
        try await withSession(body, log: log) { session in
            let answer = try await session.key("openai")
            #expect(answer == "key done")
        }
        #expect(log.events.count < 10_000)
        #expect(log.events.last == "test: (it writes more than is shown)")
        #expect(log.events.allSatisfy { $0.utf8.count < 2100 })
    }

    @Test("A plugin's own message is cleaned too")
    func message() async throws {
        let body = """
            hello(); r = next(requests())
            fault(r["id"], "unavailable", message="\\x1b[2Jno answer for sk-live-0123456789abcdef " + "x" * 1000, hint="try\\nagain")
            read()
            """
        try await withSession(body) { session in
            let error = try await fault { try await session.key("openai") }
            #expect(error.message.hasPrefix("no answer for [hidden] …"))
            #expect(error.message.count < 320)
            #expect(error.hint == "try again")
        }
    }

    @Test("A plugin that names the key as its source does not get it shown")
    func source() async throws {
        let body = """
            hello(); r = next(requests())
            ok = {"verdict": "finish", "result": {"key": "my-own-pass"}, "provenance": {"source": "the my-own-pass"}}
            send({"type": "response", "id": r["id"], "ok": ok}); read()
            """
        try await withSession(body) { session in
            guard case .finish(let result) = try await session.answer(to: .key("openai")) else {
                Issue.record("it has no result")
                return
            }
            #expect(result.source == "the [hidden]")
        }
    }

    @Test("A key never shows in what an answer or an error prints")
    func printing() async throws {
        let body = "hello(); r = next(requests()); key(r['id'], 'my-own-pass'); read()"
        try await withSession(body) { session in
            let answer = try await session.answer(to: .key("openai"))
            var dumped = ""
            dump(answer, to: &dumped)
            #expect(!dumped.contains("my-own-pass") && !"\(answer)".contains("my-own-pass"))
        }
    }

    @Test(
        "What a shell says of a variable that is not set is shown; what follows a variable's name otherwise is hidden"
    )
    func missingVariable() {
        let words = "./plugin.sh: 31: ACME_TOKEN: parameter not set"
        #expect(SecretRedactor().mask(words) == words)
        #expect(SecretRedactor().maskCarefully(words) == words)
        #expect(SecretRedactor().mask("ACME_TOKEN: parameters not set") == "ACME_TOKEN: [hidden] not set")
        #expect(SecretRedactor().mask("ACME_TOKEN: parameter/abc") == "ACME_TOKEN: [hidden]")
    }
}
