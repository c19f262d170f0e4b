import ExtensionHooks
import Foundation
import KeyHooks
import Synchronization
import Testing

/// A plugin that is a source: the words that all sources have are read for it.
@Suite(.timeLimit(.minutes(5))) struct SourcePluginTests {
    /// Reads from what stands for a server: the section's address, and the name that the user tells it.
    struct Acme: KeyPlugin, KeySource {
        struct Configuration: Decodable { var address: String }
        struct ServiceSettings: Decodable { var name: String? }
        static let id: PluginID = "acme"
        static let reads = Mutex<[String]>([])
        let address: String

        init(_ configuration: Configuration, in context: PluginContext) throws { address = configuration.address }

        func location(for request: KeyRequest) throws -> String? {
            try "\(address)/\(request.settings(of: Self.self)?.name ?? request.service.id)"
        }

        func read(_ location: String) async throws -> SourceReading<String> {
            Self.reads.withLock { $0.append(location) }
            if location.hasPrefix("down") { throw outage }
            return .found("sk-\(location)")
        }
    }

    private func made(_ text: String, in folder: TemporaryFolder) throws -> KeyResolver {
        try KeyResolver(
            configuration: .read(from: try folder.write("keyhooks.json", text)),
            plugins: [Acme.plugin],
            environment: ["OPENAI_API_KEY": "sk-env"]
        )
    }

    @Test func `It obeys the words of its section without reading them`() async throws {
        try await withFolder { folder in
            let resolver = try made(
                """
                { plugins: { acme: {
                    address: "down", ttl: "1h", negativeTTL: "0s", staleIfError: "2h", failureWindow: ["1s", "9s"],
                    refreshAhead: 0.1, jitter: 0, capacity: 5, timeout: "2s", fallback: "unavailable" } } }
                """,
                in: folder
            )
            let key = try await resolver.getAPIKey(service: "openai")
            #expect(key?.value == "sk-env" && key?.provenance?.skippedSources.map(\.code) == [.unavailable])
            #expect(try resolver.explain(service: "openai").cached.first?.allowsFallback == true)
        }
    }

    @Test func `What the user tells it of a service leads to another location, and an override to another one`()
        async throws
    {
        try await withFolder { folder in
            let resolver = try made(
                #"{ plugins: { acme: { address: "up" } }, providers: { openai: { acme: { name: "team" } } } }"#,
                in: folder
            )
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-up/team")
            #expect(try await resolver.getAPIKey(service: "groq")?.value == "sk-up/groq")
            #expect(
                try await resolver.getAPIKey(service: "openai")?.provenance?.source == .hook("acme", detail: "up/team")
            )
        }
    }

    @Test(
        arguments: [("tll", "ttl"), ("timout", "timeout"), ("stale", "staleIfError"), ("adres", "address")]
    )
    func `A misspelt word of all sources or of its own is recognised`(word: String, meant: String) async throws {
        try await withFolder { folder in
            let text = "{ plugins: { acme: { address: 'up', \(word): '5m' } } }"
            let error = try await failure { try made(text, in: folder) }
            #expect(
                error.message.hasSuffix("plugins.acme.\(word): unknown key. Did you mean '\(meant)'?"),
                "\(error)"
            )
        }
    }

    @Test func `All that is wrong is reported at once, with its place`() async throws {
        try await withFolder { folder in
            let text = """
                { plugins: { acme: { adress: "up", ttl: "soon", timeout: 0, jitter: 2, fallback: "always",
                  failureWindow: ["9s", "1s"], capacity: 0 } } }
                """
            let error = try await failure { try made(text, in: folder) }
            #expect(error.code == .invalidConfiguration)
            for word in ["adress", "ttl", "timeout", "jitter", "fallback", "failureWindow", "capacity"] {
                #expect(error.message.contains("plugins.acme.\(word)"), "\(word): \(error)")
            }
            #expect(error.message.components(separatedBy: "keyhooks.json:").count >= 8, "\(error)")
        }
    }
}
