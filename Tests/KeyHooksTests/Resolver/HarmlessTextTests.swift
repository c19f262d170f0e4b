import ExtensionHooks
import Foundation
import KeyHooks
import Testing

/// A program that prints what the library says is safe from whoever wrote a path or a name.
struct HarmlessTextTests {
    /// Sets a terminal's title, turns text around, and ends a line where only some programs see it.
    static let hostile = "x\u{1B}]0;pwned\u{7}\u{202E}\u{9B}31m\u{2028}y"

    static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar == "\n"
            case .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    @Test func `An error escapes what acts on a terminal, in every text, and keeps its lines`() {
        struct Cause: ValueFreeError { let description = HarmlessTextTests.hostile }
        let error = KeyResolutionError(
            .unavailable,
            "one\ntwo \(Self.hostile)",
            remedy: "run: \(Self.hostile)",
            underlying: Cause()
        )
        let texts = [
            error.message, error.remedy, "\(error)", String(reflecting: error), error.localizedDescription,
            error.recoverySuggestion ?? "",
        ]
        for text in texts { #expect(Self.isHarmless(text)) }
        #expect(error.message.hasPrefix("one\ntwo x\\u{1b}]0;pwned\\u{7}\\u{202e}"))
    }

    @Test func `An explanation, its warnings, an absence and an origin do so too`() async throws {
        let file = FileManager.default.temporaryDirectory.path + "/keyhooks-\(Self.hostile)-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data("A='x\nOPENAI_API_KEY=sk-1\nB=1 2'\n".utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let configuration = KeyConfiguration(envFiles: [EnvironmentFile(file, isRequired: false), "/dev/null"])
        do {
            _ = try KeyResolver(configuration: configuration, environment: [:])
        } catch {
            #expect(Self.isHarmless("\(error)") && "\(error)".contains("pwned"))
        }
        try Data("OPENAI_API_KEY=sk-1\n".utf8).write(to: URL(fileURLWithPath: file))
        let resolver = try KeyResolver(configuration: configuration, environment: [:])
        let explanation = try resolver.explain(service: "openai")
        #expect(explanation.description.contains("pwned") && Self.isHarmless(explanation.description))
        #expect(explanation.warnings.contains { $0.contains("pwned") })
        for warning in explanation.warnings { #expect(Self.isHarmless(warning)) }
        let key = try await resolver.requireAPIKey(service: "openai")
        let source = try #require(key.provenance?.source.description)
        #expect(source.contains("pwned") && Self.isHarmless(source))
        let absent = await #expect(throws: KeyResolutionError.self) {
            try await resolver.requireAPIKey(service: "groq")
        }
        #expect("\(absent, default: "")".contains("pwned") && Self.isHarmless("\(absent, default: "")"))
    }

    @Test func `A source that was passed over does so too`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme") { call in
                call.skip(HarmlessTextTests.hostile, reason: HarmlessTextTests.hostile)
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let error = await #expect(throws: KeyResolutionError.self) { try await resolver.requireAPIKey(service: "groq") }
        #expect("\(error, default: "")".contains("pwned") && Self.isHarmless("\(error, default: "")"))
    }
}
