import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import LiteLLM

/// Keys that an engine inside OpenBao makes, through OpenBao's leases.
///
/// The engine is a fake: neither of the two can be built here. It answers as they do, and has the keys made, renewed and
/// deleted at the real proxy.
@Suite(.timeLimit(.minutes(5))) struct EngineTests {
    @Test(
        "A key that an engine made comes, is renewed and is revoked through OpenBao's leases",
        arguments: Engine.Kind.allCases
    )
    func life(_ kind: Engine.Kind) async throws {
        try await withProxyUser { user in
            let engine = Engine(kind, user)
            let resolver = try engine.resolver()
            let key = try await resolver.requireAPIKey(service: "litellm")
            #expect(try await user.rows.map(\.token) == [key.token])
            #expect(try await user.proxy.chat(key: key.value, model: "gpt-stand-in") == 200)
            let lease = try #require(key.provenance?.lease)
            #expect(lease.id.hasPrefix("litellm/creds/agents/") && lease.isRenewable)
            #expect(user.written.map(\.id) == [lease.id])
            user.clock.advance(by: .seconds(45 * 60))
            try await until("it was renewed") {
                let given = try await resolver.virtualKey()
                #expect(given == key)
                return resolver.leaseStatistics["openbao"]?.renewed == 1
            }
            #expect(engine.count("/v1/sys/leases/renew") == 1 && engine.count("/v1/litellm/creds/agents") == 1)
            #expect(try await user.requests("/key/update").count == (kind == .benemon ? 1 : 0))
            #expect(resolver.release(key))
            try await until("it was revoked") { try await user.rows.isEmpty && user.written.isEmpty }
            #expect(engine.count("/v1/sys/leases/revoke") == 1)
            // Neither the key nor the token is written anywhere.
            #expect(!user.filed.contains(key.value) && !user.filed.contains("s.leak-token"))
            let other = try await resolver.requireAPIKey(service: "litellm")
            #expect(other != key)
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test("The name of the key comes with it", arguments: [("key_alias", Engine.Kind.benemon), ("alias", .cliqueIT)])
    func name(_ field: String, _ kind: Engine.Kind) async throws {
        try await withProxyUser { user in
            let resolver = try Engine(kind, user).resolver()
            try resolver.override("groq") { $0["openbao"] = ["field": PluginSetting(field)] }
            _ = try await resolver.requireAPIKey(service: "litellm")
            let name = try await resolver.requireAPIKey(service: "groq").value
            #expect(try await user.rows.map(\.key_alias) == [name])
            await resolver.shutdown()
        }
    }
}

/// OpenBao with an engine that makes keys of LiteLLM.
final class Engine: Sendable {
    enum Kind: CaseIterable {
        /// Renews the key with its lease.
        case benemon

        /// Makes keys of 48 hours, and renews the lease alone.
        case cliqueIT
    }

    private let kind: Kind
    private let user: ProxyUser
    private let seen = Mutex<[String]>([])
    private let lent = Mutex<[String: String]>([:])

    init(_ kind: Kind, _ user: ProxyUser) {
        self.kind = kind
        self.user = user
    }

    func count(_ path: String) -> Int { seen.withLock { $0.count { $0 == path } } }

    func resolver() throws -> KeyResolver {
        var configuration = OpenBaoConfiguration()
        configuration.addresses = ["https://bao.test:8200"]
        configuration.token = .environment("TEST_TOKEN")
        configuration.mount = "litellm"
        configuration.creds = "agents"
        configuration.field = "key"
        configuration.settings.cache.jitter = 0
        configuration.settings.leases = LeaseSettings(
            idle: .seconds(100_000),
            grace: .seconds(30),
            journal: user.journal
        )
        let plugin = try OpenBaoPlugin(
            configuration,
            environment: user.folder.environment.merging(["TEST_TOKEN": "s.leak-token"]) { $1 },
            transport: FakeTransport { [self] in try await answer($0) },
            clock: user.clock,
            date: user.date
        )
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: [:])
    }

    private func answer(_ request: HTTPTransportRequest) async throws -> HTTPTransportResponse {
        seen.withLock { $0.append(request.path) }
        let body = try request.body.flatMap { try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] }
        switch request.path {
        case "/v1/litellm/creds/agents": return try await creds()
        case "/v1/sys/leases/renew":
            let id = try #require(body?["lease_id"] as? String)
            let token = try #require(lent.withLock { $0[id] })
            if kind == .benemon { try await ask("update", ["key": token, "duration": "3600s"]) }
            return Self.reply(["lease_id": id, "renewable": true, "lease_duration": 3600])
        case "/v1/sys/leases/revoke":
            let id = try #require(body?["lease_id"] as? String)
            let token = try #require(lent.withLock { $0.removeValue(forKey: id) })
            try await ask("delete", ["keys": [token]])
            return HTTPTransportResponse(status: 204, headers: ["cache-control": "no-store"])
        case "/v1/auth/token/lookup-self":
            return Self.reply([
                "data": ["ttl": 0, "num_uses": 0, "renewable": false, "type": "service"] as [String: Any]
            ])
        default: return HTTPTransportResponse(status: 404, body: Array(#"{"errors":[]}"#.utf8))
        }
    }

    /// Makes a key as the engine does: under a name of its own, and with the fields that it answers.
    private func creds() async throws -> HTTPTransportResponse {
        let (id, alias) = (unique("litellm/creds/agents/lease"), "\(user.stem)/vault-\(unique("agents"))")
        let order = ["key_alias": alias, "duration": kind == .benemon ? "3600s" : "48h"]
        let made = try await ask("generate", order)
        let (key, token) = (try made.required("key"), try made.required("token"))
        lent.withLock { $0[id] = token }
        let data: [String: Any] =
            switch kind {
            case .benemon:
                ["key": key, "token_id": token, "key_alias": alias, "expires": try made.required("expires")]
            case .cliqueIT: ["key": key, "alias": alias]
            }
        return Self.reply(["lease_id": id, "renewable": true, "lease_duration": 3600, "data": data])
    }

    @discardableResult
    private func ask(_ action: String, _ body: [String: Any]) async throws -> BaoReply {
        let reply = try await user.proxy.ask("key/\(action)", key: user.proxy.masterKey, body: body)
        guard reply.status == 200 else { throw BaoFailure("the proxy answers \(reply.status) to /key/\(action)") }
        return reply
    }

    private static func reply(_ body: [String: Any]) -> HTTPTransportResponse {
        let data = (try? JSONSerialization.data(withJSONObject: body)) ?? Data()
        return HTTPTransportResponse(status: 200, headers: ["content-type": "application/json"], body: Array(data))
    }
}
