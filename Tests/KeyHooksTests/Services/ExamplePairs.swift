/// The variables that ten widely used tools set for a provider, with the tool's own name for it.
///
/// They are from the tools' example files (the commit is of the stored copy that was read), and for the names that are
/// no longer or not yet in these copies from a report on newer ones, marked `*`. A line is `VARIABLE id`, with
/// `field NAME` for one that is read as a field, and with `! reason` for one that is left out on purpose.
enum ExamplePairs {
    struct Pair: Sendable, CustomStringConvertible {
        let tool: String
        let variable: String
        let id: String
        let field: String?
        let reason: String?

        var description: String { "\(tool): \(variable) (\(id))" }
    }

    static let all = tools.flatMap { tool, lines in lines.split(separator: "\n").map { pair($0, of: tool) } }

    private static func pair(_ line: Substring, of tool: String) -> Pair {
        let halves = line.split(separator: " ! ", maxSplits: 1)
        let words = halves[0].split(separator: " ").map(String.init)
        return Pair(
            tool: tool,
            variable: words[0],
            id: words[1],
            field: words.count == 4 && words[2] == "field" ? words[3] : nil,
            reason: halves.count == 2 ? String(halves[1]) : nil
        )
    }

    private static let tools: [(String, String)] = [
        ("open-webui", openWebUI), ("LiteLLM", liteLLM), ("Agent Zero", agentZero), ("deer-flow", deerFlow),
        ("aider", aider), ("lobe-chat", lobeChat), ("Hermes", hermes), ("browser-use", browserUse),
        ("LibreChat", libreChat), ("anything-llm", anythingLLM),
    ]

    /// open-webui/open-webui `.env.example`, 00b1c6b.
    private static let openWebUI = """
        OPENAI_API_KEY openai
        MELIOUS_API_KEY melious
        """

    /// BerriAI/litellm `.env.example`, 0111ea3, without the token of Infisical, which opens a vault.
    private static let liteLLM = """
        OPENAI_API_KEY openai
        COHERE_API_KEY cohere
        OR_API_KEY openrouter
        AZURE_API_KEY azure
        REPLICATE_API_KEY replicate
        REPLICATE_API_TOKEN replicate
        ANTHROPIC_API_KEY anthropic
        NOVITA_API_KEY novita
        INFINITY_API_KEY infinity
        BURNCLOUD_API_KEY burncloud
        LITELLM_MASTER_KEY litellm_proxy ! the key of the proxy's own administrator
        """

    /// The ids of agent0ai/agent-zero `conf/model_providers.yaml`, 094c6ef, by its pattern `API_KEY_<ID>`.
    private static let agentZero = """
        a0_venice anthropic avian azure bedrock cerebras cometapi deepseek github_copilot google groq huggingface
        llama_cpp lm_studio mistral moonshot nebius nvidia_nim ollama ollama_cloud omlx openai openrouter other sambanova
        venice vllm xai zai zai_coding
        """
        .split(whereSeparator: \.isWhitespace).map { "API_KEY_\($0.uppercased()) \($0)" }.joined(separator: "\n")
        + "\nA0_VENICE_API_KEY a0_venice\nA0_VENICE_API_TOKEN a0_venice"

    /// bytedance/deer-flow `.env.example`, 0a399ba and 636c965; `*` SERPER and CLAUDE_CODE.
    private static let deerFlow = """
        TAVILY_API_KEY tavily
        INFOQUEST_API_KEY infoquest
        BRAVE_SEARCH_API_KEY brave_search
        JINA_API_KEY jina
        RAGFLOW_API_KEY ragflow
        DIFY_API_KEY dify
        MOI_API_KEY moi
        LANGSMITH_API_KEY langsmith
        SERPER_API_KEY serper
        CLAUDE_CODE_OAUTH_TOKEN anthropic
        CLAUDE_CODE_OAUTH_TOKEN claude_code
        """

