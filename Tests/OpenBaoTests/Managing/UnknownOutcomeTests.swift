import HTTPTransport
import KeyHooks
import OpenBao
import Testing

/// Writes whose outcome nobody knows, by a fake transport: a real server can't be made to lose its reply at will.
@Suite("Changes of secrets that may have been made")
struct UnknownOutcomeTests {
    private static func manager(_ addresses: [String], _ transport: FakeTransport) throws -> OpenBaoSecretManager {
        var configuration = OpenBaoConfiguration()
        configuration.addresses = addresses
        configuration.token = .environment("TEST_TOKEN")
        let environment = ["HOME": "/nonexistent", "TEST_TOKEN": "s.token"]
        return try OpenBaoSecretManager(configuration, environment: environment, transport: transport)
    }

    @Test(
        "A change that may have been made is sent once, to one server, and the error leaves open whether it was made",
        arguments: [
            (502, "<html>"), (503, "<html>"), (504, "<html>"), (429, "<html>"), (500, #"{"errors": ["x"]}"#),
            (200, "<html>"), (0, "timeout"), (0, "reset"),
        ]
    )
    func unknownOutcome(_ status: Int, _ body: String) async throws {
        for addresses in [["https://a.test:8200"], ["https://a.test:8200", "https://b.test:8200"]] {
            let transport = FakeTransport { request in
                if request.method == "GET" { return HTTPTransportResponse(200, "{}") }
                if status > 0 { return HTTPTransportResponse(status, body) }
                throw HTTPTransportError(body == "timeout" ? .timedOut : .connectionLost)
            }
            let manager = try Self.manager(addresses, transport)
            let secrets = ManagedSecrets(in: manager, access: .readWrite)
            let error = await #expect(throws: KeyResolutionError.self) { try await secrets.write(.text("x"), to: "k") }
            let code = try #require(error?.code)
            #expect([.unavailable, .timedOut].contains(code), "\(error as Any)")
            #expect(transport.requests.filter { $0.method == "POST" }.count == 1)
            let rotation = await #expect(throws: SecretRotationError.self) {
                try await ManagedSecrets(in: WritesOnly(manager), access: .readWrite).rotate("k", to: .text("y"))
            }
            #expect(rotation?.step == .writing && rotation?.written?.rawValue == "k", "\(rotation as Any)")
        }
    }

    @Test(
        "A change that surely wasn't made goes to the next server",
        arguments: [
            (503, #"{"errors": ["Vault is sealed"]}"#), (0, "refused"), (0, "certificate"),
        ]
    )
    func surelyNotDone(_ status: Int, _ body: String) async throws {
        let transport = FakeTransport { request in
            if request.method == "GET" { return HTTPTransportResponse(200, "{}") }
            if request.url.hasPrefix("https://b.test") { return HTTPTransportResponse(200, #"{"data":{"version":1}}"#) }
            if status > 0 { return HTTPTransportResponse(status, body) }
            throw HTTPTransportError(body == "refused" ? .cannotConnect : .expiredCertificate)
        }
        let manager = try Self.manager(["https://a.test:8200", "https://b.test:8200"], transport)
        let version = try await ManagedSecrets(in: manager, access: .readWrite).write(.text("x"), to: "k")
        #expect(version == "1")
    }
}

/// A manager that has an old secret and writes through another: a fake, so that a rotation gets as far as its write.
private struct WritesOnly: WritableSecretManager {
    let manager: OpenBaoSecretManager

    init(_ manager: OpenBaoSecretManager) { self.manager = manager }

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        StoredSecret(.text("old"))
    }

    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String? {
        try await manager.write(content, to: name, options)
    }
}
