import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

/// A plugin of hooks that answer, deny and watch, compiled and run.
struct HookPluginExample {
    /// Stands for a client of a secret store.
    struct Vault: Sendable {
        let secrets: [String: String]

        func read(_ path: String) async throws -> String? {
            await Task.yield()
            return secrets[path]
        }
    }

    private let audited = Audit()
    private let registry = HookRegistry()

    private final class Audit: Sendable {
        let lines = Mutex<[String]>([])

        func log(_ service: Service, _ source: CallSource) {
            lines.withLock { $0.append("\(service): \(source)") }
        }
    }

    private func resolver() throws -> KeyResolver {
        let vault = Vault(secrets: ["ai/openai": "sk-from-the-vault"])
        let audit = audited
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault", filter: .services(["openai"]), priority: 10) { call in
                guard let secret = try await vault.read("ai/openai") else { return }
                call.answer(APIKey(secret))
            }
            hooks.onStart(.getAPIKey, id: "acme/policy", before: ["acme/vault"]) { call in
                if call.arguments.scope.tenant == "guest" {
                    call.deny("guests have no keys")
                }
            }
            hooks.onEnd(.getAPIKey, id: "acme/audit") { call in
                audit.log(call.arguments.service, call.answeredBy)
            }
        }
        return try KeyResolver(
            registry: registry,
            environment: ["OPENAI_API_KEY": "sk-from-the-environment", "GROQ_API_KEY": "gsk-from-the-environment"]
        )
    }

    @Test func answersForItsServiceAndLeavesTheOthersAlone() async throws {
        let resolver = try resolver()
        let openai = try #require(try await resolver.getAPIKey(service: "openai"))
        #expect(openai == APIKey("sk-from-the-vault"))
        #expect(openai.provenance?.source == .hook("acme/vault", detail: nil))
        #expect(try await resolver.getAPIKey(service: "groq") == APIKey("gsk-from-the-environment"))
        #expect(audited.lines.withLock { $0 } == ["openai: hook 'acme/vault'", "groq: the body"])
    }

    @Test func deniesGuestsAlthoughTheEnvironmentHasAKey() async throws {
        let resolver = try resolver()
        let error = await #expect(throws: KeyResolutionError.self) {
            try await resolver.getAPIKey(service: "groq", scope: KeyScope(tenant: "guest"))
        }
        #expect(error?.code == .denied)
        #expect(audited.lines.withLock { $0 } == ["groq: hook 'acme/policy'"])
    }
}
