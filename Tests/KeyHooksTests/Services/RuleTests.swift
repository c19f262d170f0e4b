import KeyHooks
import Testing

/// One test for each rule of A.6.5 of the reference.
struct RuleTests {
    let catalogue = ServiceCatalogue.standard

    private func names(_ id: String) -> [String] {
        catalogue.definition(of: Service(id)).variables.map(\.name)
    }

    @Test func `1: ids are normalised and _ai is stripped by the alias table only`() {
        #expect(catalogue.canonical("Z.AI") == "zai")
        #expect(catalogue.canonical("together-ai") == "together")
        #expect(catalogue.canonical("azure_ai") == "azure_ai")
        #expect(names("azure_ai").first != names("azure").first)
        #expect(catalogue.canonical("nobody_ai") == "nobody_ai")
    }

    @Test(arguments: ["nobody", "42labs", "v0", "Some-New.Provider"], [false, true])
    func `2: after the table come the generic names, in order`(name: String, isConfigured: Bool) async throws {
        let id = Service(name).id.uppercased()
        let all = ["\(id)_API_KEY", "API_KEY_\(id)", "\(id)_API_TOKEN", "\(id)_TOKEN", "\(id)_KEY"]
        let isListed = catalogue.definition(of: Service(name)).isListed
        // Of a service that nobody listed or configured, two.
        let generic = isListed || isConfigured ? all : Array(all[..<2])
        let providers = isConfigured ? [Service(name): ProviderSettings()] : [:]
        let configuration = KeyConfiguration(providers: providers)
        let known = try configuration.catalogue().definition(of: Service(name))
        #expect(known.variables.map(\.name) == generic)
        for index in all.indices {
            let environment = Dictionary(uniqueKeysWithValues: all[index...].map { ($0, "value of \($0)") })
            let resolver = try KeyResolver(configuration: configuration, environment: environment)
            let key = try await resolver.getAPIKey(service: Service(name))
            #expect(key?.value == (index < generic.count ? "value of \(all[index])" : nil))
        }
    }

    @Test(arguments: ["override", "profile"])
    func `2: an override in code and an entry of a profile configure a service too`(way: String) async throws {
        let resolver = try KeyResolver(
            configuration: .profile("prod", way == "profile" ? ["acme": ProviderSettings()] : [:]),
            environment: ["ACME_TOKEN": "sk-1"]
        )
        #expect(try await resolver.resolve(service: "acme").summary == "absent")
        if way == "override" { try resolver.override("acme") { $0.timeToLive = .seconds(1) } }
        let scope = KeyScope(profile: "prod")
        #expect(try await resolver.resolve(service: "acme", scope: scope).summary == "found sk-1")
        try resolver.removeOverride("acme")
        #expect(try await resolver.resolve(service: "acme").summary == "absent")
    }

    @Test func `2: a listed service's generic names are tried after its own`() {
        let own = ["XAI_API_KEY", "GROK_API_KEY", "XAI_LLM_API_KEY"]
        #expect(names("xai") == own + ["API_KEY_XAI", "XAI_API_TOKEN", "XAI_TOKEN", "XAI_KEY"])
    }

