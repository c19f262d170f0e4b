import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// What LiteLLM's own tests show of its Vault manager, and what ours does on the real server.
@Suite("LiteLLM's behaviours: Vault", .timeLimit(.minutes(5)))
struct LiteLLMVaultTests {
    @Test("Each has our decision", arguments: VaultBehaviour.all)
    func decided(_ behaviour: VaultBehaviour) async throws {
        try await behaviour.check(try await NamespacedVault())
    }
}

/// The root and a namespace with one below it, each with the same mount, a role and a secret.
struct NamespacedVault: Sendable {
    let vault: Vault
    let team = unique("team")
    var child: String { "\(team)/below" }
    private(set) var roles: [String: TestRole] = [:]

    init() async throws {
        vault = try await Vault()
        try await vault.admin.createNamespace(team)
        try await vault.admin.within(team).createNamespace("below")
        for namespace in ["", team, child] {
            let admin = namespace.isEmpty ? vault.admin : vault.admin.within(namespace)
            if !namespace.isEmpty { try await admin.mountKV2(vault.mount) }
            // Namespaces below may be used from above.
            let policy = unique("policy")
            try await admin.createPolicy(
                policy,
                #"path "+/*" { capabilities = ["create", "read", "update", "delete", "list"] }"#
            )
            roles[namespace] = try await vault.role(policy: policy, in: namespace.isEmpty ? nil : namespace)
            try await admin.put(vault.mount, "SHARED", ["key": "of \(namespace)", "password": "pw of \(namespace)"])
        }
    }

    /// The mount as somebody uses it who logs in to one namespace and reads in another.
    func manager(login: String?, secrets: String?) throws -> OpenBaoSecretManager {
        let role = try #require(roles[login == "/" ? "" : login ?? secrets ?? ""])
        var configuration = OpenBaoConfiguration()
        configuration.addresses = [vault.server.address]
        configuration.mount = vault.mount
        configuration.namespace = secrets
        configuration.loginNamespace = login
        role.use(in: &configuration)
        let environment = role.environment.merging(["HOME": "/nonexistent"]) { $1 }
        return try OpenBaoSecretManager(configuration, environment: environment)
    }

    func secrets(login: String? = nil, secrets: String? = nil) throws -> ManagedSecrets {
        ManagedSecrets(in: try manager(login: login, secrets: secrets), named: "bao", access: .readWrite)
    }
}

struct VaultBehaviour: CustomTestStringConvertible, Sendable {
    let theirs: String
    let ours: String
    let check: @Sendable (NamespacedVault) async throws -> Void
    var testDescription: String { "\(theirs): \(ours)" }

    static let all = namespaces + others