    /// Aider-AI/aider `sample.env`, e3f6db7, and the providers that it looks for by itself.
    private static let aider = """
        OPENAI_API_KEY openai
        ANTHROPIC_API_KEY anthropic
        OPENROUTER_API_KEY openrouter
        DEEPSEEK_API_KEY deepseek
        GEMINI_API_KEY gemini
        GROQ_API_KEY groq
        FIREWORKS_AI_API_KEY fireworks_ai
        AIDER_OPENAI_API_KEY openai ! aider's own setting, which is to win over OPENAI_API_KEY there and nowhere else
        AIDER_ANTHROPIC_API_KEY anthropic ! aider's own setting, as for openai
        """

    /// lobehub/lobehub `.env.example`, 096e1db.
    private static let lobeChat = """
        OPENAI_API_KEY openai
        AZURE_API_KEY azure
        ANTHROPIC_API_KEY anthropic
        GOOGLE_API_KEY google
        OPENROUTER_API_KEY openrouter
        MISTRAL_API_KEY mistral
        PERPLEXITY_API_KEY perplexity
        GROQ_API_KEY groq
        ZEROONE_API_KEY zeroone
        TOGETHERAI_API_KEY togetherai
        ZHIPU_API_KEY zhipu
        MOONSHOT_API_KEY moonshot
        MINIMAX_API_KEY minimax
        DEEPSEEK_API_KEY deepseek
        QINIU_API_KEY qiniu
        QWEN_API_KEY qwen
        CLOUDFLARE_API_KEY cloudflare
        SILICONCLOUD_API_KEY siliconcloud
        TENCENT_CLOUD_API_KEY tencentcloud
        PPIO_API_KEY ppio
        INFINIAI_API_KEY infiniai
        AI302_API_KEY 302ai
        MODELSCOPE_API_KEY modelscope
        AIHUBMIX_API_KEY aihubmix
        BFL_API_KEY bfl
        FAL_API_KEY fal
        NEBIUS_API_KEY nebius
        NEWAPI_API_KEY newapi
        VERCELAIGATEWAY_API_KEY vercelaigateway
        """

    /// NousResearch/hermes-agent `.env.example`, 011201f.
    private static let hermes = """
        OPENROUTER_API_KEY openrouter
        NOVITA_API_KEY novita
        GOOGLE_API_KEY gemini
        GEMINI_API_KEY gemini
        OLLAMA_API_KEY ollama-cloud
        GLM_API_KEY zai
        KIMI_API_KEY kimi ! Moonshot's subscription and its platform are both called so: the error names kimi_coding
        KIMI_CN_API_KEY kimi_cn
        ARCEEAI_API_KEY arcee
        MINIMAX_API_KEY minimax
        MINIMAX_CN_API_KEY minimax-cn
        OPENCODE_ZEN_API_KEY opencode-zen
        OPENCODE_GO_API_KEY opencode-go
        HF_TOKEN huggingface
        XIAOMI_API_KEY xiaomi
        EXA_API_KEY exa
        PARALLEL_API_KEY parallel
        FIRECRAWL_API_KEY firecrawl
        FAL_KEY fal
        HONCHO_API_KEY honcho
        BROWSERBASE_API_KEY browserbase
        VOICE_TOOLS_OPENAI_KEY openai ! named so to be kept apart from OPENAI_API_KEY
        GITHUB_TOKEN github
        GROQ_API_KEY groq
        """

    /// browser-use/browser-use `.env.example`, 3799a91 and 017398e.
    private static let browserUse = """
        BROWSER_USE_API_KEY browser_use
        OPENAI_API_KEY openai
        ANTHROPIC_API_KEY anthropic
        AZURE_OPENAI_API_KEY azure
        AZURE_OPENAI_KEY azure
        GOOGLE_API_KEY google
        DEEPSEEK_API_KEY deepseek
        GROK_API_KEY grok
        NOVITA_API_KEY novita
        MISTRAL_API_KEY mistral
        AWS_ACCESS_KEY_ID bedrock field access_key_id
        """
}
