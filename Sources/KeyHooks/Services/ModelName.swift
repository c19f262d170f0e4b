/// Recognises the names of models, which people give where a service is asked for.
enum ModelName {
    /// What the names of a maker's models begin with, and the service at which the maker runs them.
    private static let families: [(word: String, service: Service)] = [
        ("gpt", "openai"), ("chatgpt", "openai"), ("o1", "openai"), ("o3", "openai"), ("o4", "openai"),
        ("dall_e", "openai"), ("text_embedding", "openai"), ("whisper", "openai"), ("claude", "anthropic"),
        ("gemini", "google"), ("gemma", "google"), ("mistral", "mistral"), ("mixtral", "mistral"),
        ("ministral", "mistral"), ("codestral", "mistral"), ("magistral", "mistral"), ("grok", "xai"),
        ("deepseek", "deepseek"), ("command_r", "cohere"), ("sonar", "perplexity"), ("kimi_k", "moonshot"),
        ("glm", "zai"), ("qwen", "dashscope"),
    ]

    /// What a name has behind the family that is a model's and no service's: a version or a size.
    private static let words: Set<String> = [
        "opus", "sonnet", "haiku", "mini", "nano", "turbo", "pro", "flash", "lite", "preview", "large", "medium",
        "small",
        "tiny", "chat", "coder", "reasoner", "latest", "plus", "max", "instruct", "deep", "research", "fast",
    ]

    /// The service that is most likely meant by a normalised id, if it is a model's.
    static func maker(of id: String) -> Service? {
        families.first { family in
            guard id.hasPrefix(family.word) else { return false }
            let rest = id.dropFirst(family.word.count)
            if rest.isEmpty { return family.word.last?.isNumber == true || family.word.contains("_") }
            // `gpt4`, `qwen3`, `kimi_k2`; anything else is set apart, or another word.
            guard rest.first == "_" || rest.first?.isNumber == true else { return false }
            return rest.split(separator: "_").contains { $0.contains(where: \.isNumber) || words.contains(String($0)) }
        }?
        .service
    }
}
