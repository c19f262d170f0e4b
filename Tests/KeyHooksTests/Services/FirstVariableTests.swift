import KeyHooks
import Testing

/// The tables A.6.1 to A.6.4 of the reference, not of `services.json`.
struct FirstVariableTests {
    static let chat: [(String, String)] = [
        ("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY"), ("google", "GEMINI_API_KEY"),
        ("google_vertex", "GOOGLE_VERTEX_API_KEY"), ("azure", "AZURE_API_KEY"), ("azure_ai", "AZURE_AI_API_KEY"),
        ("azure_speech", "AZURE_SPEECH_API_KEY"), ("bedrock", "AWS_BEARER_TOKEN_BEDROCK"),
        ("bedrock_mantle", "BEDROCK_MANTLE_API_KEY"), ("anthropic_aws", "ANTHROPIC_AWS_API_KEY"),
        ("amazon_nova", "AMAZON_NOVA_API_KEY"), ("mistral", "MISTRAL_API_KEY"), ("codestral", "CODESTRAL_API_KEY"),
        ("groq", "GROQ_API_KEY"), ("xai", "XAI_API_KEY"), ("deepseek", "DEEPSEEK_API_KEY"),
        ("openrouter", "OPENROUTER_API_KEY"), ("together", "TOGETHER_API_KEY"), ("fireworks", "FIREWORKS_API_KEY"),
        ("cohere", "COHERE_API_KEY"), ("perplexity", "PERPLEXITY_API_KEY"), ("huggingface", "HF_TOKEN"),
        ("replicate", "REPLICATE_API_TOKEN"), ("nvidia", "NVIDIA_API_KEY"), ("nvidia_riva", "NVIDIA_RIVA_API_KEY"),
        ("cerebras", "CEREBRAS_API_KEY"), ("sambanova", "SAMBANOVA_API_KEY"), ("moonshot", "MOONSHOT_API_KEY"),
        ("kimi_coding", "KIMI_API_KEY"), ("zai", "ZAI_API_KEY"), ("zai_coding", "ZAI_CODING_API_KEY"),
        ("zhipu", "ZHIPU_API_KEY"), ("dashscope", "DASHSCOPE_API_KEY"), ("minimax", "MINIMAX_API_KEY"),
        ("volcengine", "ARK_API_KEY"), ("tencent", "TENCENT_API_KEY"), ("stepfun", "STEPFUN_API_KEY"),
        ("xiaomi", "XIAOMI_API_KEY"), ("siliconflow", "SILICONFLOW_API_KEY"),
        ("siliconflow_cn", "SILICONFLOW_CN_API_KEY"), ("modelscope", "MODELSCOPE_API_KEY"),
        ("deepinfra", "DEEPINFRA_API_KEY"), ("friendli", "FRIENDLI_TOKEN"), ("novita", "NOVITA_API_KEY"),
        ("nebius", "NEBIUS_API_KEY"), ("baseten", "BASETEN_API_KEY"), ("hyperbolic", "HYPERBOLIC_API_KEY"),
        ("lambda", "LAMBDA_API_KEY"), ("featherless", "FEATHERLESS_AI_API_KEY"), ("ai21", "AI21_API_KEY"),
        ("aleph_alpha", "ALEPH_ALPHA_API_KEY"), ("watsonx", "WATSONX_APIKEY"), ("databricks", "DATABRICKS_TOKEN"),
        ("snowflake", "SNOWFLAKE_CORTEX_PAT"), ("cloudflare", "CLOUDFLARE_API_KEY"), ("scaleway", "SCW_SECRET_KEY"),
        ("github_models", "GITHUB_MODELS_KEY"), ("vercel_ai_gateway", "AI_GATEWAY_API_KEY"),
        ("venice", "VENICE_API_KEY"), ("cometapi", "COMETAPI_KEY"), ("aiml", "AIML_API_KEY"),
        ("meta", "LLAMA_API_KEY"), ("gigachat", "GIGACHAT_CREDENTIALS"), ("nano_gpt", "NANO_GPT_API_KEY"),
        ("gmi", "GMICLOUD_API_KEY"), ("abliteration", "ABLIT_KEY"), ("upstage", "UPSTAGE_API_KEY"),
        ("clarifai", "CLARIFAI_PAT"), ("digitalocean", "DIGITALOCEAN_ACCESS_TOKEN"), ("gitlab", "GITLAB_TOKEN"),
        ("sap", "AICORE_SERVICE_KEY"), ("oci", "OCI_KEY"), ("opencode", "OPENCODE_API_KEY"),
        ("datarobot", "DATAROBOT_API_TOKEN"), ("nlp_cloud", "NLP_CLOUD_API_KEY"),
        ("litellm_proxy", "LITELLM_PROXY_API_KEY"), ("io-net", "IOINTELLIGENCE_API_KEY"),
        ("llamagate", "LLAMAGATE_API_KEY"),
    ]

