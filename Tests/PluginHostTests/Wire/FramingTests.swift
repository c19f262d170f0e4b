import Testing

@testable import PluginHost

@Suite("Lines")
struct FramingTests {
    private func lines(_ text: String, chunk: Int, limit: Int = 8) throws -> (lines: [String], rest: String) {
        var framing = LineFraming(limit: limit)
        var lines: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            try framing.take(bytes[start..<min(start + chunk, bytes.count)]) {
                lines.append(String(decoding: $0, as: UTF8.self))
            }
        }
        return (lines, String(decoding: framing.rest, as: UTF8.self))
    }

    @Test("They are the same however the bytes arrive", arguments: 1...12)
    func chunks(size: Int) throws {
        let result = try lines("ab\n\ncdäef\nlast", chunk: size)
        #expect(result.lines == ["ab", "", "cdäef"])
        #expect(result.rest == "last")
    }

    @Test("The longest that is allowed passes, one byte more does not, with or without an end", arguments: 1...10)
    func limit(size: Int) throws {
        #expect(try lines("12345678\n12345678", chunk: size).lines == ["12345678"])
        #expect(throws: LineFraming.TooLong.self) { try lines("123456789\n", chunk: size) }
        #expect(throws: LineFraming.TooLong.self) { try lines("123456789", chunk: size) }
    }

    @Test(
        "Requests share a line where the plugin can take that, as far as it may be long",
        arguments: [
            (true, [#"{"type":"batch","requests":[{1},{2},{3},{4}]}"# + "\n", "{5}\n"]),
            (false, ["{1}\n", "{2}\n", "{3}\n", "{4}\n", "{5}\n"]),
        ]
    )
    func batch(isOpen: Bool, expected: [String]) {
        var batch = BatchLine(limit: 46, isOpen: isOpen)
        var lines = ["{1}", "{2}", "{3}", "{4}", "{5}"].compactMap { batch.add(Array($0.utf8)) }
        if let last = batch.finish() { lines.append(last) }
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == expected)
        #expect(lines.allSatisfy { $0.count <= 47 })
    }
}
