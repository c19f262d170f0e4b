import ExtensionHooks
import JSON5Syntax
import KeyHooks
import Testing

/// What people write who come from other tools.
struct PeerWordTests {
    @Test(
        "A key that is referred to in another tool's way is answered with the way to say it here",
        arguments: [
            "${X_KEY}", "$X_KEY", "os.environ/X_KEY", "{env:X_KEY}", "env:X_KEY", "${env:X_KEY}", "{{env.X_KEY}}",
            "${{ secrets.X_KEY }}", "process.env.X_KEY", "%X_KEY%", "$env:X_KEY", "${X_KEY:-sk-leak}",
            "os.getenv(\\\"X_KEY\\\")", "X_KEY",
        ],
        ["apiKey", "api_key", "key", "token", "api_key_env", "envVar"]
    )
    func key(_ reference: String, _ name: String) async throws {
        let found = try await configurationMistakes(in: "{providers: {openai: {\(name): \"\(reference)\"}}}")
        #expect(found.count == 1, "\(found)")
        let words =
            "providers.openai.\(name): unknown key: write \"env\": [\"X_KEY\"], which names the variable of the key"
        #expect(found.first == "1:23: \(words)")
    }

    @Test func `A reference under any other name is understood as well, and one in env`() async throws {
        let other = try await configurationMistakes(in: "{providers: {openai: {credentials_from: '${X_KEY}'}}}")
        #expect(other.first?.contains("write \"env\": [\"X_KEY\"]") == true, "\(other)")
        let env = try await configurationMistakes(in: "{providers: {openai: {env: ['${MY_KEY}', '$OTHER_TOKEN']}}}")
        #expect(
            env == [
                "1:29: providers.openai.env[0]: expected the name of the variable alone: write \"MY_KEY\"",
                "1:42: providers.openai.env[1]: expected the name of the variable alone: write \"OTHER_TOKEN\"",
            ]
        )
    }

    @Test(
        "What names no variable is answered with the service's own",
        arguments: [("not-needed", "a configuration never holds a key"), ("op://vault/item/field", "aren't followed")]
    )
    func literal(_ value: String, _ words: String) async throws {
        let found = try await configurationMistakes(in: "{providers: {groq: {apiKey: '\(value)'}}}")
        #expect(found.count == 1 && found[0].contains(words), "\(found)")
        #expect(found[0].contains("\"env\": [\"GROQ_API_KEY\"]") && !found[0].contains(value))
    }

    @Test func `A key itself is refused as one, once`() async throws {
        let found = try await configurationMistakes(
            in: "{providers: {openai: {apiKey: 'sk-proj-leakAbC123dEf456GhI789'}}}"
        )
        #expect(found.count == 1 && found[0].contains("looks like a key"), "\(found)")
        #expect(!found[0].contains("leak"))
    }

    @Test(
        "Other tools' words are answered with ours",
        arguments: [
            ("{models: {}}", "models: unknown key. Did you mean 'providers'?"),
            ("{model_list: []}", "model_list: unknown key. Did you mean 'providers'?"),
            ("{dotenv: '.env'}", "dotenv: unknown key. Did you mean 'envFiles'?"),
            ("{secret_managers: {}}", "secret_managers: unknown key. Did you mean 'managers'?"),
            ("{environments: {}}", "environments: unknown key. Did you mean 'profiles'?"),
            ("{providers: {openai: {cache_ttl: '5m'}}}", "cache_ttl: unknown key. Did you mean 'ttl'?"),
            ("{providers: {openai: {backends: 'acme'}}}", "backends: unknown key. Did you mean 'plugins'?"),
            ("{providers: {openai: {optional: true}}}", "optional: unknown key. Did you mean 'notRequired'?"),
            ("{providers: {openai: {base_url: 'http://x'}}}", "base_url: unknown key: keys are all that is configured"),
            ("{providers: {openai: {variables: ['A']}}}", "variables: unknown key. Did you mean 'env'?"),
            (
                "{plugins: {openbao: {}}, providers: {openai: {vault: {path: 'x'}}}}",
                "vault: unknown key. Did you mean 'openbao'?"
            ),
        ]
    )
    func word(_ text: String, _ mistake: String) async throws {
        let found = try await configurationMistakes(in: text)
        #expect(found.count == 1 && found[0].contains(mistake), "\(found)")
    }

    @Test func `A section of a plugin under another tool's name is answered with the plugin's`() async throws {
        let text = "{plugins: {vault: {}}}"
        let configuration = try await readConfiguration(text)
        let error = try await failure {
            try KeyResolver(configuration: configuration, plugins: [Bao.plugin], environment: [:])
        }
        #expect(error.remedy.contains("did you mean 'openbao'?"), "\(error)")
    }

    @Test func `A word that is known where it stands is nobody else's`() async throws {
        #expect(PeerWords.advice(on: "url", known: ["url", "address"]) == .meant("address"))
        #expect(PeerWords.advice(on: "url", known: ["path"]) == nil)
        #expect(PeerWords.meaning(of: "VAULT-ADDR", among: ["address"]) == "address")
        #expect(PeerWords.advice(on: String(repeating: "a", count: 100_000), known: ["address"]) == nil)
    }

    @Test(
        "One string does where a list of strings is taken",
        arguments: ["env: 'MY_KEY'", "env: ['MY_KEY']"]
    )
    func single(_ env: String) async throws {
        let text = "{hookOrder: 'acme', providers: {openai: {\(env), aliases: 'gpt', plugins: 'acme'}}}"
        let configuration = try await readConfiguration(text)
        let settings = try #require(configuration.providers["openai"])
        #expect(settings.env == ["MY_KEY"] && settings.aliases == ["gpt"] && settings.plugins == ["acme"])
        #expect(configuration.hookOrder == ["acme"])
    }
}

/// A plugin of the name that OpenBao's has.
private struct Bao: KeyPlugin {
    struct Configuration: Decodable {}
    static let id: PluginID = "openbao"

    init(_ configuration: Configuration, in context: PluginContext) throws {}
    func register(in hooks: inout HookBundle) {}
}
