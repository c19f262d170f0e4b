import KeyHooks
import Testing

struct CatalogueInvariantTests {
    let all = ServiceCatalogue.standard.all

    @Test func `Every id is valid and normalised, and ids sort`() {
        #expect(all.count >= 200)
        #expect(all.allSatisfy { $0.service.isValid && Service($0.service.id) == $0.service && $0.isListed })
        #expect(all.map(\.service) == all.map(\.service).sorted())
    }

    @Test func `No alias is another's alias or id`() {
        let ids = all.map(\.service) + all.flatMap(\.aliases)
        #expect(Set(ids).count == ids.count)
        for definition in all {
            #expect(definition.aliases.allSatisfy { $0.isValid })
            for alias in definition.aliases {
                #expect(ServiceCatalogue.standard.canonical(alias) == definition.service)
                let asked = ServiceCatalogue.standard.definition(of: alias)
                #expect(asked.service == definition.service && asked.fields == definition.fields)
                #expect(asked.variables.starts(with: definition.variables))
            }
        }
    }

    @Test func `Separate accounts are ids, know each other and share no alias`() {
        let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.service, $0) })
        for definition in all {
            #expect(!definition.separateAccounts.contains(definition.service))
            for other in definition.separateAccounts {
                #expect(byID[other]?.separateAccounts.contains(definition.service) == true, "\(other)")
                #expect(!definition.aliases.contains(other))
            }
        }
    }

    @Test func `Every variable name is well formed and stands once`() {
        for definition in all {
            for list in [definition.variables] + definition.fields.values {
                let names = list.map(\.name)
                #expect(Set(names).count == names.count, "\(definition.service)")
                #expect(names.allSatisfy { $0.wholeMatch(of: /[A-Z0-9][A-Z0-9_]*/) != nil }, "\(definition.service)")
            }
            #expect(!definition.variables.isEmpty)
            #expect(definition.fields.values.allSatisfy { !$0.isEmpty })
        }
    }

    /// A generic name that another service names as its own would cross accounts.
    @Test func `No generic name belongs to another service`() {
        let owned = Dictionary(
            all.flatMap { definition in
                (definition.variables + definition.fields.values.joined())
                    .filter { $0.tier == .service }
                    .map { ($0.name, Set([definition.service])) }
            },
            uniquingKeysWith: { $0.union($1) }
        )
        for definition in all {
            for variable in definition.variables where variable.tier == .generic {
                let owners = owned[variable.name, default: []].subtracting([definition.service])
                #expect(owners.isEmpty, "\(definition.service) reads \(variable.name) of \(owners)")
            }
        }
    }

    /// Such as `openai_api`, whose `<ID>_KEY` would be `OPENAI_API_KEY`.
    @Test func `No unlisted id reaches a listed service's own name by the generic rule`() {
        let names = Set(
            all.flatMap { $0.variables + $0.fields.values.joined() }.filter { $0.tier == .service }.map(\.name)
        )
        for name in names {
            for pattern in Self.patterns {
                guard let id = name.wholeMatch(of: pattern)?.1 else { continue }
                let definition = ServiceCatalogue.standard.definition(of: Service(String(id)))
                guard !definition.isListed else { continue }
                #expect(!definition.variables.contains { $0.name == name }, "\(id) reads \(name)")
            }
        }
    }

    static var patterns: [Regex<(Substring, Substring)>] {
        [/(.+)_API_KEY/, /API_KEY_(.+)/, /(.+)_API_TOKEN/, /(.+)_TOKEN/, /(.+)_KEY/]
    }

    static let guarded = [
        "GITHUB_TOKEN", "GITLAB_TOKEN", "DATABRICKS_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "GOOGLE_APPLICATION_CREDENTIALS", "VAULT_TOKEN",
        "BAO_TOKEN", "OPENBAO_TOKEN",
    ]

    @Test(arguments: guarded)
    func `No unlisted id reaches a shared name by the generic rule`(name: String) {
        for pattern in Self.patterns {
            guard let id = name.wholeMatch(of: pattern)?.1 else { continue }
            let definition = ServiceCatalogue.standard.definition(of: Service(String(id)))
            #expect(!definition.variables.contains { $0.name == name && $0.tier == .generic })
        }
        for definition in all {
            #expect(!definition.variables.contains { $0.name == name && $0.tier != .service })
        }
    }

    @Test(arguments: ["vault", "bao", "openbao", "Vault", "aws_session", "aws_secret_access"])
    func `The tokens of a secret store are never an API key`(id: String) async throws {
        let environment = Dictionary(uniqueKeysWithValues: Self.guarded.map { ($0, "root") })
        let resolver = try KeyResolver(environment: environment)
        #expect(try await resolver.resolve(service: Service(id)).summary == "absent")
    }

    @Test func `A service that a configuration adds is guarded as well`() async throws {
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["vault": ProviderSettings()]),
            environment: ["VAULT_TOKEN": "root", "VAULT_API_KEY": "sk-1"]
        )
        #expect(try await resolver.resolve(service: "vault").summary == "found sk-1")
    }

    @Test(arguments: [
        ("chatgpt", "openai"), ("claude", "anthropic"), ("gemini", "google"), ("google-ai-studio", "google"),
        ("vertex_ai", "google_vertex"), ("azure-openai", "azure"), ("amazon-bedrock", "bedrock"), ("aws", "bedrock"),
        ("nova", "amazon_nova"), ("mistralai", "mistral"), ("grok", "xai"), ("togetherai", "together"),
        ("fireworks-ai", "fireworks"), ("cohere_chat", "cohere"), ("pplx", "perplexity"), ("hf", "huggingface"),
        ("nvidia_nim", "nvidia"), ("moonshotai", "moonshot"), ("kimi-for-coding", "kimi_coding"), ("z.ai", "zai"),
        ("zai-coding-plan", "zai_coding"), ("bigmodel", "zhipu"), ("qwen", "dashscope"), ("doubao", "volcengine"),
        ("hunyuan", "tencent"), ("mimo", "xiaomi"), ("friendliai", "friendli"), ("novita-ai", "novita"),
        ("lambda_ai", "lambda"), ("snowflake-cortex", "snowflake"), ("cloudflare-workers-ai", "cloudflare"),
        ("github", "github_models"), ("vercel", "vercel_ai_gateway"), ("a0_venice", "venice"), ("aimlapi", "aiml"),
        ("llama", "meta"), ("nano-gpt", "nano_gpt"), ("gmicloud", "gmi"), ("solar", "upstage"),
        ("sap-ai-core", "sap"), ("nlpcloud", "nlp_cloud"), ("gradient_ai", "digitalocean"), ("other", "openai_like"),
    ])
    func `An alias of the reference means its service`(alias: String, id: String) {
        #expect(ServiceCatalogue.standard.canonical(Service(alias)) == Service(id))
    }

    @Test(arguments: [
        "ollama", "lm_studio", "lmstudio", "vllm", "llamafile", "docker_model_runner", "lemonade", "llama_cpp",
        "xinference", "oobabooga", "openai_like", "other",
    ])
    func `Local servers need no key but take one`(id: String) async throws {
        #expect(try await KeyResolver(environment: [:]).resolve(service: Service(id)).summary == "not required")
        let first = try #require(ServiceCatalogue.standard.definition(of: Service(id)).variables.first?.name)
        #expect(
            try await KeyResolver(environment: [first: "gate"]).resolve(service: Service(id)).summary == "found gate"
        )
    }

    @Test func `The hosted twin of a local server needs one`() async throws {
        #expect(try await KeyResolver(environment: [:]).resolve(service: "ollama-cloud").summary == "absent")
    }

    @Test(arguments: [
        ("opnai", "openai"), ("antropic", "anthropic"), ("gorq", "groq"), ("opnrouter", "openrouter"),
    ])
    func `A misspelt service has a suggestion`(name: String, meant: String) {
        #expect(ServiceCatalogue.standard.suggestion(for: Service(name)) == meant)
    }

    @Test(arguments: ["openai", "claude", "qqqqqqqqqqqq"])
    func `A known service and one like no other have none`(name: String) {
        #expect(ServiceCatalogue.standard.suggestion(for: Service(name)) == nil)
    }
}
