import KeyHooks
import Testing

@Suite("A key that stands where the service belongs is refused and not repeated")
struct PastedServiceTests {
    static let keys = [
        "sk-proj-leak123def456", "sk-proj-leakAbC123dEf456GhI789", "sk-ant-api03-leakAbC123dEf456GhI789-xyzAA",
        "gsk_leak4711AbCdEfGhIjKlMnOp",
        "AIzaSyLeak4711AbCdEfGhIjKlMnOpQrSt", "ghp_leak4711AbCdEfGhIjKlMnOpQrStUvWx", "hvs.leak4711AbCdEfGhIjKlMnOp",
        "s.leak4711AbCdEfGhIjKlMnOp", "AKIALEAK4711EXAMPLE7", "xai-leak4711AbCdEfGhIjKlMnOp",
        "hf_leakAbCdEfGhIjKlMnOpQrStUv", "eyJhbGciOiJIUzI1NiJ9leak.e30.4711", "-----BEGIN PRIVATE KEY-----leak",
        "0leak4711A0leak4711B0leak4711C0", "9f86d081884c7d659a2feaa0c55ad015",
    ]

    @Test("The id has no capitals any more, and is known for a key all the same", arguments: keys)
    func refused(_ key: String) async throws {
        let resolver = try KeyResolver(environment: [:])
        let error = await #expect(throws: KeyResolutionError.self) {
            try await resolver.getAPIKey(service: Service(key))
        }
        #expect(error?.code == .invalidService)
        #expect(error?.message == "what was given as the service looks like a key")
        let explained = #expect(throws: KeyResolutionError.self) { try resolver.explain(service: Service(key)) }
        for text in [error, explained].flatMap({ allTexts(of: $0 as Any) }) {
            #expect(!text.lowercased().contains("leak") && !text.contains("9f86d081"))
        }
        #expect(PastedKey.isInPlaceOfService(key))
    }

    @Test("What is long and no id is not repeated either")
    func long() async throws {
        let resolver = try KeyResolver(environment: [:])
        for text in ["wleakrXUtnFEMI/K7MDENG/bPxRfiCY", "leak ähnlich wie ein Satz"] {
            let error = await #expect(throws: KeyResolutionError.self) {
                try await resolver.getAPIKey(service: Service(text))
            }
            #expect(error?.code == .invalidService && error?.description.contains("leak") == false)
        }
    }

    @Test(
        "Names pass, long ones with numbers too",
        arguments: [
            "my-very-long-internal-gateway-for-all-teams-in-europe", "claude-3-5-sonnet-20241022-v2-0",
            "Claude-3-5-Sonnet-20241022-V2", "meta-llama-3.1-405b-instruct-turbo", "sk-team-production-europe",
            "sk-model-v2-large-x", "s-k8s1prod2-cluster", "asia-southeast1-aiplatform", "S.example-2026.team7",
            "b_team_7_keys_2026_11",
            "3b241101-e2bb-4255-8caf-4136c566a962", "ec2-203-0-113-25.compute-1", "donaudampfschifffahrtsgesellschaft",
            "azure-openai-gpt-4o-mini-2024-07-18-eu-west-1", "hf-inference-endpoints-dedicated",
            "begin-here-with-the-first-key", "11111111111111111111", "accounts-fireworks-models-llama-v3p1-405b",
        ]
    )
    func passed(_ name: String) async throws {
        #expect(!PastedKey.isInPlaceOfService(name))
        #expect(try await KeyResolver(environment: [:]).getAPIKey(service: Service(name)) == nil)
    }

    @Test("All services of the catalogue are names")
    func catalogue() {
        for definition in ServiceCatalogue.standard.all {
            for service in [definition.service] + definition.aliases {
                #expect(!PastedKey.isInPlaceOfService(service.id))
            }
        }
    }
}
