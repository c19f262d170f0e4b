import ExtensionHooks
import KeyHooks
import Testing

/// Adds hooks under the ids that its section names.
private struct Borrowing: KeyPlugin {
    struct Configuration: Decodable { var ids: [String] }
    static let id: PluginID = "acme"
    let configuration: Configuration

    init(_ configuration: Configuration, in context: PluginContext) { self.configuration = configuration }

    func register(in hooks: inout HookBundle) {
        for id in configuration.ids { hooks.onStart(.getAPIKey, id: HookID(id)) { $0.answer(APIKey("acme")) } }
    }
}

/// A plugin whose id could be no section's name.
private struct Misnamed: KeyPlugin {
    struct Configuration: Decodable {}
    static let id: PluginID = "acme/vault"

    init(_ configuration: Configuration, in context: PluginContext) {}
    func register(in hooks: inout HookBundle) {}
}

@Suite("The ids of plugins and their hooks")
struct PluginIDTests {
    @Test("Hooks called after the plugin are taken", arguments: ["'acme'", "'acme/a'", "'acme', 'acme/a', 'acme/b'"])
    func own(_ ids: String) async throws {
        try await withFolder { folder in
            let text = "{plugins: {acme: {ids: [\(ids)]}}}"
            let resolver = try KeyResolver.made(by: text, plugins: [Borrowing.plugin], in: folder)
            #expect(try await resolver.value("openai") == "acme")
        }
    }

    @Test(
        "A hook under another's id is refused: it would run where its plugin is left out",
        arguments: ["'other'", "'acme', 'other/keys'", "'acme2'", "'acme.x/keys'", "'Acme'"]
    )
    func foreign(_ ids: String) async throws {
        try await withFolder { folder in
            let text = "{plugins: {acme: {ids: [\(ids)]}}}"
            let error = try await failure { try KeyResolver.made(by: text, plugins: [Borrowing.plugin], in: folder) }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.hasPrefix("the plugin 'acme' adds a hook '"), "\(error)")
            #expect(error.remedy == "call the hook 'acme' or 'acme/…'")
        }
    }

    @Test("A hook added twice, and a plugin handed over twice, are refused")
    func twice() async throws {
        try await withFolder { folder in
            for (ids, plugins) in [
                ("'acme', 'acme'", [Borrowing.plugin]), ("'acme'", [Borrowing.plugin, Borrowing.plugin]),
            ] {
                let text = "{plugins: {acme: {ids: [\(ids)]}}}"
                let error = try await failure { try KeyResolver.made(by: text, plugins: plugins, in: folder) }
                #expect(error.code == .invalidConfiguration)
                #expect(error.message.contains("has a hook 'acme' already"), "\(error)")
            }
        }
    }

    @Test("A plugin that adds nothing does not pass for one that is asked")
    func none() async throws {
        try await withFolder { folder in
            let error = try await failure {
                try KeyResolver.made(by: "{plugins: {acme: {ids: []}}}", plugins: [Borrowing.plugin], in: folder)
            }
            #expect(error.message.contains("plugins.acme: there is no plugin of this name"), "\(error)")
        }
    }

    @Test("An id with a slash is refused, since no section could have it")
    func misnamed() async throws {
        let error = try await failure { try KeyResolver(plugins: [Misnamed.plugin], environment: [:]) }
        #expect(error.message == "the id 'acme/vault' of Misnamed isn't a valid plugin id")
    }
}
