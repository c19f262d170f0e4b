internal import DotenvSyntax
internal import Testing

struct RoundTripTests {
    @Test(arguments: UInt64(1)...200)
    func parsingWhatIsRenderedIsTheIdentity(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pairs = (0..<10).map { _ in (name: generator.name(), value: generator.value()) }
        let text = try DotenvFile.render(pairs)
        let expanding = DotenvFile.Options(expansion: .braces { _ in "wrong" })
        for options in [DotenvFile.Options(), DotenvFile.Options(mode: .lenient), expanding] {
            let file = try DotenvFile(parsing: text, options: options)
            #expect(file.entries.map(\.name) == pairs.map(\.name), "seed \(seed)")
            // Bytes are compared: strings that differ in normalisation only are equal.
            #expect(
                file.entries.map { Array(($0.value ?? "").utf8) } == pairs.map { Array($0.value.utf8) },
                "seed \(seed)"
            )
        }
    }

    @Test(arguments: UInt64(1)...200)
    func renderingWhatIsParsedKeepsEveryValue(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let file = try DotenvFile(parsing: generator.text(), options: DotenvFile.Options(mode: .lenient))
        let pairs = file.names.compactMap { name in file[name].map { (name: name, value: $0) } }
        let again = try DotenvFile(parsing: DotenvFile.render(pairs))
        #expect(pairs.allSatisfy { again[$0.name] == $0.value }, "seed \(seed)")
    }
}
