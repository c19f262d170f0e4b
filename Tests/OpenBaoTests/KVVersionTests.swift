import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("KV engines of version 1 and 2")
struct KVVersionTests {
    /// A mount of version 1 with a secret, and one that a version 2 would have at the same path.
    private func flat(_ secrets: [String: [String: any Sendable]]) async throws -> (vault: Vault, mount: String) {
        let vault = try await Vault()
        let mount = unique("kv1")
        try await vault.admin.mountKV1(mount)
        for (path, fields) in secrets { try await vault.admin.expect("POST", "\(mount)/\(path)", fields) }
        return (vault, mount)
    }

    private static let secret = ["ai/providers": ["OPENAI_API_KEY": "sk-flat"]]

    private func requests(_ vault: Vault, _ mount: String) throws -> [String] {
        try vault.server.requests(pathContaining: mount).filter { $0.operation == "read" }.map(\.path)
            .filter { !$0.hasSuffix("/config") }
    }

    @Test("A mount of version 1 is found out at the first read, and known then")
    func detected() async throws {
        let (vault, mount) = try await flat(Self.secret)
        let resolver = try vault.resolver {
            $0.mount = mount
            $0.settings.cache.timeToLive = .zero
        }
        for _ in 1...3 { #expect(try await resolver.value("openai") == "sk-flat") }
        let flat = "\(mount)/ai/providers"
        #expect(
            try requests(vault, mount)
                == ["\(mount)/data/ai/providers", "sys/internal/ui/mounts/\(mount)", flat, flat, flat]
        )
    }

    @Test("Where the version is said, nothing is asked about it", arguments: [1, 2])
    func said(_ version: Int) async throws {
        let (vault, mount) = try await flat(Self.secret)
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-2"])
        let read = version == 1 ? mount : vault.mount
        let resolver = try vault.resolver {
            $0.mount = read
            $0.kv = version
        }
        #expect(try await resolver.value("openai") == (version == 1 ? "sk-flat" : "sk-2"))
        #expect(try requests(vault, read) == [version == 1 ? "\(mount)/ai/providers" : "\(read)/data/ai/providers"])
    }

    @Test("A policy for the path of version 1 alone is enough")
    func policy() async throws {
        let (vault, mount) = try await flat(Self.secret)
        let policy = unique("policy")
        try await vault.admin.createPolicy(policy, #"path "\#(mount)/ai/*" { capabilities = ["read"] }"#)
        let token = try await vault.admin.createToken(policies: [policy])
        let resolver = try vault.resolver(token: token) { $0.mount = mount }
        #expect(try await resolver.value("openai") == "sk-flat")
    }

    @Test("A secret that happens to lie below 'data' isn't a secret of version 2")
    func trap() async throws {
        let (vault, mount) = try await flat(
            Self.secret.merging(["data/ai/providers": ["OPENAI_API_KEY": "sk-trap", "data": "x"]]) { $1 }
        )
        #expect(try await (try vault.resolver { $0.mount = mount }).value("openai") == "sk-flat")
    }

    @Test("An absence is one in version 1 as well, and a denial is one")
    func absent() async throws {
        let (vault, mount) = try await flat(Self.secret)
        let missing = try vault.resolver(path: "ai/missing", environment: ["OPENAI_API_KEY": "sk-environment"]) {
            $0.mount = mount
        }
        #expect(try await missing.value("openai") == "sk-environment")
        let policy = unique("policy")
        try await vault.admin.createPolicy(policy, #"path "\#(mount)/other/*" { capabilities = ["read"] }"#)
        let token = try await vault.admin.createToken(policies: [policy])
        let denied = await (try vault.resolver(token: token) { $0.mount = mount }).failure("openai")
        #expect(denied?.code == .denied)
        #expect(denied?.remedy.contains("\(mount)/ai/providers") == true, "\(String(describing: denied))")
    }

    @Test("The hint of whoever wrote the secret shortens the TTL, and never lengthens it")
    func hint() async throws {
        let (vault, mount) = try await flat([
            "short": ["OPENAI_API_KEY": "sk-1", "ttl": "30s"], "long": ["OPENAI_API_KEY": "sk-1", "ttl": "30h"],
        ])
        for (path, seconds) in [("short", 30), ("long", 300)] {
            let resolver = try vault.resolver(path: path) {
                $0.mount = mount
                $0.kv = 1
            }
            #expect(try await resolver.value("openai") == "sk-1")
            let before = try requests(vault, mount).count
            vault.clock.advance(by: .seconds(seconds - 1))
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try requests(vault, mount).count == before)
            vault.clock.advance(by: .seconds(2))
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try requests(vault, mount).count == before + 1)
        }
    }

