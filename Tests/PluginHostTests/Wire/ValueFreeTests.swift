import ExtensionHooks
import KeyHooks
import Testing

@testable import KeyHooksTesting
@testable import PluginHost

/// What a plugin writes on standard output is never quoted, since one typo makes a value of a name.
@Suite("Errors about what a plugin wrote", .timeLimit(.minutes(5)))
struct ValueFreeTests {
    /// Keys that look like keys, and those that look like words.
    static let keys = [
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "correct-horse-battery", "Tr0ub4dor-and-3",
        "sk-proj-abcDEF123456ghiJKL789",
    ]

    static func answer(_ key: String) -> String {
        #"{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"\#(key)"}}}"#
    }

    /// A right answer with one character missing, doubled or replaced by a quote, at every position.
    static func variants(of line: String) -> [String] {
        let characters = Array(line)
        return characters.indices.flatMap { index in
            [[], [characters[index], characters[index]], ["\""]]
                .map { String(characters[..<index] + $0 + characters[(index + 1)...]) }
        }
    }

    /// Six characters of a key or more, if a text shows them.
    static func leak(of key: String, in text: String) -> Bool {
        let characters = Array(key)
        return (0...(characters.count - 6)).contains { text.contains(String(characters[$0..<($0 + 6)])) }
    }

    /// All that is said of a line.
    private static func words(about line: String) -> String? {
        let bytes = Array(line.utf8)
        let mask = SecretRedactor()
        do {
            switch try PluginMessage(line: bytes[...]) {
            case .response(_, let response):
                try response.check(for: .start)
                if let secret = response.secret { mask.remember(secret) }
                let answer = try response.answer(plugin: "test", mask: mask)
                _ = try PluginKeySource.reading(of: answer, from: "test")
                return nil
            default: return nil
            }
        } catch let violation as PluginMessage.Violation {
            return "\(violation) \(violation.words) \(String(reflecting: violation))"
        } catch let error as PluginError {
            return "\(error) \(error.keyResolutionError())"
        } catch {
            return "\(error)"
        }
    }

    @Test("One wrong character, and no part of the key is reported", arguments: keys)
    func typos(key: String) {
        var refused = 0
        for line in Self.variants(of: Self.answer(key)) {
            guard let words = Self.words(about: line) else { continue }
            refused += 1
            #expect(!Self.leak(of: key, in: words), "\(words.replacing(key, with: "KEY"))")
        }
        #expect(refused > 150)
    }

    @Test("A key in the place of any other text is not told", arguments: keys)
    func misplaced(key: String) {
        let lines = [
            #"{"type":"KEY"}"#, #"{"KEY":"KEY","KEY":1}"#, #"{"type":"response","id":"KEY"}"#,
            #"{"type":"response","id":"1","ok":{"verdict":"KEY"}}"#,
            #"{"type":"response","id":"1","error":{"kind":"KEY"}}"#,
            #"{"type":"response","id":"1","ok":{"verdict":"proceed","arguments":{"service":"KEY="}}}"#,
            #"{"type":"progress","state":"KEY"}"#, "KEY", "KEY\n", "looked up\nKEY", "KEY (prod)", #""KEY""#,
            "[\"KEY\"]", "{'type': 'response', 'KEY': 'KEY'}", "key  KEY", "{KEY", #"{"id":KEY}"#,
        ]
        for line in lines {
            let text = line.replacing("KEY", with: key)
            let words = Self.words(about: text)
            #expect(words != nil, "\(line)")
            #expect(!Self.leak(of: key, in: words ?? ""), "\(line)")
        }
    }

    @Test("Nor does a transcript show it, whatever became of the line around it", arguments: keys)
    func transcript(key: String) {
        let misplaced = [
            #"{"type":"KEY"}"#, #"{"type":"hello","v":["KEY"],"KEY":{"KEY":"KEY"},"capabilities":["KEY"]}"#,
            #"{"type":"response","id":"KEY","ok":{"verdict":"KEY","key":"KEY","cache":{"ttl_ms":"KEY"}}}"#,
            #"{"type":"response","id":"1","ok":{"verdict":"replace","outcome":{"KEY":["KEY",{"kind":"KEY"}]}}}"#,
            #"{"type":"response","id":"1","ok":{"verdict":"proceed","arguments":{"service":"KEY"}}}"#,
            #"{"type":"response","id":"1","error":{"kind":"KEY","retry_after_ms":"KEY"}}"#,
            #"{"type":"progress","id":"1","state":"KEY"}"#, "KEY", #"["KEY"]"#,
        ]
        for line in Self.variants(of: Self.answer(key)) + misplaced.map({ $0.replacing("KEY", with: key) }) {
            let shown = TranscriptLine.received(Array(line.utf8)[...], SecretRedactor())
            #expect(!Self.leak(of: key, in: shown), "\(shown.replacing(key, with: "KEY"))")
        }
        let shown = TranscriptLine.received(Array(Self.answer(key).utf8)[...], SecretRedactor())
        #expect(shown == Self.answer("[hidden]"))
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let line: String
        let words: String
        var testDescription: String { line }
    }

