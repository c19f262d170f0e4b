import ExtensionHooks
import KeyHooks
import Testing

@Suite("The first of several services that has a key")
struct FirstKeyTests {
    /// A resolver whose hooks fail for some services.
    private func resolver(
        _ environment: [String: String] = [:],
        failing: [Service: any Error] = [:],
        asked: Recording<Service> = Recording()
    ) throws -> KeyResolver {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "vault") { call in
                asked.add(call.arguments.service)
                if let error = failing[call.arguments.service] { throw error }
            }
        }
        return try KeyResolver(registry: registry, environment: environment)
    }

    @Test func `They are asked in order, up to the first that has one`() async throws {
        let asked = Recording<Service>()
        let resolver = try resolver(["GROQ_API_KEY": "g", "MISTRAL_API_KEY": "m"], asked: asked)
        let (service, key) = try await resolver.firstAPIKey(of: ["chatgpt", "groq", "mistral"])
        #expect(service == "groq" && key.value == "g")
        #expect(asked.events == ["openai", "groq"])
    }

    @Test(arguments: [denial, outage])
    func `What one is refused hides no other's key`(_ error: KeyResolutionError) async throws {
        let resolver = try resolver(["OPENAI_API_KEY": "o", "GROQ_API_KEY": "g"], failing: ["openai": error])
        #expect(try await resolver.firstAPIKey(of: ["openai", "groq"]).key.value == "g")
    }

    @Test func `The error speaks of all, and its code is the strongest reason's`() async throws {
        let resolver = try resolver(failing: ["openai": outage, "groq": denial])
        let error = try await failure { try await resolver.firstAPIKey(of: ["mistral", "openai", "groq"]).key }
        #expect(error.code == .denied && error.service == "groq" && error.remedy == denial.remedy)
        let lines = error.message.split(separator: "\n").dropFirst()
        #expect(lines.count == 3)
        #expect(lines.first?.contains("MISTRAL_API_KEY") == true)
        #expect(lines.last == "'groq': the vault refused")
        let weaker = try await failure { try await resolver.firstAPIKey(of: ["mistral", "openai"]).key }
        #expect(weaker.code == .unavailable)
    }

    @Test func `Nothing anywhere is an absence that names all that was tried`() async throws {
        let resolver = try resolver()
        let error = try await failure { try await resolver.firstAPIKey(of: ["openai", "ollama", "groq"]).key }
        #expect(error.code == .absent)
        #expect(error.namesTried.contains("OPENAI_API_KEY") && error.namesTried.contains("GROQ_API_KEY"))
        #expect(error.message.contains("'ollama': 'ollama' requires no key"))
        let free = try await failure { try await resolver.firstAPIKey(of: ["ollama", "ollama"]).key }
        #expect(free.code == .notRequired)
    }

    @Test func `One service has its own error, and none is a mistake`() async throws {
        let resolver = try resolver()
        let one = try await failure { try await resolver.firstAPIKey(of: ["openai"]).key }
        let own = try await failure { try await resolver.requireAPIKey(service: "openai") }
        #expect(one.description == own.description)
        #expect(try await failure { try await resolver.firstAPIKey(of: []).key }.code == .invalidService)
    }

    @Test func `Cancellation ends it at once`() async throws {
        let asked = Recording<Service>()
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "slow") { call in
                asked.add(call.arguments.service)
                try await untilCancelled()
            }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let call = Task { try await resolver.firstAPIKey(of: ["openai", "groq"]).key }
        try await until { !asked.events.isEmpty }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(asked.events == ["openai"])
    }
}
