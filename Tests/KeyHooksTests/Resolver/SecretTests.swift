import ExtensionHooks
import KeyHooks
import Testing

struct SecretTests {
    let environment = [
        "AWS_DEFAULT_REGION": "eu-2", "AWS_REGION": "eu-1", "AWS_BEARER_TOKEN_BEDROCK": "token",
        "AZURE_OPENAI_ENDPOINT": "https://azure",
    ]

    @Test(arguments: [
        ("bedrock", "region", "eu-1"), ("aws", "region", "eu-1"), ("bedrock", "bearer_token", "token"),
        ("azure", "api_base", "https://azure"), ("bedrock", "profile", nil),
    ])
    func `A field is read from its own variables in order`(name: String, field: String, value: String?) async throws {
        let resolver = try KeyResolver(environment: environment)
        #expect(try await resolver.getSecret(service: Service(name), field: field)?.value == value)
    }

    @Test func `An absent field names what was tried`() async throws {
        let answer = try await KeyResolver(environment: [:]).resolveSecret(service: "bedrock", field: "region")
        guard case .absent(let absence) = answer else {
            Issue.record("found a region in an empty environment")
            return
        }
        #expect(
            absence.namesTried == ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_REGION_NAME", "BEDROCK_AWS_DEFAULT_REGION"]
        )
    }

    @Test(arguments: [
        ("bedrock", "regin", "did you mean 'region'? Its fields are access_key_id"),
        ("bedrock", "zzzzzzzzzzzz", "its fields are access_key_id"), ("openai", "region", "it has no fields"),
        ("nobody", "region", "it has no fields"), ("bedrock", "", "its fields are access_key_id"),
    ])
    func `An unknown field is an error that says what there is`(
        name: String,
        field: String,
        remedy: String
    ) async throws {
        let resolver = try KeyResolver(environment: environment)
        let error = try await failure { try await resolver.getSecret(service: Service(name), field: field) }
        #expect(error.code == .unknownField)
        #expect(error.remedy.hasPrefix(remedy))
    }

    @Test func `The two points never see each other's requests`() async throws {
        let registry = HookRegistry()
        let calls = Recording<String>()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/key") { calls.add("key \($0.arguments.service)") }
        }
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/field") { call in
                calls.add("field \(call.arguments.service).\(call.arguments.field ?? "")")
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: environment)
        _ = try await resolver.getSecret(service: "aws", field: "region")
        #expect(calls.events == ["field bedrock.region"])
        _ = try await resolver.getAPIKey(service: "aws")
        #expect(calls.events == ["field bedrock.region", "key bedrock"])
    }

    @Test func `A hook answers, rewrites and denies fields as it does keys`() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/vault") { call in
                switch call.arguments.field {
                case "region": call.result = .success(.found(APIKey("hook")))
                case "profile": call.arguments.field = "bearer_token"
                case "access_key_id": call.arguments.field = "no such field"
                default: call.result = .failure(LeakyError(description: "token"))
                }
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: environment)
        #expect(try await resolver.getSecret(service: "bedrock", field: "region")?.value == "hook")
        #expect(try await resolver.getSecret(service: "bedrock", field: "profile")?.value == "token")
        let unknown = try await failure { try await resolver.getSecret(service: "bedrock", field: "access_key_id") }
        #expect(unknown.code == .unknownField)
        let denied = try await failure { try await resolver.getSecret(service: "bedrock", field: "bearer_token") }
        #expect(denied.code == .denied)
    }

    @Test func `The record of a rewritten field names the fields`() async throws {
        let registry = HookRegistry()
        let records = Recording<CallRecord>()
        try registry.register { hooks in hooks.observe { records.add($0) } }
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/route") { call in
                call.arguments.field = "profile"
                call.arguments.scope.tenant = "t"
            }
        }
        _ = try await KeyResolver(registry: registry, environment: [:]).getSecret(service: "bedrock", field: "region")
        #expect(records.events.first?.rewrites.first?.changes == ["field region -> profile", "scope"])
    }
}
