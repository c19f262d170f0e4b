import KeyHooks
import Testing

struct ResolveTests {
    let environment = ["OPENAI_API_KEY": "sk-1", "ZAI_API_KEY": "zai-1", "302AI_API_KEY": "302-1"]

    @Test(arguments: [
        ("openai", "found sk-1"), ("chatgpt", "found sk-1"), ("Open-AI", "found sk-1"), ("OpenAI", "found sk-1"),
        ("Z.AI", "found zai-1"), ("302ai", "found 302-1"), ("ollama", "not required"), ("groq", "absent"),
    ])
    func `A service resolves to an answer`(name: String, summary: String) async throws {
        let resolver = try KeyResolver(environment: environment)
        #expect(try await resolver.resolve(service: Service(name)).summary == summary)
    }

    @Test func `getAPIKey gives nil for absent and for not required`() async throws {
        let resolver = try KeyResolver(environment: environment)
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-1")
        #expect(try await resolver.getAPIKey(service: "groq") == nil)
        #expect(try await resolver.getAPIKey(service: "ollama") == nil)
    }

    @Test func `requireAPIKey throws the absence and says where none is required`() async throws {
        let resolver = try KeyResolver(environment: environment)
        #expect(try await resolver.requireAPIKey(service: "openai").value == "sk-1")
        let local = try await failure { try await resolver.requireAPIKey(service: "ollama") }
        #expect(local.code == .notRequired && local.service == "ollama")
        #expect(
            local.description == """
                'ollama' requires no key, and none is set. Send none, or ask with getAPIKey(service:), which returns nil here.
                """
        )
        let error = try await failure { try await resolver.requireAPIKey(service: "cohere_chat") }
        #expect(error.code == .absent && error.service == "cohere")
        #expect(error.namesTried.prefix(2) == ["COHERE_API_KEY", "CO_API_KEY"])
        #expect(
            error.description == """
                no key for 'cohere': tried COHERE_API_KEY, CO_API_KEY, API_KEY_COHERE, COHERE_API_TOKEN, COHERE_TOKEN, \
                COHERE_KEY, COHERE_CHAT_API_KEY, API_KEY_COHERE_CHAT, COHERE_CHAT_API_TOKEN in the process environment. Set COHERE_API_KEY in the environment.
                """
        )
        #expect(!error.description.contains("\n"))
    }

    @Test func `The absence of an unknown service asks what was meant`() async throws {
        let error = try await failure {
            try await KeyResolver(environment: [:]).requireAPIKey(service: "antropic")
        }
        #expect(error.remedy.hasPrefix("did you mean 'anthropic'? Otherwise set ANTROPIC_API_KEY"))
    }

    @Test func `An absence names names and places`() async throws {
        guard case .absent(let absence) = try await KeyResolver(environment: [:]).resolve(service: "xai") else {
            Issue.record("found a key in an empty environment")
            return
        }
        #expect(absence.namesTried.first == "XAI_API_KEY" && absence.namesTried.count == 7)
        #expect(absence.placesTried == ["the process environment"])
    }
}
