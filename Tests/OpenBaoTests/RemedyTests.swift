import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// The advice for somebody who has no key, and what comes of following it.
@Suite("Where to put a key that is not there")
struct RemedyTests {
    @Test("Doing what the error says puts the key there", arguments: Situation.allCases)
    func followed(_ situation: Situation) async throws {
        let vault = try await Vault()
        try await situation.prepare(vault)
        let error = try #require(await vault.absence(path: situation.path))
        #expect(error.remedy.hasPrefix(situation.beginning(vault.mount)), "\(error.remedy)")
        #expect(!error.remedy.contains("environment"))
        let command = try #require(error.remedy.split(separator: ": ", maxSplits: 1).last)
        #expect(try await vault.server.shell(String(command), input: "sk-put") == 0, "\(command)")
        let found = try await vault.resolver(path: situation.path).value("openai")
        #expect(found == (situation == .deleted ? "sk-old" : "sk-put"))
        // What else is in the secret stays.
        if situation == .otherFields {
            #expect(try await vault.resolver(path: situation.path).value("groq") == "sk-groq")
        }
    }

    @Test("A version that is pinned is to be taken out")
    func pinned() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["GROQ_API_KEY": "sk-groq"])
        let error = try #require(await vault.absence { $0.version = 1 })
        #expect(error.remedy.contains("and take 'version' 1 out of the configuration: bao kv patch "), "\(error)")
    }

    @Test("Where a pointer is configured there is no command")
    func pointer() async throws {
        let vault = try await Vault()
        let error = try #require(await vault.absence { $0.field = "/a/b" })
        #expect(error.remedy == "put it into \(vault.mount)/ai/providers, where /a/b points", "\(error)")
    }

    @Test("Where the tool would put the key into another field there is no command", arguments: ["a=b", "=b"])
    func equality(field: String) async throws {
        let vault = try await Vault()
        let error = try #require(await vault.absence { $0.field = field })
        #expect(
            error.remedy
                == "put it into \(vault.mount)/ai/providers, field \(field); 'bao kv' takes no '=' in the name of "
                + "a field",
            "\(error)"
        )
    }

    @Test("A service that OpenBao is not asked for is set as ever")
    func excluded() async throws {
        let vault = try await Vault()
        let error = try #require(await vault.absence("vault"))
        #expect(error.remedy.hasPrefix("set ") && error.remedy.hasSuffix(" in the environment"), "\(error)")
    }
}

enum Situation: CaseIterable {
    case noSecret, otherFields, emptyField, destroyed, deleted, oddPath, dashPath

    var path: String {
        switch self {
        case .oddPath: "ai/it's $HOME/{service}"
        case .dashPath: "-ai/{service}"
        default: "ai/providers"
        }
    }

    func prepare(_ vault: Vault) async throws {
        let (admin, mount) = (vault.admin, vault.mount)
        switch self {
        case .noSecret, .oddPath, .dashPath: break
        case .otherFields: try await admin.put(mount, path, ["GROQ_API_KEY": "sk-groq"])
        case .emptyField: try await admin.put(mount, path, ["OPENAI_API_KEY": ""])
        case .destroyed, .deleted:
            try await admin.put(mount, path, ["OPENAI_API_KEY": "sk-old"])
            if self == .deleted { try await admin.delete(mount, path) }
            if self == .destroyed { try await admin.destroy(mount, path, versions: [1]) }
        }
    }

    func beginning(_ mount: String) -> String {
        switch self {
        case .noSecret, .destroyed:
            "put it into \(mount)/ai/providers, field OPENAI_API_KEY: bao kv put -mount=\(mount) ai/providers "
        case .otherFields, .emptyField:
            "put it into \(mount)/ai/providers, field OPENAI_API_KEY: bao kv patch -mount=\(mount) ai/providers "
        case .deleted: "bring version 1 back, or put the key in anew: bao kv undelete "
        case .oddPath: "put it into \(mount)/ai/it's $HOME/openai, field OPENAI_API_KEY: bao kv put "
        case .dashPath:
            "put it into \(mount)/-ai/openai, field OPENAI_API_KEY: bao kv put -mount=\(mount) -- -ai/openai "
        }
    }
}
