import KeyHooks
import Testing

struct EndpointTests {
    let all = ServiceCatalogue.standard.all

    @Test func `Nearly every service has a base URL and a form of authentication`() {
        #expect(all.count { $0.baseURL != nil } >= 250)
        #expect(all.count { $0.authentication != nil } >= 255)
    }

    @Test func `A base URL is https or of this machine, with fields of the service`() throws {
        for definition in all {
            guard let url = definition.baseURL else { continue }
            #expect(!url.template.hasSuffix("/") && !url.sources.isEmpty && url.description == url.template)
            #expect(Set(url.placeholders).isSubset(of: definition.fields.keys), "\(url)")
            let values = Dictionary(uniqueKeysWithValues: url.placeholders.map { ($0, "https://a.example/") })
            let filled = try #require(url.filled(with: values))
            #expect(filled.hasPrefix("https://") || filled.hasPrefix("http://localhost:"), "\(filled)")
            #expect(!filled.contains("{") && !filled.hasSuffix("/"))
            #expect(url.placeholders.isEmpty == (url.filled() != nil))
        }
    }

    @Test(arguments: [
        ("openai", "https://api.openai.com/v1"), ("claude", "https://api.anthropic.com"),
        ("groq", "https://api.groq.com/openai/v1"), ("openrouter", "https://openrouter.ai/api/v1"),
        ("grok", "https://api.x.ai/v1"), ("deepseek", "https://api.deepseek.com"),
    ])
    func `A service has the URL of its documentation`(id: String, url: String) {
        #expect(ServiceCatalogue.standard.definition(of: Service(id)).baseURL?.filled() == url)
    }

    @Test func `Fields fill placeholders`() throws {
        let bedrock = try #require(ServiceCatalogue.standard.definition(of: "bedrock").baseURL)
        #expect(bedrock.placeholders == ["region"])
        #expect(bedrock.filled(with: ["region": "eu-west-1"]) == "https://bedrock-runtime.eu-west-1.amazonaws.com")
        #expect(bedrock.filled() == nil && bedrock.filled(with: ["region": ""]) == nil)
        let databricks = try #require(ServiceCatalogue.standard.definition(of: "databricks").baseURL)
        let host = ["host": "https://adb-1.azuredatabricks.net/", "client_id": "unused"]
        #expect(databricks.filled(with: host) == "https://adb-1.azuredatabricks.net/serving-endpoints")
    }

    @Test(
        arguments: [
            ("openai", .bearer, "Authorization"), ("anthropic", .header(name: "x-api-key"), "x-api-key"),
            ("google", .header(name: "x-goog-api-key"), "x-goog-api-key"),
            ("azure", .header(name: "api-key"), "api-key"),
            ("deepgram", .scheme("Token"), "Authorization"), ("serpapi", .query(parameter: "api_key"), nil),
            ("dataforseo", .basic(userField: "login"), "Authorization"), ("oci", .signature, nil),
            ("google_vertex", .exchange, nil), ("docker_model_runner", .notNeeded, nil),
        ] as [(String, ServiceAuthentication, String?)]
    )
    func `A service says how it wants its key`(id: String, form: ServiceAuthentication, header: String?) {
        let authentication = ServiceCatalogue.standard.definition(of: Service(id)).authentication
        #expect(authentication == form)
        #expect(authentication?.headerName == header)
    }

    @Test func `A variable may hold a key of another form`() {
        let anthropic = ServiceCatalogue.standard.definition(of: "anthropic")
        #expect(anthropic.authentication(forVariable: "ANTHROPIC_API_KEY") == .header(name: "x-api-key"))
        for name in ["ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"] {
            #expect(anthropic.authentication(forVariable: name) == .bearer)
        }
        let azure = ServiceCatalogue.standard.definition(of: "azure")
        #expect(azure.authentication(forVariable: "AZURE_AD_TOKEN") == .bearer)
    }

    @Test func `Of a service that nobody lists nothing is known`() {
        let definition = ServiceCatalogue.standard.definition(of: "unheard_of")
        #expect(definition.baseURL == nil && definition.authentication == nil)
    }
}
