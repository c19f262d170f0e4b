import KeyHooks
import Testing

struct MistakeTests {
    @Test(arguments: [
        ("{envFile: '.env'}", "1:2: envFile: unknown key. Did you mean 'envFiles'?"),
        ("{\n  providers: {openai: {enf: []}}\n}", "2:24: providers.openai.enf: unknown key. Did you mean 'env'?"),
        ("{zzzzzzzz: 1}", "1:2: zzzzzzzz: unknown key"),
        ("{envFiles: 1}", "1:12: envFiles: expected a string or an array of strings, found a number"),
        ("{envFiles: ['a', 2]}", "1:18: envFiles[1]: expected a string, found a number"),
        ("{envPrecedence: true}", "1:17: envPrecedence: expected one of 'process', 'files', found a boolean"),
        ("{envPrecedence: 'file'}", "expected one of 'process', 'files'. Did you mean 'files'?"),
        ("{hookOrder: ['a//b']}", "1:14: hookOrder[0]: isn't a valid hook id"),
        ("{hookOrder: 1}", "hookOrder: expected a string or an array of strings, found a number"),
        ("{providers: []}", "providers: expected an object, found an array"),
        ("{providers: {openai: []}}", "providers.openai: expected an object, found an array"),
        ("{providers: {openai: {env: 'A B'}}}", "providers.openai.env: expected the name of an environment variable"),
        ("{providers: {openai: {notRequired: 'yes'}}}", "expected true or false, found a string"),
        ("{providers: {'open/ai': {}}}", "isn't a valid service id"),
        ("{providers: {gemini: {}}}", "is an alias: write its settings under 'google'"),
        ("{providers: {acme: {aliases: ['open/ai']}}}", "isn't a valid service id"),
        ("{providers: {acme: {aliases: ['gpt', 'claude']}}}", "'claude' already means 'anthropic'"),
        (
            "{providers: {'my-ai': {}, 'my.ai': {}}}",
            "1:27: providers[\"my.ai\"]: is the same service as an earlier name"
        ),
        ("{plugins: {'acme/hook': {}}}", "isn't a valid plugin id"),
        ("{plugins: {acme: true}}", "plugins.acme: expected an object, found a boolean"),
        ("[]", "expected an object, found an array"),
        ("{envFiles: ['a'] 'b'}", "1:18: "),
        ("{envFiles: ['a'], envFiles: ['b']}", "a duplicate key, first on line 1"),
    ])
    func `A mistake is reported with its place`(text: String, mistake: String) async throws {
        let found = try await configurationMistakes(in: text)
        #expect(found.count == 1)
        #expect(found.first?.contains(mistake) == true, "\(found)")
    }

    @Test func `All mistakes are reported at once, in order`() async throws {
        let found = try await configurationMistakes(
            in: """
                {
                  envPrecedence: 3,
                  provider: {},
                  providers: {openai: {env: ['A B'], x: 1}},
                }
                """
        )
        #expect(found.map { $0.prefix(5) } == ["2:18:", "3:3: ", "4:30:", "4:38:"])
    }

    @Test(arguments: [
        "sk-proj-4711-leak", "leak leak", "", "leak\\u0000", "hf_leakAbCdEfGhIjKlMnOpQrStUv",
        "gsk_leak4711leak4711leak4711", "AIzaSyleak4711leak4711leak4711", "0leak4711leak4711leak4711leak4711",
        "schlüssel", "A=leak",
    ])
    func `A key in place of a variable's name is refused and not echoed`(value: String) async throws {
        let found = try await configurationMistakes(in: "{providers: {openai: {env: ['\(value)']}}}")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("1:29: providers.openai.env[0]: ") == true)
        #expect(found.first?.contains("leak") == false)
    }

    @Test(arguments: [
        "A", "_A", "302AI_API_KEY", "openai_api_key", "Azure_OpenAI_Api_Key_Prod",
        "MY_VERY_LONG_PROJECT_OPENAI_API_KEY_2",
        "npm_config_authtoken",
    ])
    func `A name is taken as a name`(name: String) async throws {
        try await withFolder { folder in
            let path = try folder.write("keyhooks.json", "{providers: {openai: {env: ['\(name)']}}}")
            #expect(try KeyConfiguration.read(from: path).providers["openai"]?.env == [name])
        }
    }

    @Test func `A provider's name may be the alias of another in the same file only once`() async throws {
        try await withFolder { folder in
            for text in [
                "{providers: {acme: {aliases: ['zed']}, zed: {}}}",
                "{providers: {zed: {aliases: ['acme']}, acme: {}}}",
                "{providers: {acme: {aliases: ['shared']}, zed: {aliases: ['shared']}}}",
            ] {
                let path = try folder.write("keyhooks.json", text)
                let error = try await failure {
                    try KeyResolver(configuration: .read(from: path), environment: [:])
                }
                #expect(error.code == .invalidConfiguration)
                let isTwice = error.message == "providers.acme and providers.zed are the same service"
                #expect(isTwice || error.message.contains("already means"))
            }
        }
    }

    @Test func `An alias of another service is refused in code as well`() async throws {
        let settings = ProviderSettings(aliases: ["claude"])
        let error = try await failure {
            try KeyResolver(configuration: KeyConfiguration(providers: ["openai": settings]), environment: [:])
        }
        #expect(error.message == "the alias 'claude' already means 'anthropic'")
    }
}
