import ExtensionHooks
import Foundation
import KeyHooks
import Testing

/// Stands for a client of a secret store.
private struct Vault: Sendable {
    struct NoToken: Error {}

    init(token: String?) throws {
        if token == nil { throw NoToken() }
    }

    func read(_ path: String) async throws -> String? {
        await Task.yield()
        return ["ai/openai": "sk-openai", "ai/team-a": "sk-team-a"][path]
    }
}

/// A plugin of hooks with settings, compiled and run.
private struct Acme: KeyPlugin {
    struct Configuration: Decodable {
        var path: String
        var timeout: Duration?
    }

    struct ServiceSettings: Decodable { var name: String? }

    static let id: PluginID = "acme"
    let configuration: Configuration
    let vault: Vault

    init(_ configuration: Configuration, in context: PluginContext) throws {
        self.configuration = configuration
        vault = try Vault(token: context.environment["ACME_TOKEN"])
    }

    func register(in hooks: inout HookBundle) {
        hooks.onStart(.getAPIKey, id: HookID(Self.id), deadline: configuration.timeout) { call in
            let own = try call.arguments.settings(of: Self.self)
            let name = own?.name ?? call.arguments.service.id
            guard let secret = try await vault.read("\(configuration.path)/\(name)") else { return }
            call.answer(APIKey(secret))
        }
    }
}

struct KeyPluginExample {
    private func resolver(
        _ text: String,
        environment: [String: String] = ["ACME_TOKEN": "t", "GROQ_API_KEY": "sk-groq"]
    ) async throws -> KeyResolver {
        try await withFolder { folder in
            try KeyResolver(
                configuration: .read(from: try folder.write("keyhooks.json", text)),
                plugins: [Acme.plugin],
                environment: environment
            )
        }
    }

    @Test func answersAsItsSectionSays() async throws {
        let resolver = try await resolver(#"{ "plugins": { "acme": { "path": "ai", "timeout": "30s" } } }"#)
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-openai")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "sk-groq")
    }

    @Test func obeysWhatIsSaidOfAProvider() async throws {
        let resolver = try await resolver(
            """
            { "plugins": { "acme": { "path": "ai" } },
              "providers": { "openai": { "acme": { "name": "team-a" } } } }
            """
        )
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-team-a")
        try resolver.override("openai") { $0["acme"] = ["name": "openai"] }
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-openai")
    }

    @Test func tellsWhatIsWrong() async throws {
        let misspelt = try await failure {
            try await resolver(#"{ "plugins": { "acme": { "path": "ai", "timout": "1s" } } }"#)
        }
        #expect(
            misspelt.message.contains("1:40: plugins.acme.timout: unknown key. Did you mean 'timeout'?"),
            "\(misspelt)"
        )
        let refused = try await failure {
            try await resolver(#"{ "plugins": { "acme": { "path": "ai" } } }"#, environment: [:])
        }
        #expect(refused.message.contains("plugins.acme: the plugin cannot be made ("))
    }
}