    private static let others: [VaultBehaviour] =
        [
            .init(theirs: "no namespace, no header", ours: "the same: the root is asked") { vaults in
                let secrets = try vaults.secrets()
                #expect(try await secrets.read("SHARED")?.content["key"] == "of ")
            },
            .init(
                theirs: "a call names namespace, mount, prefix and field",
                ours:
                    "namespace and mount are parameters; the prefix is part of the name, the field is picked by the caller"
            ) { vaults in
                try await vaults.vault.admin.within(vaults.child).mountKV2("kv-prod")
                try await vaults.vault.admin.within(vaults.child)
                    .put("kv-prod", "virtual-keys/DB", ["password": "pw-from-vault"])
                let there = SecretOptions(parameters: ["namespace": vaults.child, "mount": "kv-prod"])
                let secrets = try vaults.secrets(login: vaults.team, secrets: vaults.team)
                #expect(try await secrets.read("virtual-keys/DB", there)?.content["password"] == "pw-from-vault")
            },
            .init(
                theirs: "the cache is per resolved target and per field",
                ours: "per target; one read serves all fields of it"
            ) { vaults in
                let secrets = try vaults.secrets(login: vaults.team, secrets: vaults.team)
                let resolver = try Self.resolver(secrets, vaults)
                for _ in 1...2 {
                    #expect(try await resolver.getAPIKey(service: "openai")?.value == "of \(vaults.team)")
                    #expect(try await resolver.getAPIKey(service: "groq")?.value == "of \(vaults.child)")
                    #expect(try await resolver.getAPIKey(service: "xai")?.value == "pw of \(vaults.team)")
                }
                #expect(resolver.cacheStatistics["bao"]?.loads == 2)
            },
            .init(
                theirs: "an asynchronous read logs in and reads like a synchronous one",
                ours: "there is one way, and the blocking read takes it"
            ) { vaults in
                let secrets = try vaults.secrets(login: vaults.team, secrets: vaults.child)
                let value = await Self.readBlocking(secrets)
                #expect(value == "of \(vaults.child)")
            },
            .init(theirs: "a write and a read share the target", ours: "the same, with parameters or without") {
                vaults in
                let secrets = try vaults.secrets(login: vaults.team, secrets: vaults.team)
                let below = SecretOptions(parameters: ["namespace": vaults.child])
                try await secrets.write(.text("sk-virtual"), to: "VIRTUAL", SecretWriteOptions(call: below))
                #expect(try await secrets.read("VIRTUAL", below)?.content.text == "sk-virtual")
                #expect(try await secrets.read("VIRTUAL") == nil)
            },
            .init(
                theirs: "a write is seen by the next read of the same process, and a deletion evicts all fields",
                ours: "the same, for keys as well"
            ) { vaults in
                let secrets = try vaults.secrets(login: vaults.team, secrets: vaults.team)
                let resolver = try Self.resolver(secrets, vaults)
                #expect(try await resolver.getAPIKey(service: "openai")?.value == "of \(vaults.team)")
                #expect(try await resolver.getAPIKey(service: "xai")?.value == "pw of \(vaults.team)")
                try await secrets.write(.fields(["key": "sk-2", "password": "pw-2"]), to: "SHARED")
                #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-2")
                #expect(try await resolver.getAPIKey(service: "xai")?.value == "pw-2")
                try await secrets.delete("SHARED")
                #expect(try await resolver.getAPIKey(service: "openai") == nil)
                #expect(try await resolver.getAPIKey(service: "xai") == nil)
            },
            .init(
                theirs: "a custom mount and prefix; a slash at the end of the address is kept, and breaks URLs",
                ours: "a mount and a prefix of names, and a slash at the end of an address or a mount says nothing"
            ) { vaults in
                var configuration = OpenBaoConfiguration()
                configuration.addresses = [vaults.vault.server.address + "/"]
                configuration.mount = vaults.vault.mount + "/"
                configuration.token = .environment("TEST_TOKEN")
                let environment = ["HOME": "/nonexistent", "TEST_TOKEN": vaults.vault.server.rootToken]
                let manager = try OpenBaoSecretManager(configuration, environment: environment)
                let secrets = ManagedSecrets(in: manager, access: .readWrite, prefix: "litellm/team-a/")
                try await secrets.write(.text("sk"), to: "KEY")
                let plain = try vaults.secrets()
                #expect(try await plain.read("litellm/team-a/KEY")?.content.text == "sk")
                #expect(try await secrets.list().map(\.rawValue) == ["KEY"])
            },
            .init(
                theirs: "a login by a certificate uses the login namespace",
                ours: "no login by certificates yet: a configuration that asks for one is refused"
            ) { _ in
                let error = #expect(throws: KeyResolutionError.self) {
                    let text = "{managers: {bao: {kind: 'openbao', certAuth: {role: 'x'}}}}"
                    let configuration = try KeyConfiguration(parsing: text)
                    _ = try KeyResolver(configuration: configuration, plugins: [OpenBaoPlugin.plugin], environment: [:])
                }
                #expect(error?.message.contains("managers.bao.certAuth: unknown key") == true, "\(error as Any)")
            },
        ]

    /// The four combinations of namespaces for the login and the secrets.
    private static let namespaces: [VaultBehaviour] = [
        .init(theirs: "login in the root, secrets in a namespace", ours: "the same") { vaults in
            try await Self.reads("of \(vaults.team)", login: "/", secrets: vaults.team, vaults)
        },
        .init(theirs: "one namespace for both", ours: "the same") { vaults in
            try await Self.reads("of \(vaults.team)", login: nil, secrets: vaults.team, vaults)
        },
        .init(theirs: "a namespace, and the login in the root", ours: "the same") { vaults in
            try await Self.reads("of \(vaults.child)", login: "/", secrets: vaults.child, vaults)
        },
        .init(theirs: "login in a namespace, secrets in one below", ours: "the same") { vaults in
            try await Self.reads("of \(vaults.child)", login: vaults.team, secrets: vaults.child, vaults)
        },
    ]

    private static func reads(
        _ value: String,
        login: String?,
        secrets: String,
        _ vaults: NamespacedVault
    ) async throws {
        let secrets = try vaults.secrets(login: login, secrets: secrets)
        for _ in 1...2 { #expect(try await secrets.read("SHARED")?.content["key"] == value) }
    }

    /// Reads on a thread of its own: one of the pool's would be missing where the read goes on.
    private static func readBlocking(_ secrets: ManagedSecrets) async -> String? {
        await withCheckedContinuation { done in
            Thread.detachNewThread { done.resume(returning: (try? secrets.readBlocking("SHARED"))??.content["key"]) }
        }
    }

    /// One secret for three services: two fields of it, and the same name in another namespace.
    private static func resolver(_ secrets: ManagedSecrets, _ vaults: NamespacedVault) throws -> KeyResolver {
        var configuration = KeyConfiguration()
        let settings: [(Service, [String: PluginSetting])] = [
            ("openai", ["secret": "SHARED", "field": "key"]),
            ("groq", ["secret": "SHARED", "field": "key", "parameters": ["namespace": PluginSetting(vaults.child)]]),
            ("xai", ["secret": "SHARED", "field": "password"]),
        ]
        for (service, section) in settings {
            var provider = ProviderSettings(env: [], plugins: ["bao"])
            provider["bao"] = section
            configuration.providers[service] = provider
        }
        let registry = HookRegistry()
        let keys = secrets.keys(at: try SecretLocator(secret: nil))
        try registry.register { hooks in hooks.answer(from: keys, id: "bao") }
        return try KeyResolver(configuration: configuration, registry: registry, environment: [:])
    }
}
