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

    /// The first words of whole families of such variables; one that ends as keys of services do is no such thing unless
    /// it is among ``names``.
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
