import DotenvSyntax
import FuzzSupport
import Testing

extension Fuzzing {
    @Suite("Fuzz: .env texts")
    struct DotenvFuzz {
        private static let corpus =
            [
                "A=1\nB='two'\nexport C=\"three\\n\\\"\" # why\n\nD: 4\n", "\u{FEFF}A=1\r\nB=\r\nB=2\r\n",
                "A=${B:-${C:-x}}\nB=${A}y\nC='${A}'\nD=$A$(id)`id`\n", "A=\"over\nlines\" # end\nB='it\nis'\nC",
                "export A\nB\n  export\tC = c # c\n=x\nA B=1\n", "A='open\nB=1\nC=\"open\nD=2\nE=\\\n",
                "Ä=1\nA.b-c=2\n1A=3\n", "",
            ] + Canary.values.map { "KEY=\($0)\nQUOTED=\"\($0)\"\nexport SINGLE='\($0)' # \($0)\n\($0)\nX: \($0)\n" }

        private static let mutator = Mutator(
            tokens: [
                "=", "'", "\"", "\n", " #", "#", "$", "${", "${A}", "${A:-", "}", "export ", "A", "A=", "B=\"", "\\\"",
                "\\n", "\\$",
                "KEY", ": ", "`",
            ] + Canary.values,
            brackets: [("${A:-", "}"), ("\"", "\""), ("'", "'"), ("\"\n", "\n\"")]
        )

        private static let expansions: [DotenvFile.Expansion] = [
            .off, .braces { $0 == "A" ? "from outside ${B}" : nil }, .braces(preferring: .file) { _ in nil },
        ]

        @Test("Every mode: reading, rendering, editing, what errors say, time")
        func fuzz() async throws {
            try await Fuzzer("dotenv", corpus: Self.corpus, mutator: Self.mutator)
                .run { input, generator in
                    let expansion = generator.pick(Self.expansions)
                    let strict = try Self.read(input, DotenvFile.Options(expansion: expansion))
                    let lenient = try Self.read(input, DotenvFile.Options(mode: .lenient, expansion: expansion))
                    if let strict {
                        try Broken.unless(
                            lenient.map { Self.bindings($0) == Self.bindings(strict) } ?? false,
                            "what strict mode reads, lenient mode reads otherwise"
                        )
                    }
                    for file in [strict, lenient].compactMap(\.self) {
                        try Self.checkText(file, input)
                        try Self.checkRendering(file)
                        try Self.checkEdits(file, &generator)
                    }
                    if generator.oneIn(100) { try Self.checkTime(input) }
                }
        }

        private static func read(_ input: [UInt8], _ options: DotenvFile.Options) throws -> DotenvFile? {
            do {
                return try within(.seconds(2), "reading") { try DotenvFile(parsing: input, options: options) }
            } catch let error as DotenvError {
                try check(error)
                try checkPlaces(error.diagnostics, input)
                return nil
            }
        }

        private static func check(_ error: DotenvError) throws {
            try Broken.unless(!error.diagnostics.isEmpty, "an error without a reason")
            try Canary.check("\(error)", in: "an error")
            try Canary.check(error.diagnostics.map(\.description).joined(), in: "a diagnostic")
            try Broken.unless("\(error)".utf8.count <= 65_536, "an error is longer than 64 KiB")
        }

        private static func checkPlaces(_ diagnostics: [DotenvDiagnostic], _ input: [UInt8]) throws {
            let lines = input.count { $0 == 0x0A || $0 == 0x0D } + 1
            for diagnostic in diagnostics {
                try Broken.unless(
                    diagnostic.line <= lines && diagnostic.column <= input.count + 1,
                    "a place that is not in the text",
                    "\(diagnostic)"
                )
            }
        }

        private static func checkText(_ file: DotenvFile, _ input: [UInt8]) throws {
            try Broken.unless(file.bytes == input, "the text is not kept")
            try checkPlaces(file.diagnostics, input)
            for entry in file.entries {
                try Broken.unless(!(entry.value ?? "").utf8.contains(0), "a value with a NUL")
            }
        }

        private static func checkPrinted(_ file: DotenvFile) throws {
            var dumped = "\(file) \(String(reflecting: file)) \(file.diagnostics) \(file.entries)"
            dump(file, to: &dumped)
            try Canary.check(dumped, in: "a description")
        }

        private static func checkRendering(_ file: DotenvFile) throws {
            let pairs = file.names.compactMap { name in file[name].map { (name: name, value: $0) } }
            let text = try DotenvFile.render(pairs)
            for expansion in expansions {
                let again = try DotenvFile(parsing: text, options: DotenvFile.Options(expansion: expansion))
                try Broken.unless(
                    bindings(again) == pairs.map { Binding(name: $0.name, value: Array($0.value.utf8)) },
                    "what was rendered is read otherwise",
                    text
                )
            }
        }

        /// A name and the bytes of its value, for texts that differ in normalisation are equal and not the same.
        private struct Binding: Equatable {
            let name: String
            let value: [UInt8]?
        }

        private static func bindings(_ file: DotenvFile) -> [Binding] {
            file.entries.map { Binding(name: $0.name, value: $0.value.map { Array($0.utf8) }) }
        }

        private static func checkEdits(_ file: DotenvFile, _ generator: inout SplitMix64) throws {
            let name = generator.oneIn(4) ? "NEW" : file.entries.randomElement(using: &generator)?.name ?? "A"
            let noise = mutator.input(from: corpus.map { Array($0.utf8) }, using: &generator).prefix(60)
            let value = String(decoding: noise, as: UTF8.self)
            try checkEdit(file, of: name, "set") {
                try $0.set(name, to: value)
            } took: { edited in
                edited[name].map { Array($0.utf8) } == Array(value.utf8)
            }
            try checkEdit(file, of: name, "remove") {
                try $0.remove(name)
            } took: {
                $0.entry(named: name) == nil
            }
        }

        /// An edit changes what it is for and nothing else, or throws and changes nothing at all.
        private static func checkEdit(
            _ file: DotenvFile,
            of name: String,
            _ word: String,
            _ edit: (inout DotenvFile) throws -> Void,
            took hasWorked: (DotenvFile) -> Bool
        ) throws {
            var edited = file
            do {
                try edit(&edited)
            } catch let error as DotenvError {
                try check(error)
                try Broken.unless(edited.bytes == file.bytes, "\(word) throws and changes the text all the same")
                return
            }
            try Broken.unless(hasWorked(edited), "\(word) did not do it", name)
            // With expansion other values may refer to the one that changed.
            guard file.options.expansion.isOff else { return }
            try Broken.unless(
                bindings(edited).filter { $0.name != name } == bindings(file).filter { $0.name != name },
                "\(word) changes another name",
                name
            )
        }

        /// A long text of the input again and again.
        private static func checkTime(_ input: [UInt8]) throws {
            let long = Array(repeatElement(input + [0x0A], count: 65_536 / (input.count + 1)).joined())
            for expansion in expansions {
                for mode in [DotenvFile.Mode.strict, .lenient] {
                    do {
                        let options = DotenvFile.Options(mode: mode, expansion: expansion)
                        _ = try within(.seconds(3), "a long text") { try DotenvFile(parsing: long, options: options) }
                    } catch let error as DotenvError {
                        try check(error)
                    }
                }
            }
        }
    }
}

extension DotenvFile.Expansion {
    /// Whether a value with a reference in it is read as it stands.
    fileprivate var isOff: Bool {
        let options = DotenvFile.Options(expansion: self)
        return (try? DotenvFile(parsing: "A=${A:-x}", options: options))?["A"] == "${A:-x}"
    }
}