    @Test func `3: two different values make one warning that names both variables`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["GEMINI_API_KEY": "AIza-one", "GOOGLE_API_KEY": "AIza-two"],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: "google")?.value == "AIza-one")
        #expect(try await resolver.getAPIKey(service: "gemini")?.value == "AIza-one")
        let warning = try #require(warnings.events.first)
        #expect(warnings.events.count == 1)
        #expect(warning.code == .conflictingVariables)
        #expect(warning.names == ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
        #expect(warning.message.contains("GEMINI_API_KEY and GOOGLE_API_KEY"))
        #expect(!warning.message.contains("AIza"))
    }

    @Test(arguments: [
        ["GEMINI_API_KEY": "same", "GOOGLE_API_KEY": "same"],
        ["GEMINI_API_KEY": "one", "GOOGLE_API_KEY": "  "],
    ])
    func `3: equal values and blank ones are no conflict`(environment: [String: String]) async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(environment: environment, onWarning: { warnings.add($0) })
        _ = try await resolver.getAPIKey(service: "google")
        #expect(warnings.events.isEmpty)
    }

    @Test(arguments: [
        ("GITHUB_TOKEN", ["github_models", "github_copilot"]), ("GITLAB_TOKEN", ["gitlab"]),
        ("DATABRICKS_TOKEN", ["databricks"]),
    ])
    func `4: a generic token serves only the services that name it`(token: String, owners: [String]) async throws {
        let resolver = try KeyResolver(environment: [token: "shared"])
        for definition in resolver.catalogue.all {
            let key = try await resolver.getAPIKey(service: definition.service)
            #expect((key != nil) == owners.contains(definition.service.id), "\(definition.service)")
        }
        for owner in owners {
            let line = try resolver.explain(service: Service(owner)).variables.first { $0.name == token }
            #expect(line?.isShared == true)
        }
    }

    @Test(arguments: [
        ("zai", "zhipu"), ("zai", "zai_coding"), ("zhipu", "zhipuai_coding_plan"), ("siliconflow", "siliconflow_cn"),
        ("alibaba", "alibaba_coding_plan"), ("alibaba", "alibaba_token_plan"), ("alibaba", "alibaba_cn"),
        ("moonshot", "moonshotai_cn"), ("moonshot", "kimi_coding"), ("minimax", "minimax_cn"),
        ("tencent", "tencent_coding_plan"), ("xiaomi", "xiaomi_token_plan_cn"), ("mistral", "codestral"),
    ])
    func `5: different accounts of one vendor are separate ids`(left: String, right: String) {
        #expect(catalogue.canonical(Service(left)) != catalogue.canonical(Service(right)))
        let separate = catalogue.definition(of: Service(left)).separateAccounts
        #expect(separate.contains(catalogue.canonical(Service(right))))
        #expect(names(left).first != names(right).first)
    }

    @Test func `5: each account takes its own key and no warning is due`() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["ZAI_API_KEY": "international", "ZHIPU_API_KEY": "china"],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: "zai")?.value == "international")
        #expect(try await resolver.getAPIKey(service: "zhipu")?.value == "china")
        #expect(warnings.events.isEmpty)
    }

    @Test(arguments: ["", " ", "\t\n", "\u{3000}"])
    func `6: empty and blank values count as unset, and explain says so`(blank: String) async throws {
        let resolver = try KeyResolver(environment: ["CO_API_KEY": "sk-1", "COHERE_API_KEY": blank])
        #expect(try await resolver.getAPIKey(service: "cohere")?.value == "sk-1")
        let lines = try resolver.explain(service: "cohere").variables
        #expect(lines.prefix(3).map(\.state) == [.empty, .set, .unset])
        #expect(!(try KeyResolver(environment: ["COHERE_API_KEY": blank]).isConfigured("cohere")))
    }

    @Test(arguments: ["None", "changeme", "your-key-here", "sk-...", "<your key>", "xxxxxxxx", "sk-proj-xxxx", "NULL"])
    func `6: a placeholder is used, with a warning`(value: String) async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(environment: ["OPENAI_API_KEY": value], onWarning: { warnings.add($0) })
        #expect(try await resolver.getAPIKey(service: "openai")?.value == value)
        #expect(warnings.events.map(\.code) == [.placeholder])
        #expect(warnings.events.map(\.names) == [["OPENAI_API_KEY"]])
    }

    @Test(arguments: ["sk-proj-4f8a1", "gsk_9d2", "AIzaSyX", "r8_xx1", "tests-are-good"])
    func `6: what looks like a key is no placeholder`(value: String) async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(environment: ["OPENAI_API_KEY": value], onWarning: { warnings.add($0) })
        _ = try await resolver.getAPIKey(service: "openai")
        #expect(warnings.events.isEmpty)
    }

    @Test func `7: a comma splits nothing unless asked for`() async throws {
        let resolver = try KeyResolver(environment: ["GROQ_API_KEY": "one,two"])
        for _ in 0..<3 { #expect(try await resolver.getAPIKey(service: "groq")?.value == "one,two") }
    }

    @Test(arguments: [
        ("azure", ["api_base", "api_version", "resource_name"]),
        ("bedrock", ["access_key_id", "secret_access_key", "session_token", "region"]),
        ("google_vertex", ["project", "location", "credentials"]), ("watsonx", ["url", "project_id", "token"]),
        ("databricks", ["host", "client_id", "client_secret"]), ("snowflake", ["account"]),
        ("cloudflare", ["account_id", "gateway_id"]), ("klingai", ["access_key", "secret_key"]),
        ("dataforseo", ["login", "password"]), ("oci", ["tenancy", "user", "fingerprint", "region"]),
        ("sap", ["service_key"]), ("langfuse", ["public_key", "secret_key"]), ("google_pse", ["engine_id"]),
    ])
    func `8: services of several values have named fields`(id: String, fields: [String]) {
        let definition = catalogue.definition(of: Service(id))
        #expect(Set(fields).isSubset(of: definition.fields.keys))
    }

    @Test(arguments: ["bedrock", "google_vertex", "databricks", "klingai", "dataforseo", "oci", "sap", "langfuse"])
    func `8: the note says which value is the main key`(id: String) {
        #expect(catalogue.definition(of: Service(id)).note?.contains("main key") == true)
    }

    @Test func `9: every name says which project reads it`() {
        let letters = Set("LVMSCDZPKE?")
        for definition in catalogue.all {
            let own = definition.variables.filter { $0.tier == .service } + definition.fields.values.joined()
            for variable in own {
                #expect(!variable.readBy.isEmpty && Set(variable.readBy).isSubset(of: letters), "\(variable.name)")
            }
        }
    }

    @Test func `9: a configuration overrides the table`() async throws {
        let settings = ProviderSettings(env: ["MY_OPENAI"], aliases: ["work_ai"], isKeyRequired: false)
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": settings]),
            environment: ["OPENAI_API_KEY": "sk-1"]
        )
        #expect(try await resolver.resolve(service: "work-ai").summary == "not required")
        #expect(resolver.catalogue.definition(of: "openai").variables.map(\.tier) == [.configured])
    }
}

extension KeyConfiguration {
    fileprivate static func profile(_ name: String, _ providers: [Service: ProviderSettings]) -> Self {
        var configuration = KeyConfiguration()
        configuration.profiles = [name: KeyProfile(providers: providers)]
        return configuration
    }
}
