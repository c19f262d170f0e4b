import KeyHooks
import Testing

/// An alias that was asked for has generic names of its own, behind those of its service.
struct AliasNameTests {
    @Test(arguments: [
        ("a0_venice", "API_KEY_A0_VENICE"), ("a0_venice", "A0_VENICE_API_TOKEN"), ("claude", "CLAUDE_API_KEY"),
        ("other", "API_KEY_OTHER"), ("other", "OTHER_API_TOKEN"), ("nvidia-nim", "API_KEY_NVIDIA_NIM"),
        ("kimi-for-coding", "KIMI_FOR_CODING_API_KEY"), ("lmstudio", "API_KEY_LMSTUDIO"),
    ])
    func `An alias finds the variable made of it, and its service doesn't`(alias: String, variable: String) async throws
    {
        let resolver = try KeyResolver(environment: [variable: "sk-1"])
        #expect(try await resolver.getAPIKey(service: Service(alias))?.value == "sk-1")
        #expect(try resolver.explain(service: Service(alias)).winner?.variable == variable)
        #expect(resolver.isConfigured(Service(alias)))
        let service = resolver.catalogue.canonical(Service(alias))
        #expect(try await resolver.getAPIKey(service: service) == nil)
    }

    @Test func `All names of the service come first`() async throws {
        let definition = ServiceCatalogue.standard.definition(of: "venice")
        let names = ServiceCatalogue.standard.definition(of: "a0-venice").variables.map(\.name)
        #expect(names == definition.variables.map(\.name) + ["API_KEY_A0_VENICE", "A0_VENICE_API_TOKEN"])
        let resolver = try KeyResolver(environment: [
            "VENICE_KEY": "of the service", "API_KEY_A0_VENICE": "of the alias",
        ])
        #expect(try await resolver.getAPIKey(service: "a0_venice")?.value == "of the service")
    }

    @Test func `Two values of one account are reported once, however it is called`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["XAI_API_KEY": "one", "XAI_KEY": "two", "API_KEY_X_AI": "three"],
            onWarning: { warnings.add($0) }
        )
        for service in ["xai", "grok", "x_ai", "xai", "grok"] {
            #expect(try await resolver.getAPIKey(service: Service(service))?.value == "one")
        }
        #expect(warnings.events.map(\.names) == [["XAI_API_KEY", "XAI_KEY"]])
    }

    @Test func `Two values of an alias are reported, once`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["API_KEY_X_AI": "one", "X_AI_API_TOKEN": "two"],
            onWarning: { warnings.add($0) }
        )
        for service in ["xai", "grok", "x_ai", "x-ai"] { _ = try await resolver.getAPIKey(service: Service(service)) }
        #expect(warnings.events.map(\.names) == [["API_KEY_X_AI", "X_AI_API_TOKEN"]])
    }

    @Test(arguments: ["GITHUB_API_TOKEN", "VERCEL_API_TOKEN", "AWS_API_TOKEN"])
    func `An alias leads to no foreign token`(name: String) async throws {
        let resolver = try KeyResolver(environment: [name: "foreign"])
        for alias in ["github", "vercel", "aws"] {
            #expect(try await resolver.resolve(service: Service(alias)).summary == "absent")
        }
    }

    @Test func `Whoever names variables, or none, gets no names of an alias`() async throws {
        let environment = ["GROK_API_KEY": "sk-1", "WORK_AI_API_KEY": "sk-2"]
        for names in [[], ["MY_XAI"]] {
            let settings = ProviderSettings(env: names, aliases: ["work_ai"])
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(providers: ["xai": settings]),
                environment: environment
            )
            for alias in ["grok", "work-ai", "xai"] {
                #expect(try await resolver.resolve(service: Service(alias)).summary == "absent")
            }
        }
    }

    @Test func `An alias of a configuration has names too, under a profile as well`() async throws {
        var configuration = KeyConfiguration(providers: ["xai": ProviderSettings(aliases: ["work_ai"])])
        configuration.profiles["prod"] = KeyProfile(providers: ["xai": ProviderSettings(isKeyRequired: true)])
        let resolver = try KeyResolver(configuration: configuration, environment: ["WORK_AI_API_KEY": "sk-1"])
        for scope in [KeyScope(), KeyScope(profile: "prod")] {
            #expect(try await resolver.resolve(service: "work-ai", scope: scope).summary == "found sk-1")
        }
    }

    /// As pydantic-ai, LangChain, LiteLLM, LibreChat and people's fingers have them.
    @Test(arguments: [
        ("google-gla", "google"), ("google-vertex", "google_vertex"), ("openai-responses", "openai"),
        ("openai-chat", "openai"), ("bedrock_converse", "bedrock"), ("ibm", "watsonx"), ("ibm_watsonx", "watsonx"),
        ("text-completion-openai", "openai"), ("azureOpenAI", "azure"), ("hugging-face", "huggingface"),
        ("open-ai", "openai"), ("deep-seek", "deepseek"), ("Open AI", "openai"), ("AzureOpenAI", "azure"),
        ("google_anthropic_vertex", "google_vertex_anthropic"), ("generic-openai", "openai_like"),
    ])
    func `The id of another tool means the service`(id: String, service: String) {
        #expect(ServiceCatalogue.standard.canonical(Service(id)) == Service(service))
    }
}
