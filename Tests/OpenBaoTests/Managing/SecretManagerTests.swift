import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

/// OpenBao as a secret manager, on the real server.
@Suite("OpenBao as a secret manager", .timeLimit(.minutes(5)))
struct SecretManagerTests {
    @Test("It keeps the contract, values of every kind byte for byte included")
    func contract() async throws {
        let vault = try await Vault()
        let away = try vault.manager { $0.addresses = ["http://127.0.0.1:\(try freePort())"] }
        let check = SecretManagerConformance(of: try vault.manager(), failing: away)
        #expect(await check.failures(absent: "ai/none", writable: "ai/conformance/one") == [])
    }

    @Test("Missing, denied and recovered are told apart, on the first read and on every later one")
    func outcomes() async throws {
        let vault = try await Vault()
        let secrets = try vault.secrets()
        try await secrets.write(.text("sk-1"), to: "denied/key")
        let limited = ManagedSecrets(in: try vault.manager(token: try await vault.token(reading: "ai/*")))
        for _ in 1...2 {
            #expect(try await limited.read("ai/none") == nil)
            let error = await #expect(throws: KeyResolutionError.self) { try await limited.read("denied/key") }
            #expect(error?.code == .denied)
        }
        try await secrets.write(.text("sk-2"), to: "ai/none")
        for _ in 1...2 { #expect(try await limited.read("ai/none")?.content.text == "sk-2") }
        // As keys they are kept, and the second answer is the first one.
        try await secrets.write(.text("sk-3"), to: "denied/groq")
        let hooks = HookRegistry()
        try hooks.register { hooks in
            hooks.answer(from: try limited.keys(at: "{tenant}/{service}"), id: "limited")
        }
        let resolver = try KeyResolver(registry: hooks, environment: ["GROQ_API_KEY": "gsk-env"])
        let scope = KeyScope(tenant: "ai")
        for value in SecretManagerConformance.values {
            try await secrets.write(.text(value), to: "ai/openai")
            resolver.invalidateAll()
            let first = try await resolver.getAPIKey(service: "openai", scope: scope)?.value
            #expect((first == nil) == value.isEmpty)
            #expect(try await resolver.getAPIKey(service: "openai", scope: scope)?.value == first)
        }
        for _ in 1...2 {
            #expect(await resolver.failure("groq", scope: KeyScope(tenant: "denied"))?.code == .denied)
        }
    }

    @Test("Fields and numbers are as the server wrote them, and one field 'value' is one text")
    func fields() async throws {
        let vault = try await Vault()
        let secrets = try vault.secrets()
        let body = #"{"data": {"big": 12345678901234567890, "half": 1.50, "s": "x", "deep": {"list": [true, null]}}}"#
        try await vault.write("ai/typed", body)
        // OpenBao keeps numbers as 64-bit floating-point ones; it is its own words that count.
        let served = try await vault.admin.get(vault.mount, "ai/typed").text
        #expect(served.contains(#""big":12345678901234567000"#) && served.contains(#""half":1.5"#))
        for _ in 1...2 {
            let content = try #require(try await secrets.read("ai/typed")?.content)
            #expect(content["big"] == "12345678901234567000" && content["half"] == "1.5")
            #expect(content["deep"] == #"{"list":[true,null]}"# && content.text == nil)
        }
        // So they can be written again, and what it would change is refused.
        try await secrets.write("y", toField: "s", of: "ai/typed")
        #expect(try await secrets.read("ai/typed")?.content["big"] == "12345678901234567000")
        try await withTemporaryFolder { folder in
            let path = try folder.write("t.json", #"{"a": {"n": 12345678901234567890}, "b": {"n": [1.50]}}"#)
            chmod(path, 0o600)
            let file = ManagedSecrets(in: FileSecretManager(path))
            for name in ["a", "b"] {
                let content = try #require(try await file.read(name)?.content)
                let error = await #expect(throws: KeyResolutionError.self) {
                    try await secrets.write(content, to: name)
                }
                #expect(error?.code == .invalidConfiguration && error?.description.contains("123") == false)
            }
        }
        try await vault.admin.put(vault.mount, "ai/text", ["value": "sk-text"])
        let text = try #require(try await secrets.read("ai/text")?.content)
        #expect(text.text == "sk-text" && text["value"] == "sk-text" && text.fieldNames == nil)
        try await secrets.rotate("ai/text", field: "value", to: "sk-new")
        #expect(try await vault.admin.get(vault.mount, "ai/text").required("data.data.value") == "sk-new")
        try await secrets.rotate("ai/text", to: .fields(["value": "sk-newer"]))
        try await secrets.write("b", toField: "other", of: "ai/text")
        #expect(try await secrets.read("ai/text")?.content == .fields(["value": "sk-newer", "other": "b"]))
    }

    @Test("Of two writers under one condition one learns of the other, also of what was deleted")
    func conditions() async throws {
        let vault = try await Vault()
        let secrets = try vault.secrets()
        #expect(try await secrets.write(.text("1"), to: "ai/key", if: .isAbsent) == "1")
        let old = try #require(try await secrets.read("ai/key"))
        #expect(old.version == "1" && old.createdAt != nil)
        #expect(try await secrets.write(.text("2"), to: "ai/key", if: .isUnchanged(since: old)) == "2")
        for condition in [SecretCondition.isUnchanged(since: old), .isAbsent] {
            let error = await #expect(throws: KeyResolutionError.self) {
                try await secrets.write(.text("3"), to: "ai/key", if: condition)
            }
            #expect(error?.code == .conflict)
        }
        try await secrets.delete("ai/key")
        #expect(try await secrets.write(.text("3"), to: "ai/key", if: .isAbsent) == "3")
        await withTaskGroup { group in
            for number in 0..<5 {
                group.addTask { _ = try? await secrets.write("\(number)", toField: "F\(number)", of: "ai/bundle") }
            }
        }
        #expect(try await secrets.read("ai/bundle")?.content.fieldNames?.sorted() == (0..<5).map { "F\($0)" })
    }

