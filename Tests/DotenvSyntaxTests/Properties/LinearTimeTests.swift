internal import DotenvSyntax
internal import Testing

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

@Suite(.serialized)
struct LinearTimeTests {
    /// Texts that make a parser scan again and again if it can be made to.
    struct Shape: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let head: String
        let unit: String
        let tail: String

        init(_ name: String, _ unit: String, head: String = "", tail: String = "") {
            testDescription = name
            self.head = head
            self.unit = unit
            self.tail = tail
        }

        func bytes(_ size: Int) -> [UInt8] {
            let room = size - head.utf8.count - tail.utf8.count
            return Array((head + String(repeating: unit, count: room / unit.utf8.count) + tail).utf8)
        }
    }

    static let shapes = [
        Shape("double quotes", "\""),
        Shape("single quotes", "'"),
        Shape("open double quotes", "A=\"x\n"),
        Shape("open quotes of both kinds", "A=\"x\nB='y\n"),
        Shape("open quotes, then a last one", "A='\n", tail: "x'x"),
        Shape("text after quotes over lines", "A=\"\n\" x\nB='\n' x\n"),
        Shape("backslashes", "\\", head: "A=\""),
        Shape("escaped quotes", "\\\"", head: "A=\""),
        Shape("escaped quotes on lines", "A=\"\\\"\n"),
        Shape("dollars", "${", head: "A="),
        Shape("references", "${A}", head: "B="),
        Shape("references over lines", "${A}\n", head: "B=\"", tail: "\""),
        Shape("nested defaults", "${A:-", head: "B=", tail: "}"),
        Shape("references to one name", "A=${A}x\n"),
        Shape("references forward", "A=${B}\nB=${A}\n"),
        Shape("many names that refer", "A=${Z}\n", tail: "Z=${Y}\nY=${X}\nX=1\n"),
        Shape("one line", "x", head: "A="),
        Shape("one name", "x"),
        Shape("one comment", "#"),
        Shape("blanks", " ", head: "A=x", tail: "y"),
        Shape("blanks and hashes", " #", head: "A=x"),
        Shape("line endings", "\r\n\r"),
        Shape("duplicates", "A=1\n"),
        Shape("declarations", "A\n"),
        Shape("errors", "=\n"),
        Shape("NUL", "\0"),
        Shape("NUL in quotes", "\0\n", head: "A=\"", tail: "\""),
        Shape("non-ASCII", "é日👩"),
    ]

    @Test(arguments: shapes)
    func fourTimesTheTextTakesAboutFourTimesTheTime(shape: Shape) {
        #if DEBUG
        let unit = 32 * 1024
        #else
        let unit = 256 * 1024
        #endif
        let small = shape.bytes(unit)
        let large = shape.bytes(4 * unit)
        let expansion = DotenvFile.Expansion.braces { _ in nil }
        for options in [
            DotenvFile.Options(mode: .lenient),
            DotenvFile.Options(mode: .strict, expansion: expansion),
            DotenvFile.Options(mode: .lenient, expansion: expansion),
        ] {
            // Quadratic is sixteen times; what neither takes long for is not looked at more closely.
            let limit = max(time(small, options) * 10, .milliseconds(400))
            #expect(time(large, options) < limit)
        }
    }

    private func time(_ bytes: [UInt8], _ options: DotenvFile.Options) -> Duration {
        let runs = (0..<2)
            .map { _ in
                let start = processorTime
                _ = try? DotenvFile(parsing: bytes, options: options)
                return processorTime - start
            }
        return runs.min() ?? .zero
    }

    /// What the present thread has used of a processor: other tests run beside this one.
    private var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}
