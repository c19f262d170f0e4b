import KeyHooks
import Testing

/// What people have in their `.env` for other tools, each variable alone with the tool's own name for the provider.
struct ExamplePairTests {
    @Test(arguments: ExamplePairs.all)
    func `A variable of a widely used tool is found, or left out for a reason`(pair: ExamplePairs.Pair) async throws {
        let resolver = try KeyResolver(environment: [pair.variable: "sk-of-the-example"])
        let service = Service(pair.id)
        let value =
            if let field = pair.field {
                try await resolver.getSecret(service: service, field: field)?.value
            } else {
                try await resolver.getAPIKey(service: service)?.value
            }
        #expect((value == "sk-of-the-example") == (pair.reason == nil))
    }

    /// The bar is 215 of 227 in the report on these files; here are the pairs that could be read again.
    @Test func `At least 95 of a hundred are found`() {
        let all = ExamplePairs.all
        let left = all.filter { $0.reason != nil }
        #expect(all.count >= 225 && left.count <= 12, "\(all.count) pairs, \(left.count) left out")
        #expect(Set(all.map(\.tool)).count == 10)
        #expect(Set(all.map(\.description)).count == all.count)
    }

    /// What the report found missing; all of it stands in the table.
    @Test(arguments: [
        "GLM_API_KEY", "QWEN_API_KEY", "GROK_API_KEY", "AI302_API_KEY", "ARCEEAI_API_KEY", "TENCENT_CLOUD_API_KEY",
        "AZURE_OPENAI_KEY", "MOONSHOT_AI_API_KEY", "VOYAGEAI_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "OPEN_AI_KEY",
    ])
    func `A name that a whole user base sets is in the catalogue`(name: String) {
        let owners = ServiceCatalogue.standard.all.filter { definition in
            definition.variables.contains { $0.name == name && $0.tier == .service }
        }
        #expect(owners.count == 1)
        #expect(ExamplePairs.all.contains { $0.variable == name && $0.reason == nil })
    }
}
