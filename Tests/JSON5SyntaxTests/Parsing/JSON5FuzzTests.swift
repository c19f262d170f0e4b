import FuzzSupport
import JSON5Syntax
import Testing

@Suite("JSON5: hostile bytes")
struct JSON5FuzzTests {
    /// Parses, checks what must hold of any answer, and says whether the bytes were accepted.
    @discardableResult
    private func check(_ bytes: [UInt8]) throws -> Bool {
        let lines = bytes.filter { $0 == 0x0A || $0 == 0x0D }.count + 1
        let node: JSONNode
        do {
            node = try JSONParser.parse(bytes)
        } catch {
            #expect((1...lines).contains(error.position.line))
            #expect((1...bytes.count + 1).contains(error.position.column))
            return false
        }
        guard let output = try? node.jsonBytes() else { return true }
        let again = try JSONParser.parse(output)
        #expect(again == node)
        #expect(try again.jsonBytes() == output)
        return true
    }

    @Test("random bytes", arguments: UInt64(1)...20)
    func randomBytes(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<250 {
            try check(
                (0..<Int.random(in: 0...40, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }
            )
        }
    }

    @Test("random tokens", arguments: UInt64(1)...20)
    func randomTokens(seed: UInt64) throws {
        let tokens = [
            "{", "}", "[", "]", ",", ":", "a", "'b'", "\"c\"", "1", "-", "+", ".5", "0x", "1e9", "//", "/*", "*/", "\n",
            "\r", " ", "\\", "\\u0041", "'", "\"", "null", "true", "NaN", "-Infinity", "é", "\u{2028}", "\u{FEFF}", "😀",
        ]
        var generator = SplitMix64(seed: seed)
        for _ in 0..<250 {
            let text = (0..<Int.random(in: 0...12, using: &generator))
                .map { _ in
                    tokens.randomElement(using: &generator)!
                }
            try check(Array(text.joined().utf8))
        }
    }

    @Test("mutated documents", arguments: UInt64(1)...20)
    func mutations(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let original = Array(JSON5SpecificationTests.kitchenSink.utf8)
        var accepted = 0
        for _ in 0..<60 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = bytes.indices.randomElement(using: &generator)!
                switch Int.random(in: 0...3, using: &generator) {
                case 0: bytes[index] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(bytes.randomElement(using: &generator)!, at: index)
                default: bytes.swapAt(index, bytes.indices.randomElement(using: &generator)!)
                }
            }
            if try check(bytes) { accepted += 1 }
        }
        #expect(accepted > 0, "some mutations hit comments and strings")
    }

    @Test func everyPrefix() throws {
        let bytes = Array(JSON5SpecificationTests.kitchenSink.utf8)
        for length in 0..<bytes.count {
            #expect(try !check(Array(bytes[..<length])))
        }
    }
}
