import Foundation
import KeyHooks
import Testing

/// However wrong a file is, what is said of it is read by people.
struct BoundedTextTests {
    /// A megabyte in which everything is wrong, or one thing in a place of a megabyte.
    static let dotenvs: [(name: String, unit: String, tail: String)] = [
        ("lines without a name", "=\n", ""), ("words that are no names", "a b\n", ""), ("one long name", "A", "='x"),
        ("one long name that is wrong", "A", " x"), ("text after quotes", "A=' x' y\n", ""), ("yaml", "a: b\n", ""),
        ("back-ticks over lines", "A=`\n", ""), ("triple quotes", "A=\"\"\"\n", ""),
        ("NUL", "\0", ""), ("NUL on lines", "\0\n", ""), ("no UTF-8", "A=\u{E9}\n", ""),
    ]

    private static func text(_ unit: String, _ tail: String, isLatin: Bool) -> [UInt8] {
        let text = String(repeating: unit, count: ((1 << 20) - 16) / unit.utf8.count) + tail
        return isLatin ? Array(text.data(using: .isoLatin1) ?? Data()) : Array(text.utf8)
    }

    @Test("What is wrong in a megabyte of dotenv is reported in a few lines", arguments: dotenvs)
    func dotenv(name: String, unit: String, tail: String) async throws {
        try await withFolder { folder in
            let path = try folder.write(".env", Self.text(unit, tail, isLatin: name == "no UTF-8"))
            let error = #expect(throws: KeyResolutionError.self) {
                try KeyResolver(configuration: KeyConfiguration(envFiles: [EnvironmentFile(path)]), environment: [:])
            }
            Self.expectShort(error?.description)
            Self.expectShort(error?.message)
        }
    }

    @Test("So are warnings, in an explanation too", arguments: ["A=1\nA=2\n", "word\n", "A=`x`\n"])
    func warnings(line: String) async throws {
        try await withFolder { folder in
            let count = ((1 << 20) - 16) / line.utf8.count
            let path = try folder.write(".env", String(repeating: line, count: count))
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(path)]),
                environment: [:]
            )
            let explanation = try resolver.explain(service: "openai")
            #expect(explanation.warnings.count == 21)
            #expect(explanation.warnings.last?.contains("more in \(path)") == true)
            Self.expectShort(explanation.description)
        }
    }

    static let configurations: [(String, String)] = [
        ("unknown keys", #""k%":1,"#), ("services that are none", #""?%":1,"#), ("aliases", #""chat%gpt":1,"#),
    ]

    @Test("What is wrong in a megabyte of keyhooks.json is reported in a page", arguments: configurations)
    func configuration(name: String, member: String) async throws {
        try await withFolder { folder in
            for place in ["{%}", "{\"providers\":{%}}", "{\"profiles\":{%}}", "{\"plugins\":{%}}"] {
                let members = (0..<20_000).map { member.replacing("%", with: "\($0)") }.joined()
                let path = try folder.write("keyhooks.json", place.replacing("%", with: members))
                let error = #expect(throws: KeyResolutionError.self) {
                    try KeyResolver(configuration: .read(from: path), environment: [:])
                }
                Self.expectShort(error?.description)
                #expect(error?.description.contains("more in \(path)") == true)
            }
        }
    }

    @Test("Plugins that are not there are reported in a page too")
    func plugins() async throws {
        try await withFolder { folder in
            let members = (0..<20_000).map { "'p\($0)':{plugins:['x\($0)']}" }.joined(separator: ",")
            let path = try folder.write("keyhooks.json", "{providers:{\(members)}}")
            let error = #expect(throws: KeyResolutionError.self) {
                try KeyResolver(configuration: .read(from: path), environment: [:])
            }
            Self.expectShort(error?.description)
            #expect(error?.description.contains("and 19900 more") == true)
        }
    }

    private static func expectShort(_ text: String?, sourceLocation: SourceLocation = #_sourceLocation) {
        let text = text ?? ""
        let lines = text.split(separator: "\n")
        #expect(!text.isEmpty && text.utf8.count < 64 << 10, "\(text.utf8.count) bytes", sourceLocation: sourceLocation)
        #expect(lines.allSatisfy { $0.utf8.count < 1_000 }, sourceLocation: sourceLocation)
    }
}
