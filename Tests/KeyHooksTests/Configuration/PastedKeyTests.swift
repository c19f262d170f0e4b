import KeyHooks
import Testing

@Suite("A configuration names secrets and never holds them")
struct PastedKeyTests {
    private static let keys = [
        "sk-proj-leakAbC123dEf456GhI789", "sk-ant-api03-leakAbC123dEf456GhI789-xyzAA", "gsk_leak4711AbCdEfGhIjKlMnOp",
        "AIzaSyLeak4711AbCdEfGhIjKlMnOpQrSt", "ghp_leak4711AbCdEfGhIjKlMnOpQrStUvWx", "hvs.leak4711AbCdEfGhIjKlMnOp",
        "s.leak4711AbCdEfGhIjKlMnOp", "AKIALEAK4711EXAMPLE7", "xai-leak4711AbCdEfGhIjKlMnOp",
        "hf_leakAbCdEfGhIjKlMnOpQrStUv", "eyJhbGciOiJIUzI1NiJ9leak.e30.4711", "-----BEGIN PRIVATE KEY-----leak",
        "0leak4711A0leak4711B0leak4711C0", "9f86d081884c7d659a2feaa0c55ad015",
    ]

    /// Where a key may be pasted, as the text around it, and the path that is reported.
    private static let places = [
        ("{plugins: {acme: {token: '", "'}}}", "plugins.acme.token"),
        ("{plugins: {acme: {a: [{b: '", "'}]}}}", "plugins.acme.a[0].b"),
        ("{plugins: {acme: {}}, providers: {openai: {acme: {key: '", "'}}}}", "providers.openai.acme.key"),
        (
            "{plugins: {acme: {}}, profiles: {p: {providers: {openai: {acme: {key: '", "'}}}}}}",
            "profiles.p.providers.openai.acme.key"
        ),
        ("{pluginPath: ['", "']}", "pluginPath[0]"), ("{envFiles: '", "'}", "envFiles"),
        ("{$schema: '", "'}", "$schema"),
    ]

    @Test("A key is refused wherever it is pasted, and not echoed", arguments: keys, places)
    func refused(_ key: String, _ place: (String, String, String)) async throws {
        let found = try await configurationMistakes(in: place.0 + key + place.1)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("1:\(place.0.utf8.count): \(place.2): looks like a key;") == true, "\(found)")
        #expect(found.allSatisfy { !$0.lowercased().contains("leak") && !$0.contains("9f86d081") })
    }

    @Test(
        "Where a word of another kind is expected a key is refused as well, and not echoed",
        arguments: keys,
        ["env: ['", "aliases: ['", "plugins: ['", "ttl: ['", "fallback: ['", "required: ['"]
    )
    func elsewhere(_ key: String, _ setting: String) async throws {
        let found = try await configurationMistakes(in: "{providers: {openai: {\(setting)\(key)']}}}")
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { !$0.lowercased().contains("leak") && !$0.contains("9f86d081") }, "\(found)")
    }

    @Test(
        "A key in place of a name is refused as well, and not echoed",
        arguments: keys,
        [
            ("{'", "': 1}"), ("{plugins: {acme: {'", "': 1}}}"), ("{providers: {'", "': {}}}"),
            ("{providers: {openai: {'", "': 1}}}"), ("{profiles: {'", "': {}}}"), ("{plugins: {'", "': {}}}"),
        ]
    )
    func names(_ key: String, _ place: (String, String)) async throws {
        let found = try await configurationMistakes(in: place.0 + key + place.1)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("1:\(place.0.utf8.count): ") == true, "\(found)")
        #expect(found.allSatisfy { !$0.lowercased().contains("leak") && !$0.contains("9f86d081") }, "\(found)")
    }

    @Test("All keys are reported at once, with what else is wrong")
    func all() async throws {
        let found = try await configurationMistakes(
            in: """
                {
                  plugins: {acme: {token: '\(Self.keys[0])', path: 'team/keys', other: '\(Self.keys[2])'}},
                  providers: {openai: {ttl: 5}},
                }
                """
        )
        #expect(found.map { $0.prefix(4) } == ["2:27", "2:87", "3:29"], "\(found)")
    }

    @Test(
        "What is no key is let through",
        arguments: [
            // URLs, host names and paths.
            "https://bao.example.com:8200", "https://user-7f3a.example.com:8200/v1/secret?version=3",
            "bao-1.prod-eu-west-1.example.com", "ec2-203-0-113-25.compute-1.amazonaws.com",
            "/run/secrets/openbao-token",
            "file:/run/secrets/id-2026-11-21", "env:BAO_TOKEN", "../shared/2026/11/keys.env",
            "C:\\\\Users\\\\me\\\\keys.env",
            "litellm/providers", "ai/{service}/{profile}", "team-a/openai", "s.example.com/team/keys",
            // Ids of roles, and of other things.
            "3b241101-e2bb-4255-8caf-4136c566a962", "59D6D1CA-47BB-4E7E-A40B-8BE3BC5A0BA8",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/openai-AbCdEf",
            "projects/my-project-123456/secrets/openai/versions/7",
            // Models.
            "gpt-4o-mini-2024-07-18", "claude-3-5-sonnet-20241022", "claude-sonnet-4-5-20250929",
            "text-embedding-3-large",
            "meta-llama/Llama-3.3-70B-Instruct-Turbo", "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
            "Qwen/Qwen2.5-Coder-32B-Instruct", "gemini-2.5-flash-preview-04-17", "mistral-large-2411",
            "accounts/fireworks/models/llama-v3p1-405b-instruct", "anthropic.claude-3-5-sonnet-20241022-v2:0",
            // Durations, versions, dates.
            "1h30m", "36500d", "1d2h3m4s500ms", "2026-11-21T11:34:54Z", "1.14.0-beta.2+build.4711",
            // Words and names of variables.
            "Donaudampfschifffahrtsgesellschaft", "aVeryLongNameInCamelCaseForNothing", "sk-team-production-europe",
            "a text of several words with 4711 and 0815 in it", "AZURE_OPENAI_API_KEY_2",
            "MY_VERY_LONG_PROJECT_KEY_V2_EU1",
            "_service_account_v1_", "kv-v2-prod-eu1-team7", "11111111111111111111", "-------------------------",
            "OPENAI_API_KEY_PROD_EU_WEST_1",
        ]
    )
    func taken(_ text: String) async throws {
        for place in Self.places where place.2.contains("acme") {
            _ = try await readConfiguration(place.0 + text + place.1)
        }
        _ = try await readConfiguration("{plugins: {acme: {'\(text)': 1}}}")
    }
}
