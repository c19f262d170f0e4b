/// The variables with the credentials of vaults, registries, clouds and the like, which are never a service's key by
/// accident: by the generic rule no id leads to them.
///
/// A service that the catalogue lists with such a variable has it, as does one whose `env` names it.
enum ForeignVariables {
    static func contain(_ name: String) -> Bool {
        names.contains(name) || !name.hasSuffix("_API_KEY") && families.contains(firstWord(of: name))
    }

    private static func firstWord(of name: String) -> String {
        let bytes = name.utf8
        return String(name[..<(bytes.firstIndex(of: UInt8(ascii: "_")) ?? bytes.endIndex)])
    }

    /// The first words of whole families of such variables; one that ends as keys of services do is no such thing
    /// unless it is among ``names``.
    private static let families: Set<String> = [
        "ACTIONS", "AKEYLESS", "ARM", "AWS", "BAO", "BWS", "CI", "CONJUR", "DOCKER", "DOPPLER", "GCLOUD", "GCP", "GH",
        "GIT", "GPG", "INFISICAL", "JWT", "KUBERNETES", "KUBE", "NPM", "OPENBAO", "OP", "PGP", "PYPI", "RAILS",
        "SOPS", "SSH", "TF", "TWINE", "VAULT",
    ]

    private static let names: Set<String> = [
        "ALIBABA_CLOUD_ACCESS_KEY", "ALICLOUD_ACCESS_KEY", "ANSIBLE_VAULT_KEY", "APP_KEY", "ARTIFACTORY_API_KEY",
        "ARTIFACTORY_TOKEN", "AZURE_CLIENT_KEY", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_TOKEN", "AZURE_STORAGE_KEY",
        "BITBUCKET_TOKEN", "BITWARDEN_TOKEN", "BUILDKITE_AGENT_TOKEN", "BUILDKITE_API_TOKEN", "BUNDLE_RUBYGEMS__ORG",
        "CARGO_REGISTRY_TOKEN", "CIRCLE_TOKEN", "CLOUDFLARE_API_KEY", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_TOKEN",
        "CODECOV_TOKEN", "COMPOSER_TOKEN", "CONJUR_AUTHN_API_KEY", "CONSUL_HTTP_TOKEN", "CONSUL_TOKEN",
        "DIGITALOCEAN_ACCESS_TOKEN", "DIGITALOCEAN_API_KEY", "DIGITALOCEAN_API_TOKEN", "DIGITALOCEAN_TOKEN",
        "DJANGO_SECRET_KEY", "DO_API_TOKEN", "DO_TOKEN", "ENCRYPTION_KEY", "FASTLY_API_KEY", "FASTLY_API_TOKEN",
        "FLASK_SECRET_KEY", "FLY_ACCESS_TOKEN", "FLY_API_TOKEN", "FLY_TOKEN", "GEM_HOST_API_KEY", "GITEA_TOKEN",
        "GITHUB_API_TOKEN", "GITHUB_TOKEN", "GITLAB_API_TOKEN", "GITLAB_PRIVATE_TOKEN", "GITLAB_TOKEN",
        "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN", "HCLOUD_API_TOKEN",
        "HCLOUD_TOKEN", "HEROKU_API_KEY", "HEROKU_API_TOKEN", "HEROKU_TOKEN", "HEX_API_KEY",
        "HOMEBREW_GITHUB_API_TOKEN", "INFISICAL_API_KEY", "LINODE_API_TOKEN", "LINODE_TOKEN", "MASTER_KEY",
        "NETLIFY_API_TOKEN", "NETLIFY_AUTH_TOKEN", "NETLIFY_TOKEN", "NODE_AUTH_TOKEN", "NOMAD_TOKEN", "NUGET_API_KEY",
        "NUGET_KEY", "NUGET_TOKEN", "PRIVATE_KEY", "PULUMI_ACCESS_TOKEN", "QUAY_TOKEN", "RAILWAY_API_TOKEN",
        "RAILWAY_TOKEN", "REGISTRY_TOKEN", "RENDER_API_KEY", "SCW_SECRET_KEY", "SECRET_KEY", "SECRET_KEY_BASE",
        "SECRET_TOKEN", "SENTRY_AUTH_TOKEN", "SESSION_KEY", "SESSION_TOKEN", "SIGNING_KEY", "SLACK_BOT_TOKEN",
        "SNYK_TOKEN", "SONAR_TOKEN", "TAILSCALE_API_KEY", "TAILSCALE_AUTH_KEY", "TRAVIS_API_TOKEN", "TRAVIS_TOKEN",
        "TS_API_KEY", "UV_PUBLISH_TOKEN", "VERCEL_API_TOKEN", "VERCEL_OIDC_TOKEN", "VERCEL_TOKEN", "VULTR_API_KEY",
        "VULTR_API_TOKEN",
    ]
}

/// The variables that follow from a service's id.
enum GenericNames {
    /// Those of any service, listed or not: `<ID>_API_KEY` and `API_KEY_<ID>`.
    ///
    /// Whoever may choose the name of a service may choose the variable that goes to it. These two say what they are;
    /// `<ID>_TOKEN` and `<ID>_KEY` would be the npm token of a service called `npm`.
    ///
    /// An id that starts with a digit is fine: `execve` allows such names although a shell does not.
    static func ofAnybody(_ service: Service) -> [String] {
        let id = service.id.uppercased()
        return ["\(id)_API_KEY", "API_KEY_\(id)"]
    }

    /// Those of an alias that was asked for, which come after all names of its service: whoever says `a0_venice` may
    /// have set `API_KEY_A0_VENICE`.
    static func ofAlias(_ alias: Service) -> [String] { ofAnybody(alias) + ["\(alias.id.uppercased())_API_TOKEN"] }

    /// Those of a service that is listed or configured: Agent Zero's two others follow, and two shorter ones.
    static func all(for service: Service) -> [String] {
        let id = service.id.uppercased()
        return ofAnybody(service) + ["\(id)_API_TOKEN", "\(id)_TOKEN", "\(id)_KEY"]
    }

    /// The service in whose place one of these names was given, in lower case; nil if it is none of them.
    static func service(in name: String) -> Service? {
        if name.hasPrefix("api_key_") { return Service(String(name.dropFirst("api_key_".count))) }
        return ["_api_key", "_api_token", "_token", "_key"].first(where: name.hasSuffix)
            .map { Service(String(name.dropLast($0.count))) }
    }
}

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
