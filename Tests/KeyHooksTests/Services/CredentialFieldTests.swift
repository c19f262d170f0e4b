import KeyHooks
import Testing

/// Services that do without a main key if certain fields are set.
struct CredentialFieldTests {
    static let usual: [(String, [String: String])] = [
        ("bedrock", ["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1"]),
        ("bedrock_converse", ["BEDROCK_AWS_ACCESS_KEY_ID": "AKIA1", "BEDROCK_AWS_SECRET_ACCESS_KEY": "s"]),
        ("google_vertex", ["GOOGLE_APPLICATION_CREDENTIALS": "/run/sa.json", "VERTEXAI_PROJECT": "p"]),
        ("google_vertex_anthropic", ["GOOGLE_APPLICATION_CREDENTIALS": "/run/sa.json", "GOOGLE_VERTEX_PROJECT": "p"]),
        (
            "vertex_ai",
            ["GOOGLE_APPLICATION_CREDENTIALS": "/run/a", "GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_LOCATION": "l"]
        ),
        ("baidu", ["QIANFAN_ACCESS_KEY": "a", "QIANFAN_SECRET_KEY": "s"]),
        ("azure", ["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"]),
        ("databricks", ["DATABRICKS_HOST": "h", "DATABRICKS_CLIENT_ID": "c", "DATABRICKS_CLIENT_SECRET": "s"]),
        ("klingai", ["KLINGAI_ACCESS_KEY": "a", "KLINGAI_SECRET_KEY": "s"]),
    ]

    @Test(arguments: usual)
    func `A service counts as set by its usual credentials`(id: String, environment: [String: String]) async throws {
        let resolver = try KeyResolver(environment: environment)
        let service = resolver.catalogue.canonical(Service(id))
        #expect(resolver.isConfigured(Service(id)))
        let summary = try #require(try resolver.list().first { $0.service == service.id })
        #expect(summary.outcome == .fields)
        let first = try #require(summary.winner)
        #expect(environment[first.variable] != nil && first.place == "process environment")
        let explanation = try resolver.explain(service: Service(id))
        #expect(explanation.outcome == .fields)
        #expect(explanation.description.contains("no main key, but its fields are set"))
        // There is still no main key to hand out.
        #expect(try await resolver.getAPIKey(service: Service(id)) == nil)
        let error = try await failure { try await resolver.requireAPIKey(service: Service(id)) }
        #expect(error.code == .absent && error.remedy.hasPrefix("read its fields ") && error.remedy.contains("--field"))
        for value in environment.values where value.count > 3 { #expect(!error.description.contains(value)) }
    }

    @Test(arguments: [
        (
            ["AWS_ACCESS_KEY_ID": "your_aws_access_key_id_here", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENG"],
            "AWS_ACCESS_KEY_ID in the process environment looks like a placeholder"
        ),
        (
            ["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY_FILE": "/nonexistent/key"],
            "AWS_SECRET_ACCESS_KEY_FILE names a file that isn't read"
        ),
    ])
    func `What is odd about the fields is said where they count as set`(
        environment: [String: String],
        words: String
    ) throws {
        let resolver = try KeyResolver(environment: environment)
        let summary = try #require(try resolver.list().first { $0.service == "bedrock" })
        #expect(summary.warnings.count == 1 && summary.warnings[0].contains(words), "\(summary.warnings)")
        #expect(try resolver.explain(service: "bedrock").warnings.contains { $0.contains(words) })
    }

    @Test(arguments: usual)
    func `One field less is not enough`(id: String, environment: [String: String]) throws {
        let catalogue = ServiceCatalogue.standard
        let definition = catalogue.definition(of: Service(id))
        for field in try #require(definition.credentials.first) {
            let names = Set((definition.fields[field] ?? []).map(\.name))
            let resolver = try KeyResolver(environment: environment.filter { !names.contains($0.key) })
            #expect(!resolver.isConfigured(Service(id)), "without \(field)")
            #expect(try resolver.list().first { $0.service == definition.service.id }?.outcome == .absent)
        }
    }

    @Test(arguments: [
        ("bedrock", ["AWS_PROFILE": "work", "AWS_REGION": "eu-west-1"], "profile and region"),
        ("qianfan", ["QIANFAN_AK": "a", "QIANFAN_SK": "s"], "app_api_key and app_secret_key"),
    ])
    func `Other fields do where the usual ones are not set`(
        id: String,
        environment: [String: String],
        fields: String
    ) async throws {
        let resolver = try KeyResolver(environment: environment)
        #expect(resolver.isConfigured(Service(id)))
        let service = resolver.catalogue.canonical(Service(id)).id
        #expect(try resolver.list().filter { $0.outcome == .fields }.map(\.service) == [service])
        let error = try await failure { try await resolver.requireAPIKey(service: Service(id)) }
        #expect(error.remedy.hasPrefix("read its fields \(fields), "), "\(error)")
        for name in environment.keys {
            let resolver = try KeyResolver(environment: environment.filter { $0.key != name })
            #expect(!resolver.isConfigured(Service(id)), "without \(name)")
        }
    }

    @Test func `The location of Vertex is Google's own variable too`() async throws {
        let resolver = try KeyResolver(environment: ["GOOGLE_CLOUD_LOCATION": "global", "VERTEX_LOCATION": "eu"])
        for service: Service in ["vertex", "google_vertex_anthropic"] {
            #expect(try await resolver.getSecret(service: service, field: "location")?.value == "eu")
        }
    }

    @Test func `The error says what is set and how it is read`() async throws {
        let resolver = try KeyResolver(environment: Self.usual[0].1)
        let error = try await failure { try await resolver.requireAPIKey(service: "bedrock") }
        #expect(
            error.remedy
                == "read its fields access_key_id and secret_access_key, which are set in AWS_ACCESS_KEY_ID and "
                + "AWS_SECRET_ACCESS_KEY, one by one, by getSecret(service:field:) or --field. "
                + "For a main key set AWS_BEARER_TOKEN_BEDROCK in the environment"
        )
    }

    @Test func `A main key is found as ever, and blank fields count for nothing`() async throws {
        var environment = Self.usual[0].1
        environment["AWS_BEARER_TOKEN_BEDROCK"] = "bearer"
        let resolver = try KeyResolver(environment: environment)
        #expect(try await resolver.getAPIKey(service: "bedrock")?.value == "bearer")
        #expect(try resolver.list().first { $0.service == "bedrock" }?.outcome == .found)
        let blank = try KeyResolver(environment: ["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": " "])
        #expect(!blank.isConfigured("bedrock"))
    }

    @Test(arguments: [
        ("lmstudio", "LMSTUDIO_AUTH_TOKEN"), ("ollama", "OLLAMA_AUTH_TOKEN"), ("lemonade", "LEMONADE_LLM_API_KEY"),
        ("other", "API_KEY_OTHER"), ("omlx", "OMLX_LLM_API_KEY"), ("localai", "LOCAL_AI_API_KEY"),
    ])
    func `A key that is set for a service that requires none is given`(id: String, variable: String) async throws {
        #expect(try await KeyResolver(environment: [:]).resolve(service: Service(id)).summary == "not required")
        let resolver = try KeyResolver(environment: [variable: "gate"])
        #expect(try await resolver.resolve(service: Service(id)).summary == "found gate")
    }
}
