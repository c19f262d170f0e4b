import ExtensionHooks
import KeyHooks
import Testing

/// Absent, denied and unavailable are three different things.
struct FailureTests {
    struct Refusal: Error {}

    let registry = HookRegistry()

    private func resolver() throws -> KeyResolver {
        try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-env"])
    }

    private func failed() async throws -> KeyResolutionError {
        try await failure { try await resolver().getAPIKey(service: "openai") }
    }

    @Test func `Any failure that a hook sets is a denial and never falls through`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .failure(Refusal()) }
        }
        let asked = Recording<String>()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "weak/source", priority: 900) { _ in asked.add("weak") }
        }
        let error = try await failed()
        #expect(error.code == .denied && error.service == "openai")
        #expect(error.underlying is Refusal)
        #expect(error.message.contains("denied"))
        #expect(asked.events.isEmpty)
    }

    @Test(
        arguments: [
            KeyResolutionError.Code.denied, .unavailable, .unauthenticated, .sealed, .timedOut, .absent,
            .invalidConfiguration,
        ],
        [true, false]
    )
    func `A hook's own code is kept, thrown or set`(code: KeyResolutionError.Code, isThrown: Bool) async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { call in
                let error = KeyResolutionError(code, "the vault said so", remedy: "wait", service: "openai")
                if isThrown { throw error }
                call.result = .failure(error)
            }
        }
        let error = try await failed()
        #expect(error.code == code)
        #expect(error.description == "the vault said so. Wait.")
    }

    @Test func `A hook that throws has failed, by name and without its text`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { _ in throw LeakyError(description: "sk-leak") }
        }
        let error = try await failed()
        #expect(error.code == .pluginFailed)
        #expect(error.description.contains("acme/vault") && error.description.contains("LeakyError"))
        #expect(!error.description.contains("sk-leak"))
    }

    @Test func `A hook that throws but may be skipped leaves it to the environment`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault", onFailure: .continue) { _ in throw Refusal() }
        }
        #expect(try await resolver().getAPIKey(service: "openai")?.value == "sk-env")
    }

    @Test(.timeLimit(.minutes(5)))
    func `A hook that exceeds its deadline has timed out`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "slow/vault", deadline: .milliseconds(1)) { _ in try await untilCancelled() }
        }
        let error = try await failed()
        #expect(error.code == .timedOut)
        #expect(error.message.contains("slow/vault"))
    }

    @Test func `An end hook that must not fail fails the call`() async throws {
        try registry.register { hooks in
            hooks.onEnd(.getAPIKey, id: "acme/audit", onFailure: .fail) { _ in throw Refusal() }
        }
        #expect(try await failed().code == .pluginFailed)
    }

    @Test func `A broken audit log does not take the answer away`() async throws {
        try registry.register { hooks in hooks.onEnd(.getAPIKey, id: "acme/audit") { _ in throw Refusal() } }
        #expect(try await resolver().getAPIKey(service: "openai")?.value == "sk-env")
    }

    @Test func `A hook that asks forever is stopped`() async throws {
        let resolver = try resolver()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/loop") {
                $0.result = .success(try await resolver.resolve(service: "a"))
            }
        }
        let error = try await failure { try await resolver.getAPIKey(service: "openai") }
        #expect(error.code == .pluginFailed)
    }

    @Test func `A cancellation that a hook sets passes as itself`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { $0.result = .failure(CancellationError()) }
        }
        try registry.register { hooks in
            hooks.onStart(.getSecret, id: "acme/vault") { $0.result = .failure(CancellationError()) }
        }
        let resolver = try resolver()
        await #expect(throws: CancellationError.self) { try await resolver.getAPIKey(service: "openai") }
        await #expect(throws: CancellationError.self) {
            try await resolver.getSecret(service: "azure", field: "api_base")
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [nil, Duration.seconds(3600)])
    func `The caller's own cancellation passes as itself through a hook that waits`(deadline: Duration?) async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "slow/vault", deadline: deadline) { _ in try await untilCancelled() }
            hooks.onStart(.getSecret, id: "slow/vault", deadline: deadline) { _ in try await untilCancelled() }
        }
        let resolver = try resolver()
        let key = Task { try await resolver.getAPIKey(service: "openai") }
        let secret = Task { try await resolver.getSecret(service: "azure", field: "api_base") }
        key.cancel()
        secret.cancel()
        await #expect(throws: CancellationError.self) { try await key.value }
        await #expect(throws: CancellationError.self) { try await secret.value }
    }

    /// Nobody cancelled: to the caller a broken plugin must not look like a wish of its own.
    @Test func `A cancellation that a hook makes up is a failure of the hook`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/vault") { _ in throw CancellationError() }
        }
        #expect(try await failed().code == .pluginFailed)
    }
}
