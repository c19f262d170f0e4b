internal import DotenvSyntax
internal import Testing

struct RedactionTests {
    private static let secret = "5ecret-v4lue"

    private struct Holder {
        let file: DotenvFile
        let entries: [DotenvEntry]
    }

    private static func file() throws -> DotenvFile {
        try DotenvFile(parsing: "A=\(secret)\nexport B='\(secret)'\nC=\"\(secret)\"\n\(secret)\n")
    }

    @Test
    func printingAndReflectingShowNoValue() throws {
        let file = try Self.file()
        let holder = Holder(file: file, entries: file.entries)
        var dumped = ""
        dump(holder, to: &dumped)
        dump(file, to: &dumped)
        for entry in file.entries { dump(entry, to: &dumped) }
        let shown = [
            dumped, "\(file)", String(reflecting: file), "\(holder)", String(reflecting: holder), "\(file.entries)",
            String(reflecting: file.entries), String(describing: Optional(file)), "\(file.diagnostics)",
        ]
        #expect(shown.allSatisfy { !$0.contains(Self.secret) })
        #expect(dumped.contains("redacted"))
    }

    @Test
    func noMirrorLeadsToAValue() throws {
        let file = try Self.file()
        #expect(!Self.leads(Mirror(reflecting: Holder(file: file, entries: file.entries))))
    }

    private static func leads(_ mirror: Mirror) -> Bool {
        mirror.children.contains { child in
            "\(child.value)".contains(secret) || leads(Mirror(reflecting: child.value))
        }
    }

    /// Lines that are a key, or hold one, in every place an error can be.
    @Test(arguments: [
        "\(secret)", "\(secret) x", "\(secret): x", "'\(secret)'", "'\(secret)'=x", "=\(secret)", "export \(secret) x",
        "A=\"\(secret)", "A='\(secret)", "A='x' \(secret)", "A=\(secret)\0", "\(secret)/+\(secret)=", "-\(secret)=x",
        "A=${\(secret)", "A=${\(secret)}", "A=`\(secret)`", "A=\(secret)\nA=\(secret)",
    ])
    func errorTextHoldsNoValue(text: String) throws {
        let options = DotenvFile.Options(mode: .lenient, expansion: .braces { _ in nil })
        let file = try DotenvFile(parsing: text, options: options)
        #expect(!file.diagnostics.isEmpty)
        var shown = "\(file.diagnostics) \(file) \(file.entries)"
        dump(file.diagnostics, to: &shown)
        do {
            _ = try DotenvFile(parsing: text, options: DotenvFile.Options(expansion: options.expansion))
        } catch {
            dump(error, to: &shown)
            shown += "\(error) \(String(reflecting: error))"
        }
        #expect(!shown.contains(Self.secret))
    }

    @Test
    func aRefusedNameOrValueIsNotShown() {
        var file = DotenvFile()
        for (name, value) in [("\(Self.secret)=", "x"), ("A", "\(Self.secret)\0")] {
            let error = #expect(throws: DotenvError.self) { try file.set(name, to: value) }
            #expect(!String(reflecting: error).contains(Self.secret))
        }
    }

    @Test
    func aWordAloneIsNotAmongTheNames() throws {
        #expect(try Self.file().names == ["A", "B", "C"])
    }
}
