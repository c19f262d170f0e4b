import KeyHooks
import Testing

/// What opens a vault, a registry, a cloud or a machine is nobody's API key by accident.
struct ForeignVariableTests {
    /// Variables that people have set for other things.
    static let names = [
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN", "AKEYLESS_ACCESS_KEY", "AKEYLESS_TOKEN",
        "ALICLOUD_ACCESS_KEY", "APP_KEY", "ARTIFACTORY_API_KEY", "AWS_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY",
        "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN", "AZURE_STORAGE_KEY",
        "BAO_TOKEN", "BUILDKITE_AGENT_TOKEN", "BWS_ACCESS_TOKEN", "CARGO_REGISTRY_TOKEN", "CI_JOB_TOKEN",
        "CI_REGISTRY_TOKEN", "CIRCLE_TOKEN", "CODECOV_TOKEN", "CONJUR_AUTHN_API_KEY", "CONJUR_AUTHN_TOKEN",
        "CONSUL_HTTP_TOKEN", "DJANGO_SECRET_KEY", "DOCKER_AUTH_TOKEN", "DOCKER_HUB_TOKEN", "DOCKER_TOKEN",
        "DOPPLER_TOKEN", "FLY_ACCESS_TOKEN", "FLY_API_TOKEN", "GCP_ACCESS_TOKEN", "GCP_KEY", "GCP_SERVICE_ACCOUNT_KEY",
        "GEM_HOST_API_KEY", "GH_TOKEN", "GIT_TOKEN", "GITEA_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN",
        "GOOGLE_OAUTH_ACCESS_TOKEN", "GPG_PRIVATE_KEY", "HCLOUD_TOKEN", "HEROKU_API_KEY", "HOMEBREW_GITHUB_API_TOKEN",
        "INFISICAL_API_KEY", "INFISICAL_SERVICE_TOKEN", "INFISICAL_TOKEN", "JWT_SIGNING_KEY", "JWT_TOKEN",
        "KUBE_TOKEN", "KUBERNETES_TOKEN", "LINODE_TOKEN", "NETLIFY_AUTH_TOKEN", "NODE_AUTH_TOKEN", "NOMAD_TOKEN",
        "NPM_AUTH_TOKEN", "NPM_TOKEN", "NUGET_API_KEY", "OP_CONNECT_TOKEN", "OP_SERVICE_ACCOUNT_TOKEN",
        "OPENBAO_TOKEN", "PRIVATE_KEY", "PULUMI_ACCESS_TOKEN", "PYPI_API_TOKEN", "PYPI_TOKEN", "RAILS_MASTER_KEY",
        "RAILWAY_TOKEN", "SECRET_KEY", "SENTRY_AUTH_TOKEN", "SIGNING_KEY", "SLACK_BOT_TOKEN", "SNYK_TOKEN",
        "SONAR_TOKEN", "SSH_HOST_KEY", "SSH_PRIVATE_KEY", "TF_API_TOKEN", "TRAVIS_TOKEN", "TWINE_TOKEN",
        "UV_PUBLISH_TOKEN", "VAULT_TOKEN", "VERCEL_TOKEN",
    ]

    /// The ids of which one of the generic names is this variable.
    private static func ids(leadingTo name: String) -> [String] {
        let patterns = [/(.+)_API_KEY/, /API_KEY_(.+)/, /(.+)_API_TOKEN/, /(.+)_TOKEN/, /(.+)_KEY/]
        return patterns.compactMap { pattern in name.wholeMatch(of: pattern).map { String($0.1).lowercased() } }
    }

    /// Whether the catalogue gives the variable to the service.
    private static func isListed(_ name: String, for id: String) -> Bool {
        let definition = ServiceCatalogue.standard.definition(of: Service(id))
        return definition.isListed && definition.variables.contains { $0.name == name }
    }

    private static let ways = ["get", "providers", "profile", "override", "alias"]

    @Test(arguments: names, ways)
    func `No service is led to another's token by its name`(name: String, way: String) async throws {
        let ids = Self.ids(leadingTo: name)
        #expect(!ids.isEmpty)
        for id in ids where !Self.isListed(name, for: id) {
            let service = Service(id)
            var configuration = KeyConfiguration()
            switch way {
            case "providers": configuration.providers = [service: ProviderSettings()]
            case "profile": configuration.profiles["p"] = KeyProfile(providers: [service: ProviderSettings()])
            case "alias": configuration.providers = ["my_own": ProviderSettings(aliases: [service])]
            default: break
            }
            // What is an alias of a listed service already cannot be another's.
            guard let resolver = try? KeyResolver(configuration: configuration, environment: [name: "foreign"]) else {
                #expect(way == "alias" && ServiceCatalogue.standard.definition(of: service).isListed)
                continue
            }
            if way == "override" { try resolver.override(service) { $0.timeToLive = .seconds(1) } }
            let scope = KeyScope(profile: "p")
            #expect(try await resolver.resolve(service: service, scope: scope).summary == "absent", "\(id)")
        }
    }

    @Test(arguments: names)
    func `Who names such a variable gets it`(name: String) async throws {
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["my_own": ProviderSettings(env: [name])]),
            environment: [name: "named"]
        )
        #expect(try await resolver.resolve(service: "my_own").summary == "found named")
    }

    @Test func `A variable that is named for one service is no other's, whichever comes first`() async throws {
        for owner in ["aaa", "zzz"] {
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(
                    providers: [Service(owner): ProviderSettings(env: ["MMM_TOKEN"]), "mmm": ProviderSettings()]
                ),
                environment: ["MMM_TOKEN": "named"]
            )
            #expect(try await resolver.resolve(service: Service(owner)).summary == "found named")
            #expect(try await resolver.resolve(service: "mmm").summary == "absent")
        }
    }

    /// As they were before unlisted services got two names only.
    @Test(arguments: [
        ("openai", 6), ("heroku", 5), ("cloudflare", 5), ("digitalocean", 8), ("gitlab", 5), ("github_models", 7),
        ("huggingface", 9), ("databricks", 5), ("xai", 7),
    ])
    func `A listed service keeps its generic names`(id: String, count: Int) {
        let variables = ServiceCatalogue.standard.definition(of: Service(id)).variables
        #expect(variables.count == count)
        let prefix = id.uppercased()
        for suffix in ["_API_KEY", "_API_TOKEN", "_TOKEN", "_KEY"] {
            #expect(variables.contains { $0.name == prefix + suffix })
        }
    }
}
