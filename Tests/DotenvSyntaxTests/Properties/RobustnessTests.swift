internal import DotenvSyntax
internal import Testing

struct RobustnessTests {
    @Test(arguments: UInt64(1)...400)
    func noBytesCrashIt(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<10 {
            check(generator.bytes(upTo: 120), seed: seed)
        }
    }

    @Test(arguments: UInt64(1)...10)
    func noMutationOfAFixtureCrashesIt(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for row in PublicSuites.all {
            var bytes = Array(row.input.utf8)
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                guard let place = bytes.indices.randomElement(using: &generator) else { break }
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: generator.bytes(upTo: 3), at: place)
                }
            }
            check(bytes, seed: seed)
        }
    }

    private func check(_ bytes: [UInt8], seed: UInt64) {
        for expansion in [DotenvFile.Expansion.off, .braces { $0 == "A" ? "x" : nil }] {
            let strict = try? DotenvFile(parsing: bytes, options: DotenvFile.Options(expansion: expansion))
            let lenient = try? DotenvFile(
                parsing: bytes,
                options: DotenvFile.Options(mode: .lenient, expansion: expansion)
            )
            #expect(lenient?.bytes ?? bytes == bytes, "seed \(seed)")
            // What strict mode accepts, lenient mode reads the same.
            if let strict {
                #expect(strict.entries.map(\.value) == lenient?.entries.map(\.value), "seed \(seed)")
            }
            for entry in lenient?.entries ?? [] {
                #expect(!(entry.value ?? "").utf8.contains(0), "seed \(seed)")
            }
        }
    }
}