    static let local: [(String, String)] = [
        ("ollama", "OLLAMA_API_KEY"), ("lm_studio", "LM_STUDIO_API_KEY"), ("vllm", "HOSTED_VLLM_API_KEY"),
        ("llamafile", "LLAMAFILE_API_KEY"), ("docker_model_runner", "DOCKER_MODEL_RUNNER_API_KEY"),
        ("lemonade", "LEMONADE_API_KEY"), ("openai_like", "OPENAI_LIKE_API_KEY"),
    ]

    static let media: [(String, String)] = [
        ("voyage", "VOYAGE_API_KEY"), ("jina", "JINA_API_KEY"), ("infinity", "INFINITY_API_KEY"),
        ("elevenlabs", "ELEVENLABS_API_KEY"), ("revai", "REVAI_API_KEY"), ("fish_audio", "FISH_AUDIO_API_KEY"),
        ("black_forest_labs", "BFL_API_KEY"), ("fal", "FAL_API_KEY"), ("runway", "RUNWAYML_API_SECRET"),
        ("prodia", "PRODIA_TOKEN"), ("nomic", "NOMIC_API_KEY"),
    ]

    static let tools: [(String, String)] = [
        ("tavily", "TAVILY_API_KEY"), ("exa", "EXA_API_KEY"), ("brave", "BRAVE_API_KEY"), ("serper", "SERPER_API_KEY"),
        ("serpapi", "SERPAPI_API_KEY"), ("firecrawl", "FIRECRAWL_API_KEY"), ("linkup", "LINKUP_API_KEY"),
        ("parallel", "PARALLEL_API_KEY"), ("google_pse", "GOOGLE_PSE_API_KEY"), ("searchapi", "SEARCHAPI_API_KEY"),
        ("youcom", "YOUCOM_API_KEY"), ("searxng", "SEARXNG_API_KEY"), ("nimble", "NIMBLE_API_KEY"),
        ("tinyfish", "TINYFISH_API_KEY"), ("e2b", "E2B_API_KEY"), ("langsmith", "LANGSMITH_API_KEY"),
    ]

    /// Ids that follow the plain rule, in A.6.1, A.6.3 and A.6.6.
    static let plain = """
        anyscale empower galadriel nscale predibase poe chutes helicone requesty morph v0 inception writer yi reka sarvam
        ovhcloud wandb synthetic edenai heroku compactifai zenmux aihubmix kilo poolside sakana stackit vultr nearai
        tinfoil mixedbread deepgram assemblyai cartesia lmnt hume gladia soniox stability recraft luma topaz 302ai abacus
        ambient anyapi atomic-chat auriko berget claudinio cloudferro-sherlock cortecs crof dinference drun evroc
        fastrouter freemodel frogbot hpc-ai inceptron inference jiekou lilac llmgateway llmtr lucidquery meganova
        merge-gateway mixlayer moark neuralwatt orcarouter routing-run subconscious tencent-coding-plan tencent-tokenhub
        umans-ai umans-ai-coding-plan vivgrid xpersona zeldoc alibaba-coding-plan alibaba-token-plan
        """
        .split(whereSeparator: \.isWhitespace).map(String.init)

    @Test(arguments: chat + local + media + tools)
    func `A service tries its own variable first`(id: String, variable: String) async throws {
        let definition = ServiceCatalogue.standard.definition(of: Service(id))
        #expect(definition.isListed)
        #expect(definition.variables.first?.name == variable)
        let resolver = try KeyResolver(environment: [variable: "sk-1"])
        #expect(try await resolver.getAPIKey(service: Service(id))?.value == "sk-1")
    }

    @Test(arguments: plain)
    func `A plain service reads the variable made of its id`(id: String) throws {
        let definition = ServiceCatalogue.standard.definition(of: Service(id))
        #expect(definition.isListed)
        #expect(definition.variables.map(\.name).contains("\(Service(id).id.uppercased())_API_KEY"))
    }

    @Test func `The tables hold enough services`() {
        #expect(Self.chat.count + Self.local.count + Self.media.count + Self.tools.count >= 110)
        #expect(Self.plain.count >= 80)
    }
}
