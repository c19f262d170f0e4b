import FuzzSupport
import JSON5Syntax
import KeyHooks
import Synchronization
import Testing

@testable import PluginHost

extension Fuzzing {
    @Suite("Fuzz: the wire")
    struct WireFuzz {
        static let corpus =
            [
                #"{"type":"hello","v":[1],"plugin":{"id":"test","version":"1"},"capabilities":["batch","cancel","progress"]}"#,
                #"{"type":"response","id":"1","ok":{"verdict":"proceed","arguments":{"service":"azure"}}}"#,
                #"{"type":"response","id":"1","error":{"kind":"not-found","cache":{"ttl_ms":1000}}}"#,
                #"{"type":"progress","id":"1","state":"waiting-for-user"}"#,
            ]
            + Canary.values.flatMap { key in
                [
                    #"{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"\#(key)"},"cache":{"ttl_ms":300000,"expires_at":"2026-11-21T03:00:00Z"},"provenance":{"source":"vault","version":"7"}}}"#,
                    #"{"type":"response","id":"1","ok":{"verdict":"replace","outcome":{"key":"\#(key)"}}}"#,
                    #"{"type":"response","id":"1","error":{"kind":"\#(key)","retry_after_ms":5}}"#,
                    #"{"type":"\#(key)"}"#, "\(key)\n", "key: \(key) (prod)",
                    "Key    Value\n---    -----\nkey    \(key)",
                ]
            }

        static let mutator = Mutator(
            tokens: [
                "{", "}", "[", "]", ",", ":", "\"", "\\\"", "\\u0041", "null", "1", "\"type\":", "\"id\":\"1\"",
                "\"response\"", "\"ok\":",
                "\"error\":", "\"kind\":", "\"verdict\":", "\"result\":", "\"key\":", "'", "\n", " ",
            ] + Canary.values,
            brackets: [("{\"a\":", "}"), ("[", "]"), ("\"", "\"")]
        )

        @Test("However the bytes are cut, the lines are the same, and only what is too long is refused")
        func framing() async throws {
            let limit = 300
            try await Fuzzer("framing", corpus: Self.corpus.map { $0 + "\n" } + ["\n\n\r\n"], mutator: Self.mutator)
                .run { input, generator in
                    let whole = input.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
                    let isTooLong = whole.contains { $0.count > limit }
                    var (framing, lines, start) = (LineFraming(limit: limit), [[UInt8]](), 0)
                    do {
                        while start < input.count {
                            let end = Int.random(in: start...min(input.count, start + 50), using: &generator)
                            try framing.take(input[start..<end]) { lines.append(Array($0)) }
                            start = end
                        }
                    } catch is LineFraming.TooLong {
                        try Broken.unless(isTooLong, "a line that is short enough is refused")
                        return
                    }
                    try Broken.unless(!isTooLong, "a line that is too long is taken")
                    try Broken.unless(lines + [framing.rest] == whole, "the lines are others than those written")
                }
        }

        @Test("What is said of a line, or in an answer's own words, holds no key")
        func messages() async throws {
            try await Fuzzer("messages", corpus: Self.corpus, mutator: Self.mutator)
                .run { input, generator in
                    do {
                        let message = try within(.seconds(2), "reading") { try PluginMessage(line: input[...]) }
                        guard case .response(_, let response) = message else { return }
                        try response.check(for: generator.oneIn(2) ? .start : .end)
                        // It knows them from an earlier answer.
                        let mask = SecretRedactor()
                        mask.remember(.array(Canary.values.map { .string($0) }))
                        let result = Result { () throws(PluginError) in
                            try response.answer(plugin: "test", mask: mask)
                        }
                        try Self.check(result)
                    } catch let violation as PluginMessage.Violation {
                        try Canary.check(violation.words, in: "what is wrong with a line")
                        try Broken.unless(violation.words.utf8.count < 2000, "more is said than fits on a screen")
                    }
                }
        }

        private static func check(_ result: Result<PluginAnswer, PluginError>) throws {
            var dumped = "\(result)"
            dump(result, to: &dumped)
            switch result {
            case .failure(let error):
                try Canary.check("\(error) \(error.keyResolutionError()) \(dumped)", in: "an error")
            case .success(.finish(let answer)):
                try Canary.check(
                    "\(answer.source ?? "") \(answer.version ?? "") \(dumped)",
                    in: "where an answer is from"
                )
            case .success: try Canary.check(dumped, in: "an answer")
            }
        }

        private static let logs = Canary.values.flatMap { key in
            [
                "the key is \(key)\n", "\u{1B}[31m\(key)\u{1B}[0m\ntoken=\(key)\n", "x \(key) y\r\n\(key)",
                "\(key)\(key)\n\u{1}\(key)\u{301}\n",
            ]
        }

        private static let disguises = Mutator(
            tokens: Canary.values + [
                "\u{1B}[1;31m", "\u{1B}[", "\u{1B}]0;title\u{7}", "\u{1B}]8;;x\u{1B}\\", "\u{1B}P", "\u{9B}1m",
                "\u{1B}", "\0", "\u{301}",
                "\u{200D}", "\u{8}", "\t", "\n", "\r", " ", "token=", "Bearer ", "\u{9C}", "[hidden]", "…",
            ],
            brackets: [("\u{1B}[31m", "\u{1B}[0m"), ("\u{1B}]", "\u{7}"), ("\"", "\"")],
            sizeLimit: 8192
        )

        @Test(
            "A key that was returned is in no line of the log, whatever stands in and around it and however it is cut"
        )
        func masking() async throws {
            try await Fuzzer("masking", corpus: Self.logs, mutator: Self.disguises)
                .run { input, generator in
                    let mask = SecretRedactor()
                    mask.remember(.object(["key": .array(Canary.values.map { .string($0) })]))
                    let lines = Mutex<[String]>([])
                    let log = StandardErrorLog(id: "test", mask: mask) { line in lines.withLock { $0.append(line) } }
                    var rest = input[...]
                    while !rest.isEmpty {
                        let count = Int.random(in: 1...min(rest.count, 100), using: &generator)
                        try within(.seconds(2), "masking") { log.take(rest.prefix(count)) }
                        rest = rest.dropFirst(count)
                    }
                    log.finish()
                    let text = String(decoding: input, as: UTF8.self)
                    let limit = Int.random(in: 0...400, using: &generator)
                    let shown = lines.withLock(\.self) + log.latest + [mask.mask(text), mask.shown(text, limit: limit)]
                    for line in shown { try Canary.check(line, in: "a line") }
                    for line in shown.dropLast(2) + shown.suffix(1) {
                        try Broken.unless(
                            !line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x9B },
                            "a line acts on the terminal",
                            line
                        )
                    }
                }
        }
    }
}
