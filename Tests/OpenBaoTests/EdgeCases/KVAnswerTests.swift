import ExtensionHooks
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// Edge cases 10, 11 and 28: what the KV engine of the real server answers, and what callers hear of it.
@Suite("Edge cases of KV", .timeLimit(.minutes(5)))
struct KVAnswerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let outcome: String
        let body: @Sendable (Vault) async throws -> String?

        init(_ name: String, _ outcome: String, _ body: @escaping @Sendable (Vault) async throws -> String?) {
            (testDescription, self.outcome, self.body) = (name, outcome, body)
        }
    }

    private static let path = "ai/providers"
    private static func name() throws -> SecretName { try SecretName(path) }

    static let reads = [
        Row("a secret", "sk-1") { try await $0.resolver().value("openai") },
        Row("a version", "sk-1") { vault in
            try await vault.admin.put(vault.mount, path, ["OPENAI_API_KEY": "sk-2"])
            return try await vault.resolver { $0.version = 1 }.value("openai")
        },
        Row("a missing secret", "absent: there is no such secret") {
            try await reason($0) { $0.path = "ai/none" }
        },
        Row("a missing version", "absent: there is no such secret") { try await reason($0) { $0.version = 9 } },
        Row("metadata alone", "absent: there is no such secret") {
            try await $0.admin.setDeleteVersionAfter($0.mount, "ai/bare", "1h")
            return try await reason($0) { $0.path = "ai/bare" }
        },
        Row("a deleted version", "absent: version 1 is deleted; 'bao kv undelete' brings it back") {
            try await $0.admin.delete($0.mount, path)
            return try await reason($0)
        },
        Row("a version that has expired", "absent: version 1 is deleted; 'bao kv undelete' brings it back") { vault in
            try await vault.admin.setDeleteVersionAfter(vault.mount, "ai/short", "1s")
            try await vault.admin.put(vault.mount, "ai/short", ["OPENAI_API_KEY": "sk-3"])
            try await until("the version has expired") {
                try await vault.admin.get(vault.mount, "ai/short").status == 404
            }
            return try await reason(vault) { $0.path = "ai/short" }
        },
        Row("a destroyed version", "absent: version 1 is destroyed") {
            try await $0.admin.destroy($0.mount, path, versions: [1])
            return try await reason($0)
        },
        Row("an empty secret", "no key, and no failure") {
            try await $0.admin.put($0.mount, path, [:])
            return try await $0.resolver().value("openai") ?? "no key, and no failure"
        },
        Row("an unknown mount", "invalidConfiguration") { try await code($0) { $0.mount = "nowhere" } },
        Row("an unknown namespace", "invalidConfiguration") { try await code($0) { $0.namespace = "nowhere" } },
        Row("a path that climbs", "invalidConfiguration") { try await code($0) { $0.path = "ai/../x" } },
        Row("two slashes in a row", "invalidConfiguration") { try await code($0) { $0.path = "ai//x" } },
        Row("an encoded slash is a name of its own", "absent: there is no such secret") {
            try await reason($0) { $0.path = "ai%2Fproviders" }
        },
        Row("blanks, plus and letters of all kinds", "sk-odd") { vault in
            try await vault.admin.put(vault.mount, "a%20b%2Bc/%C3%BC", ["OPENAI_API_KEY": "sk-odd"])
            return try await vault.resolver(path: "a b+c/ü").value("openai")
        },
    ]

    @Test(arguments: reads) func `Edge cases 10 and 11: each answer to a read is what it is, and nothing else`(
        _ row: Row
    )
        async throws
    {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, Self.path, ["OPENAI_API_KEY": "sk-1"])
        #expect(try await row.body(vault) == row.outcome)
    }

    static let changes = [
        Row("a write", "1") { try await $0.secrets().write(.text("x"), to: "new") },
        Row("a write over one", "2") { try await $0.secrets().write(.text("x"), to: path) },
        Row("a patch", "2") { try await $0.manager().patch(["a": "b"], of: name()) },
        Row("a patch of what is deleted", "absent") { vault in
            try await vault.admin.delete(vault.mount, path)
            return try await code { try await vault.manager().patch(["a": "b"], of: name()) }
        },
        Row("a patch of what never was", "absent") { vault in
            try await code { try await vault.manager().patch(["a": "b"], of: SecretName("none")) }
        },
        Row("a deletion, and one more", "gone") { vault in
            for _ in 1...2 { try await vault.secrets().delete(path) }
            return try await vault.secrets().read(path) == nil ? "gone" : "there"
        },
        Row("an undeletion", "there") { vault in
            try await vault.secrets().delete(path)
            try await vault.manager().undelete(["1"], of: name())
            return try await vault.secrets().read(path) == nil ? "gone" : "there"
        },
        Row("an undeletion of what is destroyed", "gone") { vault in
            try await vault.manager().destroy(["1"], of: name())
            try await vault.manager().undelete(["1"], of: name())
            return try await vault.secrets().read(path) == nil ? "gone" : "there"
        },
        Row("an empty list", "0") { try await "\($0.secrets().list("none/").count)" },
        Row("a list", "ai/providers") { try await $0.secrets().list("ai/").map(\.rawValue).joined() },
        Row("metadata of what never was", "nil") {
            try await "\($0.manager().metadata(of: SecretName("none")).map { "\($0)" } ?? "nil")"
        },
        Row("a write to an unknown mount", "invalidConfiguration") { vault in
            try await code {
                try await ManagedSecrets(in: try vault.manager { $0.mount = "nowhere" }, access: .readWrite)
                    .write(.text("x"), to: "new")
            }
        },
        Row("a write that the token may not do", "denied") { vault in
            let token = try await vault.token(reading: "*")
            return try await code {
                try await ManagedSecrets(in: try vault.manager(token: token), access: .readWrite)
                    .write(.text("x"), to: path)
            }
        },
    ]

    @Test(arguments: changes) func `Edge case 10: each answer to a change is what it is, and nothing else`(_ row: Row)
        async throws
    {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, Self.path, ["OPENAI_API_KEY": "sk-1"])
        #expect(try await row.body(vault) == row.outcome)
    }

    @Test func `Edge case 28: a writer who comes too late hears which version there is now, if the token may know`()
        async throws
    {
        let vault = try await Vault()
        let secrets = try vault.secrets()
        try await secrets.write(.text("sk-1"), to: Self.path)
        let old = try #require(try await secrets.read(Self.path))
        for value in ["sk-2", "sk-3"] { try await secrets.write(.text(value), to: Self.path) }
        func conflict(_ token: String?, _ condition: SecretCondition) async throws -> String? {
            let late = ManagedSecrets(in: try vault.manager(token: token), access: .readWrite)
            let error = await #expect(throws: KeyResolutionError.self) {
                try await late.write(.text("sk-late"), to: Self.path, if: condition)
            }
            #expect(error?.code == .conflict && error?.description.contains("sk-late") == false)
            return error?.message
        }
        for condition in [SecretCondition.isUnchanged(since: old), .isAbsent] {
            #expect(try await conflict(nil, condition)?.hasSuffix("; it is at version 3 now") == true)
        }
        let policy = #"path "\#(vault.mount)/data/*" { capabilities = ["create", "update", "read"] }"#
        let limited = try await vault.admin.createToken(allowing: policy)
        let message = try await conflict(limited, .isUnchanged(since: old))
        #expect(message?.hasSuffix("somebody else has written it meanwhile") == true, "\(message ?? "")")
        #expect(try await secrets.read(Self.path)?.content.text == "sk-3")
    }

    @Test func `Edge case 28: what is written, patched and deleted is seen by the next call for a key`() async throws {
        let vault = try await Vault()
        let manager = try vault.manager()
        let secrets = ManagedSecrets(in: manager, named: "team", access: .readWrite)
        let registry = HookRegistry()
        try registry.register { $0.answer(from: try secrets.keys(at: "{service}"), id: "team") }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        try await secrets.write(.text("sk-1"), to: "openai")
        #expect(try await resolver.value("openai") == "sk-1")
        try await secrets.write(.text("sk-2"), to: "openai")
        #expect(try await resolver.value("openai") == "sk-2")
        try await secrets.write("sk-3", toField: "value", of: "openai")
        #expect(try await resolver.value("openai") == "sk-3")
        try await secrets.delete("openai")
        #expect(try await resolver.value("openai") == nil)
    }

    /// Why there is no key; the value if there is one.
    private static func reason(
        _ vault: Vault,
        _ change: (inout OpenBaoConfiguration) throws -> Void = { _ in }
    ) async throws -> String? {
        let resolver = try vault.resolver(change)
        if let value = try await resolver.value("openai") { return value }
        let report = try #require(try resolver.explain(service: "openai").cached.first)
        return "\(report.state): \(report.detail ?? "")"
    }

    private static func code(
        _ vault: Vault,
        _ change: (inout OpenBaoConfiguration) throws -> Void
    ) async throws -> String? {
        do {
            return try await vault.resolver(change).failure("openai").map { "\($0.code)" }
        } catch let error as KeyResolutionError {
            return "\(error.code)"
        }
    }

    private static func code(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch let error as KeyResolutionError {
            return "\(error.code)"
        }
    }
}
