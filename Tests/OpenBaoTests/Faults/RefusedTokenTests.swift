import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import Synchronization
import Testing

@Suite("Tokens that are refused again and again")
struct RefusedTokenTests {
    private static let page = HTTPTransportResponse(403, #"{"errors":["blocked"]}"#)

    /// Each login gives another token, as a server does.
    private final class Tokens: Sendable {
        private let state = Mutex((count: 0, dead: Set<String>()))

        var logins: Int { state.withLock { $0.count } }

        func login(lease: Int = 3600) -> HTTPTransportResponse {
            let count = state.withLock { state in
                state.count += 1
                return state.count
            }
            return HTTPTransportResponse(200, #"{"auth":{"client_token":"t\#(count)","lease_duration":\#(lease)}}"#)
        }

        func kill(_ token: String) { state.withLock { _ = $0.dead.insert(token) } }

        func isDead(_ token: String?) -> Bool { state.withLock { $0.dead.contains(token ?? "") } }
    }

    private func logIn(_ configuration: inout OpenBaoConfiguration) {
        configuration.path = "ai/{tenant}"
        configuration.token = nil
        configuration.appRole = AppRoleCredentials(roleID: .literal("r"), secretID: .environment("TEST_SECRET_ID"))
    }

    @Test("A path that something in front refuses does not cost a login a second")
    func storm() async throws {
        let tokens = Tokens()
        let vault = FaultyVault { $0.method == "POST" ? tokens.login() : Self.page }
        let resolver = try vault.resolver(logIn)
        for _ in 1...600 {
            #expect(await resolver.failure("openai", scope: KeyScope(tenant: "bad"))?.code == .denied)
            vault.clock.advance(by: .seconds(1))
        }
        // The pause doubles: 1, 2, 4 seconds and so on, up to five minutes.
        #expect(tokens.logins < 15)
    }

    @Test("Nor does it keep others from the token that is there")
    func others() async throws {
        let tokens = Tokens()
        let gate = AsyncStream<Void>.makeStream()
        let arrived = AsyncStream<Void>.makeStream()
        let vault = FaultyVault { request in
            if request.method == "POST" { return tokens.login() }
            let token = request.headers["X-Vault-Token"]
            if request.url.hasSuffix("/slow"), token == "t1" {
                arrived.continuation.finish()
                for await _ in gate.stream {}
            }
            if tokens.isDead(token) { return HTTPTransportResponse(403, #"{"errors":["permission denied"]}"#) }
            return request.url.hasSuffix("/bad") ? Self.page : .secret("sk-1")
        }
        let resolver = try vault.resolver(logIn)
        #expect(try await resolver.value("openai", scope: KeyScope(tenant: "warm")) == "sk-1")
        tokens.kill("t1")
        let slow = Task { try await resolver.value("openai", scope: KeyScope(tenant: "slow")) }
        for await _ in arrived.stream {}
        #expect(await resolver.failure("openai", scope: KeyScope(tenant: "bad"))?.code == .denied)
        gate.continuation.finish()
        #expect(try await slow.value == "sk-1")
        #expect(tokens.logins == 2)
    }

    @Test("A login that fails ahead of time leaves the token that is there")
    func ahead() async throws {
        let tokens = Tokens()
        let vault = FaultyVault { request in
            guard request.method == "POST" else { return .secret("sk-1") }
            return tokens.logins == 0 ? tokens.login(lease: 1000) : HTTPTransportResponse(400, #"{"errors":["no"]}"#)
        }
        let resolver = try vault.resolver(logIn)
        for step in 0..<9 {
            let scope = KeyScope(tenant: "t\(step)")
            #expect(try await resolver.value("openai", scope: scope) == "sk-1", "after \(step * 100) seconds")
            vault.clock.advance(by: .seconds(100))
        }
        #expect(await resolver.failure("openai", scope: KeyScope(tenant: "late"))?.code == .unauthenticated)
    }

    @Test("A transport that takes no notice of its cancellation does not hold the caller")
    func deaf() async throws {
        let gate = AsyncStream<Void>.makeStream()
        defer { gate.continuation.finish() }
        let vault = FaultyVault(strikes: 1) { _ in
            await Task.detached { for await _ in gate.stream {} }.value
            return .secret("sk-late")
        }
        try await vault.expect(.timedOut)
    }
}
