import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Odd names in paths")
struct PathTests {
    @Test("Any name reaches its own secret and no other", arguments: Names.odd)
    func odd(_ name: String) async throws {
        let vault = try await Vault()
        let encoded = try #require(name.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        try await vault.admin.put(vault.mount, "ai/\(encoded)", ["OPENAI_API_KEY": "sk-odd"])
        #expect(try await vault.resolver(path: "ai/\(name)").value("openai") == "sk-odd")
        let byProject = try vault.resolver(path: "ai/{project}")
        #expect(try await byProject.value("openai", scope: KeyScope(project: name)) == "sk-odd")
        #expect(try await byProject.value("openai", scope: KeyScope(project: "plain")) == nil)
    }

    @Test("A name that reaches out of its segment is refused", arguments: Names.unsafe)
    func refused(_ name: String) async throws {
        let vault = try await Vault()
        let resolver = try vault.resolver(path: "ai/{project}", environment: ["OPENAI_API_KEY": "sk-environment"])
        #expect(await resolver.failure("openai", scope: KeyScope(project: name))?.code == .invalidScope)
        #expect(try vault.server.requestCount(pathContaining: "\(vault.mount)/data") == 0)
    }

    @Test("The slashes at the ends of a path do not count", arguments: ["/ai/openai", "ai/openai/", "/ai/openai/"])
    func slashes(_ path: String) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/openai", ["OPENAI_API_KEY": "sk-1"])
        #expect(try await vault.resolver(path: path).value("openai") == "sk-1")
    }

    @Test("A part that the path needs and the request lacks is refused")
    func lacking() async throws {
        let vault = try await Vault()
        let error = try await vault.resolver(path: "ai/{tenant}").failure("openai")
        #expect(error?.code == .invalidScope)
        #expect(error?.remedy.contains("tenant") == true)
    }
}

private enum Names {
    static let odd = [
        "Größe 東京", "a b", "100%", "%2e%2e", "%2F", "a+b", "a#b", "a?version=1", "a&b;c", "a\\b", "...",
    ]
    static let unsafe = ["", ".", "..", "a/b", "/", "../x", "a\nb", "a\u{7F}"]
}
