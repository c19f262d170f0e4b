import KeyHooks
import Testing

/// The services of the reference with several variables, in the order in which they are to be tried.
struct VariableOrderTests {
    static let orders: [(String, [String])] = [
        ("anthropic", ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"]),
        (
            "google",
            [
                "GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY", "GOOGLE_GENAI_API_KEY",
                "LLM_GEMINI_KEY", "PALM_API_KEY",
            ]
        ),
        (
            "azure",
            ["AZURE_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN", "AZURE_AD_TOKEN", "AZURE_OPENAI_KEY"]
        ),
        ("amazon_nova", ["AMAZON_NOVA_API_KEY", "NOVA_API_KEY"]),
        ("openrouter", ["OPENROUTER_API_KEY", "OR_API_KEY", "OPENROUTER_KEY"]),
        ("together", ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHERAI_API_KEY", "TOGETHER_AI_TOKEN"]),
        (
            "fireworks",
            [
                "FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY", "FIREWORKSAI_API_KEY", "FIREWORKS_AI_TOKEN",
                "LLM_FIREWORKS_KEY", "FIREWORKS_AI_LLM_API_KEY",
            ]
        ),
        ("cohere", ["COHERE_API_KEY", "CO_API_KEY"]),
        ("perplexity", ["PERPLEXITY_API_KEY", "PERPLEXITYAI_API_KEY", "PPLX_API_KEY", "LLM_PERPLEXITY_KEY"]),
        (
            "huggingface",
            [
                "HF_TOKEN", "HUGGINGFACE_API_KEY", "HUGGINGFACEHUB_API_TOKEN", "HUGGING_FACE_HUB_TOKEN",
                "HUGGING_FACE_LLM_API_KEY",
            ]
        ),
        ("zai", ["ZAI_API_KEY", "ZHIPU_API_KEY", "GLM_API_KEY"]),
        ("zhipu", ["ZHIPU_API_KEY", "ZHIPUAI_API_KEY", "BIGMODEL_API_KEY"]),
        ("watsonx", ["WATSONX_APIKEY", "WATSONX_API_KEY", "WX_API_KEY", "WATSONX_TOKEN", "WATSONX_ZENAPIKEY"]),
        ("databricks", ["DATABRICKS_TOKEN", "DATABRICKS_API_KEY"]),
        ("github_models", ["GITHUB_MODELS_KEY", "GITHUB_API_KEY", "GITHUB_TOKEN"]),
        ("vercel_ai_gateway", ["AI_GATEWAY_API_KEY", "VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"]),
        ("venice", ["VENICE_API_KEY", "VENICE_AI_API_KEY", "A0_VENICE_API_KEY"]),
        ("gigachat", ["GIGACHAT_CREDENTIALS", "GIGACHAT_API_KEY", "GIGACHAT_ACCESS_TOKEN"]),
        ("gmi", ["GMICLOUD_API_KEY", "GMI_API_KEY", "GMI_CLOUD_APIKEY"]),
        ("jina", ["JINA_API_KEY", "JINA_AI_API_KEY", "JINA_AI_TOKEN", "JINA_AUTH_TOKEN"]),
        ("fal", ["FAL_API_KEY", "FAL_KEY", "FAL_AI_API_KEY"]),
    ]

    @Test(arguments: orders)
    func `Names are tried in the reference's order, before generic ones`(id: String, names: [String]) async throws {
        let all = ServiceCatalogue.standard.definition(of: Service(id)).variables
        #expect(all.prefix(names.count).map(\.name) == names)
        #expect(all.dropFirst(names.count).allSatisfy { $0.tier == .generic })
        // Take the strongest away again and again: the next one answers.
        for index in names.indices {
            let environment = Dictionary(uniqueKeysWithValues: names[index...].map { ($0, "value of \($0)") })
            let resolver = try KeyResolver(environment: environment)
            #expect(try await resolver.getAPIKey(service: Service(id))?.value == "value of \(names[index])")
        }
    }

    /// An admin key must never be spent on models.
    @Test func `The admin key of openai is no fallback`() async throws {
        let resolver = try KeyResolver(environment: ["OPENAI_ADMIN_KEY": "sk-admin"])
        #expect(try await resolver.resolve(service: "openai").summary == "absent")
    }
}