    @Test("A version that is said and wrong is a mistake of the configuration, never an absence", arguments: [1, 2])
    func wrong(_ version: Int) async throws {
        let (vault, mount) = try await flat(Self.secret)
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-2"])
        let resolver = try vault.resolver(environment: ["OPENAI_API_KEY": "sk-environment"]) {
            $0.mount = version == 1 ? vault.mount : mount
            $0.kv = version
        }
        let error = await resolver.failure("openai")
        #expect(error?.code == .invalidConfiguration, "\(String(describing: error))")
        #expect(error?.remedy.contains("\"kv\": \(3 - version)") == true)
    }

    @Test("An engine of version 1 keeps no versions")
    func pinned() async throws {
        let (vault, mount) = try await flat(Self.secret)
        for kv in [1, nil] {
            let resolver = try vault.resolver {
                $0.mount = mount
                $0.kv = kv
                $0.version = 3
            }
            let error = await resolver.failure("openai")
            #expect(error?.code == .invalidConfiguration, "\(String(describing: error))")
            #expect(error?.message.contains("keeps no versions") == true)
        }
    }

    @Test("A mount that is upgraded while it is read is read as version 2 from then on")
    func upgraded() async throws {
        let (vault, mount) = try await flat(Self.secret)
        let resolver = try vault.resolver {
            $0.mount = mount
            $0.settings.cache.timeToLive = .zero
        }
        #expect(try await resolver.value("openai") == "sk-flat")
        try await vault.admin.expect("POST", "sys/mounts/\(mount)/tune", ["options": ["version": "2"]])
        try await until("it is upgraded") { try await vault.admin.get(mount, "ai/providers").status == 200 }
        #expect(try await resolver.value("openai") == "sk-flat")
    }

    @Test("A manager doesn't write to an engine of version 1, where the path would be another secret")
    func writing() async throws {
        let (vault, mount) = try await flat(Self.secret)
        var configuration = OpenBaoConfiguration()
        configuration.addresses = [vault.server.address]
        configuration.mount = mount
        configuration.token = .environment("TEST_TOKEN")
        let manager = try OpenBaoSecretManager(configuration, environment: ["TEST_TOKEN": vault.server.rootToken])
        let name = try SecretName("ai/providers")
        #expect(try await manager.secret(name, SecretOptions()) != nil)
        let error = await #expect(throws: KeyResolutionError.self) {
            try await manager.write(.text("sk-new"), to: name, SecretWriteOptions())
        }
        #expect(error?.code == .unsupported)
        #expect(try await vault.admin.call("GET", "\(mount)/data/ai/providers").status == 404)
    }

    @Test("What is said of a secret is in the key's provenance and in explanations")
    func metadata() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let noted = ["owner": "team-a", "long": String(repeating: "x", count: 512)]
        try await vault.admin.expect("POST", "\(vault.mount)/metadata/ai/providers", ["custom_metadata": noted])
        let resolver = try vault.resolver()
        let key = try #require(try await resolver.getAPIKey(service: "openai"))
        let provenance = try #require(key.provenance)
        let created = try #require(provenance.createdAt)
        #expect(abs(created.timeIntervalSinceNow) < 300)
        #expect(provenance.metadata["owner"] == "team-a")
        #expect(provenance.metadata["long"]?.count == 512)
        let words = "\(try resolver.explain(service: "openai"))"
        #expect(words.contains("owner: team-a") && words.contains("made 20"), "\(words)")
    }

    /// A fake: OpenBao itself takes no such text.
    @Test("What is said of a secret can't write over a terminal, nor fill it")
    func hostileMetadata() async throws {
        let long = String(repeating: "x", count: 5000)
        let said = #"{"line":"one\u001b[31mtwo","\#(long.prefix(200))":"\#(long)","number":7}"#
        let vault = FaultyVault { _ in .secret("sk-1", metadata: #"{"version":1,"custom_metadata":\#(said)}"#) }
        let resolver = try vault.resolver()
        let metadata = try #require(try await resolver.getAPIKey(service: "openai")?.provenance?.metadata)
        #expect(metadata.count == 2)
        #expect(metadata["line"]?.contains("\u{1B}") == false)
        #expect(metadata.allSatisfy { $0.key.count <= 130 && $0.value.count <= 520 })
        #expect(!"\(try resolver.explain(service: "openai"))".contains("\u{1B}"))
    }
}
