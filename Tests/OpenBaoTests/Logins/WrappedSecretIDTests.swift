import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Synchronization
import Testing

@Suite("A secret id in a wrapping token")
struct WrappedSecretIDTests {
    private struct Scene: ~Copyable {
        let vault: Vault
        let role: TestRole
        let file: CredentialFile

        func login(role name: String = "reader") -> OpenBaoLogin {
            .appRole(roleID: .literal(role.roleID), wrappedSecretID: file.reference, role: name).at(role.method)
        }
    }

    private func scene(_ wrapped: ((Vault, TestRole) async throws -> String)? = nil) async throws -> Scene {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role(["token_ttl": "600s", "token_type": "batch"])
        let token =
            if let wrapped { try await wrapped(vault, role) } else {
                try await vault.admin.wrappedSecretID(mount: role.method, "reader")
            }
        return Scene(vault: vault, role: role, file: try CredentialFile(token))
    }

    @Test("It is opened once, and what was in it serves later logins")
    func once() async throws {
        let scene = try await scene()
        let resolver = try scene.vault.resolver([scene.login()])
        // A second opening would be an alarm.
        for _ in 1...3 {
            #expect(try await resolver.value("openai") == "sk-1")
            scene.vault.clock.advance(by: .seconds(600))
        }
        #expect(try scene.vault.logins(at: scene.role.method) == 3)
        // Nor is it one that the configuration was read again.
        let other = try scene.vault.resolver([scene.login()])
        #expect(try await other.value("openai") == "sk-1")
        #expect(try scene.vault.logins(at: scene.role.method) == 4)
    }

    @Test("One that somebody else opened is an alarm, which asks nothing more until there is another token")
    func stolen() async throws {
        let scene = try await scene()
        let token = try await scene.vault.admin.wrappedSecretID(mount: scene.role.method, "reader")
        try scene.file.write(token)
        try await scene.vault.admin.unwrap(token)
        let other = scene.role.login.next(.missing, .refused, .unavailable)
        var first = scene.login()
        first.next = [.missing, .refused, .unavailable]
        let resolver = try scene.vault.resolver([first, other], environment: scene.role.environment) {
            $0.settings.fallback = .unavailable
        }
        for _ in 1...5 {
            let error = try #require(await resolver.failure("openai"))
            #expect(error.code == .intercepted, "\(error)")
            #expect(error.message.contains("somebody else may have read the secret id"))
            #expect(!error.description.contains(token))
            scene.vault.clock.advance(by: .seconds(700))
        }
        // An alarm isn't over because the file is.
        try FileManager.default.removeItem(atPath: scene.file.path)
        scene.vault.clock.advance(by: .seconds(2))
        #expect(await resolver.failure("openai")?.code == .intercepted)
        #expect(try scene.vault.logins(at: scene.role.method) == 0)
        try scene.file.write(try await scene.vault.admin.wrappedSecretID(mount: scene.role.method, "reader"))
        scene.vault.clock.advance(by: .seconds(2))
        #expect(try await resolver.value("openai") == "sk-1")
    }

    @Test("One that was made elsewhere is an alarm before it is opened")
    func elsewhere() async throws {
        let scene = try await scene { vault, role in
            // Whoever stole the first one wraps something that looks like a secret id.
            try await vault.admin.wrapped("sys/wrapping/wrap", ["secret_id": role.secretID])
        }
        let error = await (try scene.vault.resolver([scene.login()])).failure("openai")
        #expect(error?.code == .intercepted, "\(String(describing: error))")
        #expect(error?.message.contains("not made at auth/\(scene.role.method)/role/reader/secret-id") == true)
        // It can still be opened.
        let token = try await scene.vault.admin.wrappedSecretID(mount: scene.role.method, "reader")
        try scene.file.write(token)
        let wrong = try scene.vault.resolver([scene.login(role: "other")])
        #expect(await wrong.failure("openai")?.code == .intercepted)
        #expect(try await scene.vault.admin.unwrap(token).status == 200)
    }

    @Test("A namespace that isn't there is a mistake of the configuration, and no alarm")
    func namespace() async throws {
        let scene = try await scene()
        var login = scene.login()
        login.namespace = unique("nowhere")
        let error = await (try scene.vault.resolver([login])).failure("openai")
        #expect(error?.code == .invalidConfiguration, "\(String(describing: error))")
        // Nobody has opened it.
        let right = try scene.vault.resolver([scene.login()])
        #expect(try await right.value("openai") == "sk-1")
    }

    /// A fake, which counts what a real server's log has of all tests at once.
    @Test("An alarm costs one request for each token, and an answer that was lost is named as a cause")
    func requests() async throws {
        let lookups = Atomic(0)
        let vault = FaultyVault { request in
            if request.url.hasSuffix("/lookup") {
                let isFirst = lookups.add(1, ordering: .relaxed).oldValue == 0
                guard isFirst else { return HTTPTransportResponse(400, #"{"errors":["wrapping token is not valid"]}"#) }
                return HTTPTransportResponse(200, #"{"data":{"creation_path":"auth/approle/role/r/secret-id"}}"#)
            }
            guard request.url.hasSuffix("/unwrap") else { return .secret("sk-1") }
            #expect(request.headers["X-Vault-Token"] == "leak-secret-id")
            throw HTTPTransportError(.connectionLost)
        }
        let resolver = try vault.resolver {
            $0.token = nil
            $0.logins = [
                .appRole(roleID: .literal("r"), wrappedSecretID: .environment("TEST_SECRET_ID"), role: "r")
            ]
        }
        #expect(await resolver.failure("openai")?.code == .unavailable)
        for _ in 1...5 {
            vault.clock.advance(by: .seconds(700))
            let error = await resolver.failure("openai")
            #expect(error?.code == .intercepted)
            #expect(error?.message.contains("own attempt to open it was lost") == true)
        }
        // One that opened it without an answer, and is never sent again; one that finds it open.
        #expect(lookups.load(ordering: .relaxed) == 2)
        #expect(vault.transport.urls.count { $0.hasSuffix("/unwrap") } == 1)
    }
}
