import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

/// Shared accounts that are checked out and in, over a fake server: the engine needs a directory, and none runs here.
@Suite(.timeLimit(.minutes(1))) struct CheckOutTests {
    private static let lent = HTTPTransportResponse(
        200,
        """
        {"lease_id":"ldap/library/bots/check-out/abc","lease_duration":600,"renewable":true,
         "data":{"service_account_name":"bot1","password":"sk-bot"}}
        """
    )

    private func transport(_ checkOut: HTTPTransportResponse = lent) -> FakeTransport {
        FakeTransport { request in
            switch request.url.dropFirst(FaultyVault.address.count) {
            case "/v1/ldap/library/bots/check-out": checkOut
            case "/v1/auth/token/lookup-self": HTTPTransportResponse(200, #"{"data":{"ttl":0,"num_uses":0}}"#)
            case "/v1/sys/leases/revoke":
                HTTPTransportResponse(204, headers: ["cache-control": "no-store"])
            default: HTTPTransportResponse(404, #"{"errors":[]}"#)
            }
        }
    }

    private func resolver(
        _ transport: FakeTransport,
        _ folder: KeyHooksTesting.TemporaryFolder
    ) throws -> KeyResolver {
        var configuration = OpenBaoConfiguration()
        configuration.addresses = [FaultyVault.address]
        configuration.token = .environment("TEST_TOKEN")
        (configuration.mount, configuration.library, configuration.field) = ("ldap", "bots", "password")
        configuration.duration = .seconds(600)
        configuration.settings.leases.journal = "\(folder.path)/leases"
        let environment = ["TEST_TOKEN": "s.token", "OPENAI_API_KEY": "sk-environment"]
        let plugin = try OpenBaoPlugin(
            configuration,
            environment: environment,
            transport: transport,
            clock: ManualClock()
        )
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: environment)
    }

    @Test func `An account is checked out for as long as is said, and its lease is revoked, which checks it in`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let transport = transport()
            let resolver = try resolver(transport, folder)
            let key = try await resolver.requireAPIKey(service: "openai")
            #expect(key.value == "sk-bot" && key.provenance?.lease?.id == "ldap/library/bots/check-out/abc")
            let checkOut = try #require(transport.requests.first { $0.url.hasSuffix("/check-out") })
            #expect(checkOut.method == "POST")
            #expect(checkOut.body.map { String(decoding: $0, as: UTF8.self) } == #"{"ttl":"600s"}"#)
            #expect(resolver.release(key))
            try await until("it is checked in") { resolver.leaseStatistics["openbao"]?.givenBack == 1 }
            let back = try #require(transport.requests.last { $0.url.hasSuffix("/revoke") })
            let body = try #require(back.body)
            let members = try JSONDecoder().decode(Revocation.self, from: Data(body))
            #expect(members.lease_id == "ldap/library/bots/check-out/abc" && members.sync)
        }
    }

    private struct Revocation: Decodable {
        let lease_id: String
        let sync: Bool
    }

    @Test func `Where no account is free, that is said, and the environment doesn't answer`() async throws {
        try await withTemporaryFolder { folder in
            let none = #"{"errors":["no service accounts available for check-out"]}"#
            let transport = transport(HTTPTransportResponse(400, none))
            let error = try #require(await resolver(transport, folder).failure("openai"))
            #expect(error.code == .invalidConfiguration && error.remedy.contains("whether an account is free"))
            // What may have been checked out isn't asked for again.
            #expect(transport.requests.count { $0.url.hasSuffix("/check-out") } == 1)
        }
    }
}
