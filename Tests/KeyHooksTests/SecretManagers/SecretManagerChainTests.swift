import KeyHooks
import KeyHooksTesting
import Testing

@Suite("A chain of secret managers")
struct SecretManagerChainTests {
    private static func failing(_ code: KeyResolutionError.Code) -> ManagedSecrets {
        struct Failing: SecretManager {
            let code: KeyResolutionError.Code
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
                throw KeyResolutionError(code, "scripted", remedy: "none")
            }
        }
        return ManagedSecrets(in: Failing(code: code), named: "first")
    }

    private static func full() throws -> ManagedSecrets {
        ManagedSecrets(in: MemorySecretManager([try SecretName("key"): .text("second")]), named: "second")
    }

    @Test("The first that has it answers, and says who it was")
    func order() async throws {
        let empty = ManagedSecrets(in: MemorySecretManager(), named: "first")
        let chain = ManagedSecrets(in: SecretManagerChain(of: [empty, try Self.full()]))
        let secret = try await chain.read("key")
        #expect(secret?.content.text == "second" && secret?.holder == "second")
        #expect(try await chain.read("none") == nil)
    }

    @Test(
        "A failure ends the call unless its class is skipped",
        arguments: [
            (KeyResolutionError.Code.unavailable, SecretManagerChain.Failure.unavailable), (.sealed, .unavailable),
            (.timedOut, .timedOut), (.unauthenticated, .unauthenticated),
        ]
    )
    func failures(_ code: KeyResolutionError.Code, _ failure: SecretManagerChain.Failure) async throws {
        let members = [Self.failing(code), try Self.full()]
        let strict = ManagedSecrets(in: SecretManagerChain(of: members))
        let error = await #expect(throws: KeyResolutionError.self) { try await strict.read("key") }
        #expect(error?.code == code)
        let lenient = ManagedSecrets(in: SecretManagerChain(of: members, skipping: [failure]))
        #expect(try await lenient.read("key")?.content.text == "second")
        // Nobody can say that there is none.
        let absent = await #expect(throws: KeyResolutionError.self) { try await lenient.read("none") }
        #expect(absent?.code == code)
    }

    @Test("A member that hangs leaves the next its time, and each has no more than its own")
    func time() async throws {
        let hanging = ManagedSecrets(in: Hanging(), named: "first", timeout: .milliseconds(50))
        let chain = ManagedSecrets(
            in: SecretManagerChain(of: [hanging, try Self.full()], skipping: [.timedOut]),
            timeout: .seconds(60)
        )
        #expect(try await chain.read("key")?.content.text == "second")
        let strict = ManagedSecrets(in: SecretManagerChain(of: [hanging, try Self.full()]), timeout: .seconds(60))
        let error = await #expect(throws: KeyResolutionError.self) { try await strict.read("key") }
        #expect(error?.code == .timedOut && error?.message.contains("'first'") == true)
    }

    @Test(
        "A denial and all else always end it",
        arguments: [KeyResolutionError.Code.denied, .insecure, .outdated, .invalidConfiguration]
    )
    func denials(_ code: KeyResolutionError.Code) async throws {
        let chain = SecretManagerChain(
            of: [Self.failing(code), try Self.full()],
            skipping: [.unavailable, .timedOut, .unauthenticated]
        )
        let error = await #expect(throws: KeyResolutionError.self) { try await ManagedSecrets(in: chain).read("key") }
        #expect(error?.code == code)
    }
}