    @Test("Patch, delete, undelete, destroy, and old versions")
    func versions() async throws {
        let vault = try await Vault()
        let (manager, name) = (try vault.manager(), try SecretName("ai/key"))
        let secrets = ManagedSecrets(in: manager, access: .readWrite)
        try await secrets.write(.fields(["a": "1", "b": "2", "c": "3"]), to: "ai/key")
        #expect(try await manager.patch(["b": "4", "c": nil], of: name) == "2")
        #expect(try await secrets.read("ai/key")?.content == .fields(["a": "1", "b": "4"]))
        #expect(try await secrets.read("ai/key", SecretOptions(version: "1"))?.content["c"] == "3")
        try await secrets.delete("ai/key")
        #expect(try await secrets.read("ai/key") == nil)
        try await manager.undelete(["2"], of: name)
        #expect(try await secrets.read("ai/key")?.content["b"] == "4")
        try await manager.destroy(["2"], of: name)
        #expect(try await secrets.read("ai/key") == nil)
        let gone = await #expect(throws: KeyResolutionError.self) { try await manager.patch(["x": "1"], of: name) }
        #expect(gone?.code == .absent)
        let bad = await #expect(throws: KeyResolutionError.self) {
            try await secrets.read("ai/key", SecretOptions(version: "one"))
        }
        #expect(bad?.code == .invalidConfiguration)
        try await secrets.delete("ai/key", recoverableFor: .zero)
        #expect(try await vault.admin.call("GET", "\(vault.mount)/metadata/ai/key").status == 404)
        try await secrets.delete("ai/key", recoverableFor: .seconds(3600))
    }

    @Test("A rotation destroys the version before, and of another name deletes the old secret")
    func rotation() async throws {
        let vault = try await Vault()
        let secrets = try vault.secrets()
        try await secrets.write(.fields(["key": "old", "user": "me"]), to: "ai/key")
        let done = try await secrets.rotate("ai/key", field: "key", to: "new")
        #expect(done.version == "2" && done.replacedVersion == "1" && done.isOldRetired)
        #expect(try await secrets.read("ai/key", SecretOptions(version: "1")) == nil)
        let before = try await vault.admin.get(vault.mount, "ai/key", version: 1)
        #expect(before.bool("data.metadata.destroyed") == true && before.status == 404)
        try await secrets.rotate("ai/key", to: .text("other"), as: "ai/other")
        #expect(try await secrets.read("ai/key") == nil)
        // Deletion alone could be undone.
        let replaced = try await vault.admin.get(vault.mount, "ai/key", version: 2)
        #expect(replaced.bool("data.metadata.destroyed") == true, "\(replaced.text)")
        #expect(try await secrets.read("ai/other")?.content.text == "other")
    }

    @Test("A description and tags are kept beside the secret, and a token that may not write them says so")
    func metadata() async throws {
        let vault = try await Vault()
        let manager = try vault.manager()
        let secrets = ManagedSecrets(in: manager, access: .readWrite, description: "for tests", tags: ["team": "a"])
        try await secrets.write(.text("sk"), to: "ai/key", SecretWriteOptions(tags: ["tier": "1"]))
        let words = try await manager.metadata(of: SecretName("ai/key"))
        #expect(words == ["description": "for tests", "team": "a", "tier": "1"])
        #expect(try await manager.metadata(of: SecretName("ai/none")) == nil)
        let policy = unique("policy")
        try await vault.admin.createPolicy(
            policy,
            #"path "\#(vault.mount)/data/*" { capabilities = ["create", "update", "read"] }"#
        )
        let limited = try vault.manager(token: try await vault.admin.createToken(policies: [policy]))
        let error = await #expect(throws: KeyResolutionError.self) {
            try await ManagedSecrets(in: limited, access: .readWrite, description: "x")
                .write(.text("sk-2"), to: "ai/key")
        }
        #expect(error?.message.contains("was written as version 2") == true, "\(error as Any)")
        #expect(try await secrets.read("ai/key")?.content.text == "sk-2")
    }

    @Test("Names are listed through folders and pages, and a token that may not list is denied")
    func listing() async throws {
        let vault = try await Vault()
        let secrets = try vault.secrets()
        let names = ["a", "ai/b", "ai/c/d", "ai/c/e f", "ai/é", "aj/x"]
        for name in names { try await secrets.write(.text("x"), to: name) }
        #expect(try await secrets.list().map(\.rawValue).sorted() == names.sorted())
        #expect(try await secrets.list("ai/c").map(\.rawValue) == ["ai/c/d", "ai/c/e f"])
        #expect(try await secrets.list("ai/c/").map(\.rawValue) == ["ai/c/d", "ai/c/e f"])
        #expect(try await secrets.list("zzz") == [])
        let limited = ManagedSecrets(in: try vault.manager(token: try await vault.token(reading: "ai/*")))
        let error = await #expect(throws: KeyResolutionError.self) { try await limited.list() }
        #expect(error?.code == .denied)
        let prefixed = ManagedSecrets(in: try vault.manager(), prefix: "ai/c/")
        #expect(try await prefixed.list().map(\.rawValue) == ["d", "e f"])
    }

    @Test("A token that isn't there is a mistake of the configuration, and no server is asked")
    func missingToken() async throws {
        var configuration = OpenBaoConfiguration()
        configuration.addresses = ["https://bao.test:8200"]
        configuration.token = .environment("NO_TOKEN")
        let transport = FakeTransport { _ in HTTPTransportResponse(500) }
        let manager = try OpenBaoSecretManager(configuration, environment: [:], transport: transport)
        let mistakes = await ManagedSecrets(in: manager).configurationMistakes()
        #expect(mistakes.count == 1 && mistakes[0].contains("NO_TOKEN"), "\(mistakes)")
        #expect(transport.requests.isEmpty)
        #expect(await ManagedSecrets(in: try Vault().manager()).configurationMistakes() == [])
    }

    @Test("1,100 names take two pages")
    func pages() async throws {
        let vault = try await Vault()
        for number in 0..<1_100 { try await vault.admin.put(vault.mount, "many/\(number)", ["k": "v"]) }
        let names = try await vault.secrets().list("many/")
        #expect(names.count == 1_100 && Set(names).count == 1_100)
    }

    @Test("A call names another mount and namespace, and nothing it doesn't know")
    func parameters() async throws {
        let (vault, other) = (try await Vault(), try await Vault())
        let secrets = try vault.secrets()
        try await secrets.write(.text("here"), to: "ai/key")
        let there = SecretOptions(parameters: ["mount": other.mount])
        try await secrets.write(.text("there"), to: "ai/key", SecretWriteOptions(call: there))
        #expect(try await secrets.read("ai/key")?.content.text == "here")
        #expect(try await secrets.read("ai/key", there)?.content.text == "there")
        let namespace = unique("ns")
        try await vault.admin.createNamespace(namespace)
        try await vault.admin.within(namespace).mountKV2("kv")
        let inside = SecretOptions(parameters: ["mount": "kv", "namespace": namespace])
        try await secrets.write(.text("inside"), to: "ai/key", SecretWriteOptions(call: inside))
        #expect(try await secrets.read("ai/key", inside)?.content.text == "inside")
        let error = await #expect(throws: KeyResolutionError.self) {
            try await secrets.read("ai/key", SecretOptions(parameters: ["name_space": "x"]))
        }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("It says how it does: healthy, with a token that isn't accepted, sealed, away")
    func health() async throws {
        try await withServer { server in
            let vault = try await Vault(server)
            #expect(await (try vault.manager()).health(SecretOptions()).state == .healthy)
            let dead = await (try vault.manager(token: "s.nobody")).health(SecretOptions())
            #expect(dead.state == .degraded && dead.reason.contains("token"), "\(dead)")
            let half = await
                (try vault.manager { $0.addresses = [server.address, "http://127.0.0.1:\(try freePort())"] })
                .health(SecretOptions())
            #expect(half.state == .degraded, "\(half)")
            try await server.seal()
            #expect(await (try vault.manager()).health(SecretOptions()).state == .unreachable)
            let secrets = try vault.secrets()
            let error = await #expect(throws: KeyResolutionError.self) { try await secrets.write(.text("x"), to: "k") }
            #expect(error?.code == .sealed)
        }
    }

    @Test("keyhooks.json makes one of its kind, whose mistakes have their places")
    func configuration() async throws {
        let vault = try await Vault()
        let text = """
            {managers: {bao: {kind: 'openbao', address: '\(vault.server.address)', mount: '\(vault.mount)',
               token: 'env:TEST_TOKEN', access: 'read-write', secret: 'ai/providers'}},
             providers: {groq: {source: 'bao', secret: 'own/groq'}}}
            """
        let environment = ["TEST_TOKEN": vault.server.rootToken, "HOME": "/nonexistent"]
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(parsing: text),
            plugins: [OpenBaoPlugin.plugin],
            environment: environment
        )
        let bao = try resolver.secrets(in: "bao")
        try await bao.write(.fields(["OPENAI_API_KEY": "sk-1"]), to: "ai/providers")
        try await bao.write(.text("gsk-1"), to: "own/groq")
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-1")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "gsk-1")
        try await bao.rotate("own/groq", to: .text("gsk-2"))
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "gsk-2")
        #expect(try vault.reads(of: "ai/providers") == 1)
        // Whoever is asked to trust the file sees first where it sends the token.
        let lines = ConfigurationEffects(of: try KeyConfiguration(parsing: text), plugins: [OpenBaoPlugin.self]).lines
        #expect(
            lines[0] == "sends what is in the variable TEST_TOKEN, as a token, to \(vault.server.address)",
            "\(lines)"
        )
        #expect(lines.contains { $0.contains("secret manager bao") && $0.contains("read-write") }, "\(lines)")
        for (wrong, hint) in [
            ("adress: 'https://a.test'", "'address'"), ("path: 'x'", "path"), ("token: 's.x'", "token"),
            ("mount: '../x'", "mount"),
        ] {
            let error = #expect(throws: KeyResolutionError.self) {
                let configuration = try KeyConfiguration(parsing: "{managers: {bao: {kind: 'openbao', \(wrong)}}}")
                _ = try KeyResolver(configuration: configuration, plugins: [OpenBaoPlugin.plugin], environment: [:])
            }
            #expect(error?.message.contains("managers.bao") == true, "\(error as Any)")
            #expect(error?.description.contains(hint) == true, "\(error as Any)")
        }
    }
}

extension Vault {
    /// The mount as a secret manager, with the root token unless another one is given.
    func manager(
        token: String? = nil,
        _ change: (inout OpenBaoConfiguration) throws -> Void = { _ in }
    ) throws -> OpenBaoSecretManager {
        var configuration = OpenBaoConfiguration()
        configuration.addresses = [server.address]
        configuration.mount = mount
        configuration.token = .environment("TEST_TOKEN")
        try change(&configuration)
        let environment = ["HOME": "/nonexistent", "TEST_TOKEN": token ?? server.rootToken]
        return try OpenBaoSecretManager(configuration, environment: environment)
    }

    /// The same as programs use it, for reading and writing.
    func secrets() throws -> ManagedSecrets { ManagedSecrets(in: try manager(), access: .readWrite) }

    /// Writes the body of a request as it is.
    func write(_ path: String, _ body: String) async throws {
        let headers = [
            "X-Vault-Token": server.rootToken, "X-Vault-Request": "true", "Content-Type": "application/json",
        ]
        let reply = try await LoopbackHTTP(address: server.address)
            .ask("POST", "/v1/\(mount)/data/\(path)", headers, Data(body.utf8))
        #expect(reply.status == 200)
    }
}
