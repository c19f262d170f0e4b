internal import DotenvSyntax
internal import Testing

struct EditPropertyTests {
    @Test(arguments: UInt64(1)...300)
    func settingOneNameLeavesEveryOtherByteAlone(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = generator.text()
        guard var file = try? DotenvFile(parsing: text), let entry = file.entries.randomElement(using: &generator)
        else {
            return
        }
        let before = file
        let value = generator.value()
        try file.set(entry.name, to: value)

        #expect(file[entry.name].map { Array($0.utf8) } == Array(value.utf8), "seed \(seed)")
        #expect(file.entries.count == before.entries.count, "seed \(seed)")
        // The texts are the same before and after one value, which is on the deciding entry's lines.
        let prefix = zip(before.bytes, file.bytes).prefix { $0 == $1 }.count
        let suffix = zip(before.bytes.reversed(), file.bytes.reversed()).prefix { $0 == $1 }.count
        let changed = before.bytes.dropFirst(prefix).dropLast(min(suffix, before.bytes.count - prefix))
        let raw = before.entry(named: entry.name)?.value ?? ""
        #expect(changed.count <= 2 * raw.utf8.count + 4, "seed \(seed)")
        for other in before.entries where other.name != entry.name {
            #expect(file[other.name] == before[other.name], "seed \(seed)")
        }
    }

    @Test(arguments: UInt64(1)...200)
    func anAppendedLineFollowsTheTextAsItIs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        guard var file = try? DotenvFile(parsing: generator.text()) else { return }
        let before = file
        let value = generator.value()
        try file.set("NEW.NAME", to: value)
        #expect(file.bytes.starts(with: before.bytes), "seed \(seed)")
        #expect(file["NEW.NAME"].map { Array($0.utf8) } == Array(value.utf8), "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...200)
    func addingAndRemovingGivesTheTextBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        guard var file = try? DotenvFile(parsing: generator.text() + "\nLAST=1\n") else { return }
        let before = file
        try file.set("NEW.NAME", to: generator.value())
        try file.remove("NEW.NAME")
        #expect(file.bytes == before.bytes, "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...200)
    func removingANameRemovesWholeLinesOnly(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        guard var file = try? DotenvFile(parsing: generator.text()),
            let entry = file.entries.randomElement(using: &generator)
        else { return }
        let before = file
        try file.remove(entry.name)
        #expect(!file.entries.contains { $0.name == entry.name }, "seed \(seed)")
        let kept = before.entries.filter { $0.name != entry.name }
        #expect(file.entries.map(\.name) == kept.map(\.name), "seed \(seed)")
        #expect(file.entries.map(\.value) == kept.map(\.value), "seed \(seed)")
    }

    /// Of texts full of quotes some would lose lines; the search must find such, or it proves nothing.
    @Test
    func aLenientRemovalEitherWorksOrChangesNothing() throws {
        var generator = SeededGenerator(seed: 23)
        var refused = 0
        for round in 0..<4_000 {
            let text = generator.quotedText()
            let original = try DotenvFile(parsing: text, options: DotenvFile.Options(mode: .lenient))
            for name in Set(original.entries.map(\.name)) {
                var file = original
                do throws(DotenvError) {
                    try file.remove(name)
                    let kept = original.entries.filter { $0.name != name }
                    #expect(file.entries.map(\.name) == kept.map(\.name), "round \(round)")
                    #expect(file.entries.map(\.value) == kept.map(\.value), "round \(round)")
                } catch {
                    refused += 1
                    #expect(error.diagnostics.map(\.code) == [.editConflict], "round \(round)")
                    #expect(file.bytes == original.bytes, "round \(round)")
                }
            }
        }
        #expect(refused >= 10, "the search found \(refused)")
    }

    @Test(arguments: UInt64(1)...300)
    func aLenientEditEitherWorksOrChangesNothing(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.bytes(upTo: 80)
        guard var file = try? DotenvFile(parsing: bytes, options: DotenvFile.Options(mode: .lenient)) else { return }
        let value = generator.value()
        let name = file.entries.randomElement(using: &generator)?.name ?? "A"
        do {
            try file.set(name, to: value)
            #expect(file[name].map { Array($0.utf8) } == Array(value.utf8), "seed \(seed)")
        } catch {
            #expect(error.diagnostics.map(\.code) == [.editConflict], "seed \(seed)")
            #expect(file.bytes == bytes, "seed \(seed)")
        }
    }
}