    @Test(
        "An author learns where and what it is",
        arguments: [
            Row(line: "", words: "an empty line; \(PluginMessage.Violation.withoutKey)"),
            Row(line: "  ", words: "a line of blanks; \(PluginMessage.Violation.withoutKey)"),
            Row(
                line: #"{"type:"hello"}"#,
                words: "a line that is not JSON: column 9: put ':' between the key and its value (15 bytes, the first "
                    + "an opening brace)"
            ),
            Row(
                line: "{\"type\":\"hello\",\n x}",
                words: "a line that is not JSON: line 2, column 2: JSON5 will not do: write JSON as RFC 8259 has it "
                    + "(20 bytes, the first an opening brace)"
            ),
            Row(
                line: "{'type': 'hello'}",
                words: "a line that is not JSON: column 2: a single quote: JSON has double quotes only, and a JSON "
                    + "library writes them (17 bytes, the first an opening brace)"
            ),
            Row(
                line: "looking up openai",
                words: "a line that is not a JSON object (17 bytes, the first a letter); write messages alone on "
                    + "standard output, and anything for people on standard error"
            ),
            Row(
                line: #"{"type":"Hello"}"#,
                words: "a message of an unknown type: expected one of hello, response, progress; did it mean 'hello'?"
            ),
            Row(
                line: #"{"type":"response","id":"1","ok":{"verdict":"finnish"}}"#,
                words: "an answer with an unknown verdict: expected one of finish, proceed; did it mean 'finish'?"
            ),
            Row(
                line: #"{"type":"response","id":"1","ok":{}}"#,
                words: "an answer without a verdict: expected finish or proceed"
            ),
            Row(
                line: #"{"type":"hello","type":"hello"}"#,
                words: "a line that is not JSON: column 17: a duplicate key, first on line 1: remove one of the two "
                    + "(31 bytes, the first an opening brace)"
            ),
        ]
    )
    func help(row: Row) {
        let error = #expect(throws: PluginMessage.Violation.self) {
            let message = try PluginMessage(line: Array(row.line.utf8)[...])
            if case .response(_, let response) = message { try response.check(for: .start) }
        }
        #expect(error?.words == row.words)
    }

    @Test("The error of a real plugin names the command that shows what it writes", arguments: keys)
    func realPlugin(key: String) async throws {
        try await withFolder { folder in
            let line = Self.answer(key).replacing("\"type\":", with: "\"type:")
            let plugin = OneshotPlugin(try Script.shell("cat >/dev/null; echo '\(line)'", in: folder))
            let error = try await fault { try await plugin.answer(to: .key("openai")) }
            #expect(error.message.contains("column 9: put ':' between"))
            let told = "\(error) \(error.keyResolutionError())"
            #expect(!Self.leak(of: key, in: told))
            #expect(told.hasSuffix("to see what it writes: keyhooks plugins check test --show-output"))
        }
        try await withSession("hello(); next(requests()); print('''\(key)''', flush=True); time.sleep(60)") { session in
            let error = try await fault { try await session.key("openai") }
            #expect(error.kind == .protocolViolation && !Self.leak(of: key, in: "\(error)"))
            #expect(error.hint?.contains("standard error") == true)
        }
    }

    @Test("A report of a check quotes nothing either", arguments: keys)
    func report(key: String) async throws {
        let report =
            try await ConformancePlugin.python(
                "hello()\nfor r in requests(): print('''\(Self.answer(key).dropLast(2))''', flush=True)"
            )
            .check()
        #expect(report.broken.contains(.strictJSON))
        #expect(!Self.leak(of: key, in: report.summary))
    }
}
