import Foundation
import Testing

/// The code of the README and the articles stands in `Examples` folders, where it is compiled, and some of it run.
@Suite("The code in the documentation")
struct DocumentationTests {
    @Test("Every Swift block is compiled, word for word", arguments: try documents())
    func compiled(document: String) throws {
        for (line, block) in try Self.blocks(in: document) where !Self.isManifest(block) {
            let code = Self.words(block)
            #expect(
                try Self.examples().contains { $0.contains(code) },
                "\(document):\(line): add this block as it stands to a file of Tests/DocumentationTests/Examples"
            )
        }
    }

    @Test("Lines of a manifest are those of the packages that check-consumer.sh builds")
    func manifests() throws {
        let script = Self.root.appendingPathComponent("Tests/Support/check-consumer.sh")
        let built = try String(contentsOf: script, encoding: .utf8)
        var count = 0
        for document in try Self.documents() {
            for (line, block) in try Self.blocks(in: document) where Self.isManifest(block) {
                for match in block.matches(of: /\.(?:package|product)\([^()]*\)/) {
                    let written = match.output.replacing(/name: "\w+"/, with: "name: \"$2\"")
                    #expect(built.contains(written), "\(document):\(line): \(written)")
                    count += 1
                }
            }
        }
        #expect(count >= 4)
    }

    @Test("No block leaves code out")
    func complete() throws {
        for document in try Self.documents() {
            for (line, block) in try Self.blocks(in: document) {
                #expect(!Self.code(block).contains("…"), "\(document):\(line): write the code out")
            }
        }
    }

    @Test("Every symbol that an article links to is declared")
    func symbols() throws {
        let files = ["Sources", "Plugins"].flatMap { Self.files(in: $0, ending: ".swift") }
        let code = try files.map { try Self.text(of: $0) }.joined(separator: "\n")
        let declaration = /\b(?:struct|class|enum|protocol|func|var|let|case|typealias|macro) `?(\w+)/
        var declared = Set(code.matches(of: declaration).map { String($0.output.1) })
        declared.formUnion(["init", "subscript"])
        declared.formUnion(files.compactMap { $0.split(separator: "/").dropFirst().first.map(String.init) })
        for document in try Self.documents() {
            let prose = Self.withoutBlocks(try Self.text(of: document))
            for link in prose.matches(of: /``([\w\/+]+?)(?:\([^`]*|-[^`]*)?``/) {
                let name = link.output.1.split(separator: "/").last.map(String.init) ?? ""
                #expect(declared.contains(name), "\(document): \(link.output.0)")
            }
        }
        #expect(declared.contains("skippedSources") && !declared.contains("failedSources"))
    }

    @Test("Every test that a table of features names exists")
    func namedTests() throws {
        let document = "Plugins/OpenBao/Documentation.docc/Beside-other-clients.md"
        let tests = try Self.files(in: "Tests/OpenBaoTests", ending: ".swift").map { try Self.text(of: $0) }
            .joined(separator: "\n")
        var count = 0
        for line in try Self.text(of: document).split(separator: "\n") where line.hasPrefix("|") {
            guard let name = line.firstMatch(of: /\| "([^"]+)" \|$/)?.output.1 else { continue }
            #expect(tests.contains("\"\(name)\"") || tests.contains("`\(name)`"), "\(name)")
            count += 1
        }
        #expect(count > 60)
    }

    @Test("There are blocks, and code that differs is noticed")
    func sensitive() throws {
        #expect(try Self.documents().count > 20)
        #expect(try Self.documents().flatMap { try Self.blocks(in: $0) }.count > 30)
        #expect(Self.words("let a = f(b)\n") != Self.words("let a = f(c)\n"))
        #expect(Self.words("  let a  // why\n    = b\n") == "let a = b")
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func files(in folder: String, ending suffix: String) -> [String] {
        FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)?
            .compactMap { $0 as? String }
            .filter { $0.hasSuffix(suffix) }
            .map { "\(folder)/\($0)" } ?? []
    }

    private static func text(of document: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(document), encoding: .utf8)
    }

    private static func withoutBlocks(_ text: String) -> String {
        text.components(separatedBy: "```").enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
    }

    /// The README, CONTRIBUTING and all articles, by their paths from the root.
    private static func documents() throws -> [String] {
        let articles = ["Sources", "Plugins"].flatMap { files(in: $0, ending: ".md") }
        return ["README.md", ".github/CONTRIBUTING.md"] + articles.sorted()
    }

    /// Those that are run as well stand beside their tests.
    private static func examples() throws -> [String] {
        try [
            "Tests/DocumentationTests/Examples", "Tests/KeyHooksTests/Examples", "Tests/LiteLLMTests/Examples",
            "Tests/AWSSecretsManagerTests/Documentation",
        ]
        .flatMap { folder in
            try FileManager.default
                .contentsOfDirectory(at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
        }
        .map { words(try String(contentsOf: $0, encoding: .utf8)) }
    }

    private static func blocks(in document: String) throws -> [(line: Int, text: String)] {
        let text = try text(of: document)
        var blocks: [(Int, String)] = []
        var block: (line: Int, lines: [Substring])?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let mark = line.drop { $0 == " " }
            if let open = block, mark.hasPrefix("```") {
                blocks.append((open.line, open.lines.joined(separator: "\n")))
                block = nil
            } else if block != nil {
                block?.lines.append(line)
            } else if mark == "```swift" {
                block = (number + 2, [])
            }
        }
        return blocks
    }

    private static func isManifest(_ block: String) -> Bool { block.hasPrefix(".") }

    /// The text without comments and imports; how it is laid out doesn't matter.
    private static func words(_ text: String) -> String {
        code(text).split(separator: "\n").filter { !$0.hasPrefix("import ") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace) }
            .joined(separator: " ")
    }

    private static func code(_ text: String) -> String {
        text.split(separator: "\n")
            .map { line in
                // A URL in a string is no comment.
                var isInString = false
                var rest = line[...]
                while let character = rest.first {
                    if character == "\"" { isInString.toggle() }
                    if !isInString, rest.hasPrefix("//") { return line[..<rest.startIndex] }
                    rest = rest.dropFirst()
                }
                return line[...]
            }
            .joined(separator: "\n")
    }
}
