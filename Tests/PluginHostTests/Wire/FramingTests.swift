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

    @Test("Requests of one group share a line as far as it may be long")
    func batch() {
        var batch = BatchLine(limit: 46)
        var lines: [[UInt8]] = []
        for (request, group) in [("{1}", 1), ("{2}", 1), ("{3}", 1), ("{4}", 1), ("{5}", 1), ("{6}", nil), ("{7}", 2)] {
            lines += batch.add(Array(request.utf8), group: group.map(UInt64.init))
        }
        if let last = batch.finish() { lines.append(last) }
        #expect(
            lines.map { String(decoding: $0, as: UTF8.self) } == [
                #"{"type":"batch","requests":[{1},{2},{3},{4}]}"# + "\n", "{5}\n", "{6}\n", "{7}\n",
            ]
        )
        #expect(lines.allSatisfy { $0.count <= 47 })
    }
}
