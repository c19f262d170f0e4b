import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import OpenBao

/// Fakes, for moments that a real server can't be made to hold.
@Suite("Tokens that come late")
struct LateTokenTests {
    private static let login = HTTPTransportResponse(
        200,
        #"{"auth":{"client_token":"s.late","lease_duration":600,"renewable":true}}"#
    )

    private func plugin(_ vault: FaultyVault) throws -> OpenBaoPlugin {
        var configuration = OpenBaoConfiguration(path: "ai/providers")
        configuration.addresses = [FaultyVault.address]
        configuration.logins = [.appRole(roleID: .literal("r"), secretID: .environment("TEST_SECRET_ID"))]
        configuration.settings.timeout = .seconds(1000)
        return try OpenBaoPlugin(
            configuration,
            environment: ["TEST_SECRET_ID": "leak-secret-id"],
            transport: vault.transport,
            clock: vault.clock
        )
    }

    @Test("A token that is on its way while the program ends is revoked as well")
    func revoked() async throws {
        let (gate, arrived) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let vault = FaultyVault { request in
            if request.url.hasSuffix("/login") {
                arrived.continuation.finish()
                for await _ in gate.stream {}
                return Self.login
            }
            return request.url.hasSuffix("/revoke-self") ? HTTPTransportResponse(204) : .secret("sk-1")
        }
        let plugin = try plugin(vault)
        let tokens = plugin.pipeline.source.reader.tokens
        let reader = Task { try await tokens.identity() }
        for await _ in arrived.stream {}
        let end = Task { await plugin.shutdown(within: .seconds(1000)) }
        try await until("nobody may log in any more") { tokens.keeper.isClosed }
        gate.continuation.finish()
        await end.value
        await #expect(throws: (any Error).self) { try await reader.value }
        let last = try #require(vault.transport.requests.last)
        #expect(last.url.hasSuffix("/v1/auth/token/revoke-self"))
        #expect(last.headers["X-Vault-Token"] == "s.late")
    }

    @Test("A server that hangs doesn't keep the program from ending")
    func bounded() async throws {
        let vault = FaultyVault(strikes: 1) { request in
            if request.url.hasSuffix("/revoke-self") { try await FakeTransport.hang() }
            return request.method == "POST" ? Self.login : .secret("sk-1")
        }
        let plugin = try plugin(vault)
        // Got without a bound of its own, so that the one strike is left for the end.
        _ = try await plugin.pipeline.source.reader.tokens.keeper.next()
        await plugin.shutdown(within: .seconds(200))
        #expect(vault.clock.waits.contains(.seconds(200)) || vault.clock.waits.contains(.seconds(1000)))
    }

    @Test("Two logins at once open a wrapping token once, and neither takes the other for a thief")
    func unwrapping() async throws {
        let (gate, arrived) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let lookups = Atomic(0)
        let vault = FaultyVault { request in
            if request.url.hasSuffix("/unwrap") { return HTTPTransportResponse(200, #"{"data":{"secret_id":"s"}}"#) }
            guard lookups.add(1, ordering: .relaxed).oldValue == 0 else {
                return HTTPTransportResponse(400, #"{"errors":["wrapping token is not valid"]}"#)
            }
            arrived.continuation.finish()
            for await _ in gate.stream {}
            return HTTPTransportResponse(200, #"{"data":{"creation_path":"auth/approle/role/r/secret-id"}}"#)
        }
        let client = try plugin(vault).pipeline.source.reader.client
        let path = ["auth", "approle", "role", "r", "secret-id"]
        let wrapped = WrappedSecretID(client, namespace: nil, creationPath: path)
        let open = { @Sendable in
            try await wrapped.secretID(in: APIKey("leak"), from: "W", by: client.clock.now() + .seconds(1000))
        }
        let first = Task { try await open() }
        for await _ in arrived.stream {}
        let second = Task { try await open() }
        gate.continuation.finish()
        #expect(try await first.value.value == "s")
        #expect(try await second.value.value == "s")
        #expect(lookups.load(ordering: .relaxed) == 1)
        #expect(wrapped.alarm == nil)
    }

    @Test("A caller who gives up doesn't lose the token that is on its way")
    func cancelled() async throws {
        let (gate, arrived) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let vault = FaultyVault { request in
            guard request.method == "POST" else { return .secret("sk-1") }
            arrived.continuation.finish()
            for await _ in gate.stream {}
            return Self.login
        }
        let tokens = try plugin(vault).pipeline.source.reader.tokens
        let reader = Task { try await tokens.identity() }
        for await _ in arrived.stream {}
        reader.cancel()
        await #expect(throws: (any Error).self) { try await reader.value }
        gate.continuation.finish()
        #expect(try await tokens.identity().token?.value == "s.late")
        #expect(vault.transport.requests.count == 1)
    }
}
