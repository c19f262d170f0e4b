extension ExamplePairs {
    /// danny-avila/LibreChat `.env.example`, c70e819 and 003182f, and LibreChat-AI/librechat-config-yaml
    /// `scripts/.env.example`, 785624b; `*` AZURE_OPENAI_API_KEY and AZURE_ASSISTANTS_API_KEY.
    static let libreChat = """
        ANYSCALE_API_KEY anyscale
        APIPIE_API_KEY apipie
        COHERE_API_KEY cohere
        DEEPSEEK_API_KEY deepseek
        DATABRICKS_API_KEY databricks
        FIREWORKS_API_KEY fireworks
        GROQ_API_KEY groq
        HUGGINGFACE_TOKEN huggingface
        MISTRAL_API_KEY mistral
        OPENROUTER_KEY openrouter
        PERPLEXITY_API_KEY perplexity
        SHUTTLEAI_API_KEY shuttleai
        TOGETHERAI_API_KEY togetherai
        UNIFY_API_KEY unify
        XAI_API_KEY xai
        ANTHROPIC_API_KEY anthropic
        AZURE_API_KEY azureOpenAI
        AZURE_OPENAI_API_KEY azureOpenAI
        BEDROCK_AWS_ACCESS_KEY_ID bedrock field access_key_id
        GOOGLE_KEY google
        OPENAI_API_KEY openAI
        ASSISTANTS_API_KEY assistants
        AZURE_ASSISTANTS_API_KEY azureAssistants
        AZURE_AI_SEARCH_API_KEY azure_ai_search
        DALLE_API_KEY dalle
        DALLE2_API_KEY dalle2
        DALLE3_API_KEY dalle3
        GOOGLE_SEARCH_API_KEY google_search
        GOOGLE_API_KEY google_search ! Gemini's key in all other tools: a search tool must not count as set by it
        SERPAPI_API_KEY serpapi
        TAVILY_API_KEY tavily
        TRAVERSAAL_API_KEY traversaal
        WOLFRAM_APP_ID wolfram
        ZAPIER_NLA_API_KEY zapier
        STT_API_KEY stt
        TTS_API_KEY tts
        RAG_OPENAI_API_KEY rag_openai
        OPENAI_MODERATION_API_KEY openai_moderation
        FIREBASE_API_KEY firebase
        AI302_API_KEY 302.AI
        GITHUB_TOKEN github
        GLHF_API_KEY glhf
        HYPERBOLIC_API_KEY hyperbolic
        KLUSTER_API_KEY kluster
        NANOGPT_API_KEY nanogpt
        NVIDIA_API_KEY nvidia
        SAMBANOVA_API_KEY sambanova
        MEILI_MASTER_KEY meilisearch ! the key of the search server's own administrator
        CHATGPT_TOKEN chatgpt ! the session of a browser, which no API takes
        BINGAI_TOKEN bingai ! the cookie of a browser, which no API takes
        """

    /// Mintplex-Labs/anything-llm `server/.env.example`, 0004244; `*` what that copy lacks: it is from the providers of
    /// newer ones.
    static let anythingLLM = """
        OPEN_AI_KEY openai
        GEMINI_API_KEY gemini
        AZURE_OPENAI_KEY azure
        ANTHROPIC_API_KEY anthropic
        LMSTUDIO_AUTH_TOKEN lmstudio
        LOCAL_AI_API_KEY localai
        OLLAMA_AUTH_TOKEN ollama
        TOGETHER_AI_API_KEY togetherai
        FIREWORKS_AI_LLM_API_KEY fireworksai
        PERPLEXITY_API_KEY perplexity
        OPENROUTER_API_KEY openrouter
        MISTRAL_API_KEY mistral
        HUGGING_FACE_LLM_API_KEY huggingface
        GROQ_API_KEY groq
        COHERE_API_KEY cohere
        TEXT_GEN_WEB_UI_API_KEY textgenwebui
        GENERIC_OPEN_AI_API_KEY generic-openai
        LITE_LLM_API_KEY litellm
        NOVITA_LLM_API_KEY novita
        COMETAPI_LLM_API_KEY cometapi
        AWS_BEDROCK_API_KEY bedrock
        AWS_BEDROCK_LLM_API_KEY bedrock
        APIPIE_LLM_API_KEY apipie
        XAI_LLM_API_KEY xai
        DEEPSEEK_API_KEY deepseek
        NVIDIA_NIM_LLM_API_KEY nvidia-nim
        PPIO_API_KEY ppio
        MOONSHOT_AI_API_KEY moonshotai
        ZAI_API_KEY zai
        GITEE_AI_API_KEY giteeai
        SAMBANOVA_LLM_API_KEY sambanova
        LEMONADE_LLM_API_KEY lemonade
        MINIMAX_API_KEY minimax
        CEREBRAS_API_KEY cerebras
        OMLX_LLM_API_KEY omlx
        VOYAGEAI_API_KEY voyageai
        GEMINI_EMBEDDING_API_KEY gemini ! set apart from GEMINI_API_KEY, for embeddings alone
        CHROMA_API_KEY chroma
        PINECONE_API_KEY pinecone
        ASTRA_DB_APPLICATION_TOKEN astra
        WEAVIATE_API_KEY weaviate
        QDRANT_API_KEY qdrant
        ZILLIZ_API_TOKEN zilliz
        TTS_ELEVEN_LABS_KEY elevenlabs
        STT_DEEPGRAM_API_KEY deepgram
        AGENT_SERPAPI_API_KEY serpapi
        AGENT_SERPER_DEV_KEY serper
        AGENT_TAVILY_API_KEY tavily
        AGENT_SEARCHAPI_API_KEY searchapi
        AGENT_BING_SEARCH_API_KEY bing
        AGENT_EXA_API_KEY exa
        """
}
