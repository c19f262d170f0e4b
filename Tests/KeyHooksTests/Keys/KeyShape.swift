import FuzzSupport
import Testing

@testable import KeyHooks

/// How the keys of a vendor are made: parts that stand as they are, and numbers of characters at random.
struct KeyShape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private let parts: [(prefix: String, count: Int, alphabet: String)]

    /// What its keys are surely right for: its own service, and those that take anybody's.
    var uses: [KeyUse] {
        let names = [
            "Anthropic": "anthropic", "Groq": "groq", "Google": "google", "Hugging Face": "huggingface",
            "Replicate": "replicate", "Perplexity": "perplexity", "xAI": "xai", "Tavily": "tavily", "NVIDIA": "nvidia",
            "Fireworks": "fireworks", "OpenRouter": "openrouter", "Cerebras": "cerebras", "Jina": "jina",
            "LangSmith": "langsmith", "Together, new": "together", "OpenAI project": "openai",
            "OpenAI service account": "openai",
        ]
        // A shape that many share may be anybody's.
        let own = names[testDescription].map { [$0] } ?? ["openai", "anthropic", "mistral", "deepseek", "google"]
        return (own + ["litellm_proxy", "openai_like", "azure", "vercel_ai_gateway", "ollama", "nobody_knows"])
            .map { KeyUse(definition: ServiceCatalogue.standard.definition(of: Service($0))) }
    }

    func key(_ generator: inout SplitMix64) -> String {
        parts.map { part in
            let characters = Array(Self.alphabets[part.alphabet, default: part.alphabet])
            return part.prefix
                + String((0..<part.count).map { _ in characters.randomElement(using: &generator) ?? "?" })
        }
        .joined()
    }

    private init(_ name: String, _ parts: (String, Int, String)...) {
        testDescription = name
        self.parts = parts.map { (prefix: $0.0, count: $0.1, alphabet: $0.2) }
    }

    private static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let letters = upper + upper.lowercased() + "0123456789"
    private static let alphabets = [
        "a": letters, "u": letters + "-_", "h": "0123456789abcdef", "l": upper.lowercased() + "0123456789",
        "U": upper + "0123456789", "b": letters + "+/", "9": "0123456789",
    ]

    static let all = [
        KeyShape("OpenAI", ("sk-", 48, "a")), KeyShape("OpenAI project", ("sk-proj-", 156, "u")),
        KeyShape("OpenAI service account", ("sk-svcacct-", 120, "u")),
        KeyShape("Anthropic", ("sk-ant-api03-", 95, "u")),
        KeyShape("Groq", ("gsk_", 52, "a")), KeyShape("Google", ("AIza", 35, "u")),
        KeyShape("Hugging Face", ("hf_", 34, "a")),
        KeyShape("Replicate", ("r8_", 37, "a")), KeyShape("Perplexity", ("pplx-", 48, "a")),
        KeyShape("xAI", ("xai-", 80, "a")), KeyShape("Tavily", ("tvly-dev-", 32, "a")),
        KeyShape("Mistral", ("", 32, "a")), KeyShape("Together", ("", 64, "h")), KeyShape("Cohere", ("", 40, "a")),
        KeyShape("Azure", ("", 32, "h")), KeyShape("Azure AI", ("", 84, "a")), KeyShape("NVIDIA", ("nvapi-", 64, "u")),
        KeyShape("Fireworks", ("fw_", 24, "a")), KeyShape("AWS id", ("AKIA", 16, "U")),
        KeyShape("AWS secret", ("", 40, "b")),
        KeyShape("GitHub", ("ghp_", 36, "a")),
        KeyShape("GitHub fine-grained", ("github_pat_", 22, "a"), ("_", 59, "a")),
        KeyShape("GitLab", ("glpat-", 20, "u")), KeyShape("Slack", ("xoxb-", 12, "9"), ("-", 13, "9"), ("-", 24, "a")),
        KeyShape("OpenBao", ("s.", 24, "a")), KeyShape("Vault", ("hvs.", 90, "u")),
        KeyShape("a JSON web token", ("eyJ", 33, "u"), (".", 120, "u"), (".", 43, "u")),
        KeyShape("Zhipu", ("", 32, "l"), (".", 16, "a")), KeyShape("OpenRouter", ("sk-or-v1-", 64, "h")),
        KeyShape("Cerebras", ("csk-", 48, "l")), KeyShape("Jina", ("jina_", 32, "h"), ("", 27, "u")),
        KeyShape("Voyage", ("pa-", 43, "u")), KeyShape("LangSmith", ("lsv2_pt_", 32, "h"), ("_", 10, "h")),
        KeyShape("Pinecone", ("pcsk_", 6, "a"), ("_", 63, "a")), KeyShape("ElevenLabs", ("sk_", 48, "h")),
        KeyShape("fal", ("", 8, "h"), ("-", 4, "h"), ("-", 4, "h"), ("-", 4, "h"), ("-", 12, "h"), (":", 32, "h")),
        KeyShape("a UUID", ("", 8, "h"), ("-", 4, "h"), ("-", 4, "h"), ("-", 4, "h"), ("-", 12, "h")),
        KeyShape("Baidu", ("bce-v3/ALTAK-", 21, "a"), ("/", 40, "h")), KeyShape("Mailgun", ("key-", 32, "h")),
        KeyShape("SendGrid", ("SG.", 22, "u"), (".", 43, "u")), KeyShape("Stripe", ("sk_test_", 24, "a")),
        KeyShape("base64", ("", 43, "b"), ("=", 0, "a")), KeyShape("base64url", ("", 64, "u")),
        KeyShape("DeepSeek", ("sk-", 32, "h")), KeyShape("Langfuse", ("sk-lf-", 8, "h"), ("-", 4, "h"), ("-", 12, "h")),
        KeyShape("DigitalOcean", ("dop_v1_", 64, "h")), KeyShape("Together, new", ("tgp_v1_", 43, "u")),
    ]
}
