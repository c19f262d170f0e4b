import KeyHooks
import Testing

/// Names that are no service's, and what is said to those who give them.
struct ServiceHintTests {
    @Test(arguments: [
        ("openai/gpt-4o", "openai", "/"), ("anthropic/claude-sonnet-4", "anthropic", "/"),
        ("together_ai/meta-llama/Llama-3-70b", "together_ai", "/"), ("Z.AI/glm-5", "z_ai", "/"),
        ("openai:gpt-4o", "openai", ":"), ("google-gla:gemini-2.5-pro", "google_gla", ":"),
        ("openai/sk-proj-4f8a1c9d2e7b6a5f3d0c", "openai", "/"),
    ])
    func `A model behind its service is called one, and not repeated`(
        name: String,
        service: String,
        separator: String
    ) async throws {
        let resolver = try KeyResolver(environment: ["OPENAI_API_KEY": "sk-1"])
        let error = try await failure { try await resolver.resolve(service: Service(name)) }
        #expect(error.code == .invalidService)
        #expect(
            error.description
                == "a service has no '\(separator)' in its id. Is '\(service)' what you mean? "
                + "A service is the part before '\(separator)'."
        )
    }

    @Test func `A service that the configuration adds is known there too`() async throws {
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["acme": ProviderSettings()]),
            environment: [:]
        )
        let error = try await failure { try await resolver.resolve(service: "acme/large-2") }
        #expect(error.remedy.hasPrefix("is 'acme' what you mean?"))
    }

    @Test func `Of an unknown one nothing is repeated that may be a key`() async throws {
        let resolver = try KeyResolver(environment: [:])
        let error = try await failure { try await resolver.resolve(service: "unheard-of/model-of-many-letters") }
        #expect(!error.description.contains("unheard") && error.remedy.hasSuffix("a service is the part before '/'"))
    }

    @Test(arguments: [
        ("OPENAI_API_KEY", "openai"), ("GROK_API_KEY", "xai"), ("HF_TOKEN", "huggingface"),
        ("claude_api_key", "claude"),
        ("API_KEY_GROQ", "groq"), ("xai-token", "xai"), ("ACME_API_KEY", "acme"),
    ])
    func `A variable that is given as a service names its service`(name: String, service: String) async throws {
        #expect(ServiceCatalogue.standard.suggestion(for: Service(name)) == service)
        let error = try await failure { try await KeyResolver(environment: [:]).requireAPIKey(service: Service(name)) }
        let variable = Service(name).id.uppercased()
        #expect(
            error.remedy
                == "did you mean '\(service)'? \(variable) is the name of a variable, not of a service"
        )
        let text = try KeyResolver(environment: [:]).explain(service: Service(name)).description
        #expect(text.hasPrefix("\(Service(name)): no key\n"), "\(text)")
        #expect(text.contains("Did you mean '\(service)'? \(variable) is the name of a variable"), "\(text)")
    }

    @Test(arguments: [
        ("kimi", "KIMI_API_KEY", "kimi_coding"), ("glm", "GLM_API_KEY", "zai"),
        ("palm", "PALM_API_KEY", "google"), ("ydc", "YDC_API_KEY", "youcom"),
    ])
    func `The service that has the variable is named`(id: String, variable: String, owner: String) async throws {
        for value in ["sk-1", ""] {
            let resolver = try KeyResolver(environment: [variable: value])
            let error = try await failure { try await resolver.requireAPIKey(service: Service(id)) }
            #expect(error.code == .absent)
            let isSet = value.isEmpty ? "" : "is set and "
            #expect(
                error.remedy.hasPrefix("did you mean '\(owner)'? \(variable) \(isSet)belongs to it. Otherwise set ")
            )
            #expect(try resolver.explain(service: Service(id)).suggestion == owner)
        }
    }

    @Test(arguments: [
        ("gpt-4o", "openai"), ("o3-mini", "openai"), ("claude-sonnet-4", "anthropic"), ("gemini-2.5-pro", "google"),
        ("grok-4", "xai"), ("deepseek-chat", "deepseek"), ("mistral-large-latest", "mistral"),
        ("command-r-plus", "cohere"),
        ("qwen3-coder", "dashscope"), ("kimi-k2", "moonshot"), ("glm-4.6", "zai"), ("gpt4", "openai"),
    ])
    func `A model that is given as a service names who runs it`(name: String, service: String) async throws {
        #expect(ServiceCatalogue.standard.suggestion(for: Service(name)) == service)
        #expect(ServiceCatalogue.standard.all.contains { $0.service.id == service })
        let error = try await failure { try await KeyResolver(environment: [:]).requireAPIKey(service: Service(name)) }
        #expect(error.remedy.hasPrefix("did you mean '\(service)'? A model is not a service"))
    }

    @Test(arguments: ["gptscript", "geminiscope", "claudette_proxy", "o1js", "whisperer", "grokking", "qwensome"])
    func `A word that only begins like a model names nobody as one`(name: String) {
        let hint = ServiceCatalogue.standard.suggestion(for: Service(name))
        #expect(hint == nil || Service(hint ?? "").id != "openai", "\(hint ?? "")")
    }

    /// Whoever has a token for other things is not sent to a service that takes it as well.
    @Test(arguments: ["GITHUB_TOKEN", "gitlab_", "aws_access_key_id", "vault_token", "npm_token"])
    func `A token that serves other purposes names nobody`(name: String) {
        let meant = ServiceCatalogue.standard.suggestion(for: Service(name))
        #expect(meant == nil || meant == "github" || meant == "gitlab")
    }
}
