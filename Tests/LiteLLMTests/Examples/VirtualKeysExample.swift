import Foundation
import KeyHooks
import KeyHooksTesting
import LiteLLM
import OpenBaoTestSupport
import Testing

/// The article *Virtual keys for LiteLLM*: its configuration and its code, run against the real proxy.
@Suite(.timeLimit(.minutes(5))) struct VirtualKeysExample {
    @Test func `Fifteen lines of configuration lead to an agent's call, and its key is gone afterwards`() async throws {
        let proxy = try await LiteLLMProxy.shared
        let text = try Self.configuration()
        #expect(text.split(separator: "\n").count <= 15)
        let (url, model) = ("https://litellm.example.org", "gpt-4o-mini")
        #expect(text.contains(url) && text.contains(model) && text.contains("\"agents\""))
        try await withTemporaryFolder { folder in
            // A role of its own, since other tests count keys of this proxy as well.
            let own = text.replacing(url, with: proxy.url).replacing(model, with: proxy.models[0])
                .replacing("agents", with: "article")
            let config = try folder.write("keyhooks.json", own)
            let resolver = try KeyResolver(
                configuration: .read(from: config),
                plugins: [LiteLLMPlugin.plugin],
                environment: ["LITELLM_MASTER_KEY": proxy.masterKey, "HOME": folder.path]
            )
            let agent = Agent(resolver: resolver, model: Model(proxy: proxy, name: proxy.models[0]))
            #expect(try await agent.answer("hello") == 200)
            #expect(try await proxy.keys("keyhooks/article/acme-").isEmpty)
            let asked = try await proxy.requests("keyhooks/article/acme-").map(\.path)
            #expect(asked.first == "/key/generate" && asked.last == "/key/delete")
        }
    }

    /// The first block of the article.
    private static func configuration() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let article = "Plugins/LiteLLM/Documentation.docc/Virtual-keys-for-LiteLLM.md"
        let text = try String(contentsOf: root.appendingPathComponent(article), encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```jsonc\n").dropFirst().first)
        return try #require(block.components(separatedBy: "```").first)
    }
}

private func made() throws {
    let resolver = try KeyResolver(configuration: .discover(), plugins: [LiteLLMPlugin.plugin])
    _ = resolver
}

private struct Model {
    let proxy: LiteLLMProxy
    let name: String

    func complete(_ prompt: String, key: String) async throws -> Int { try await proxy.chat(key: key, model: name) }
}

private struct Agent {
    let resolver: KeyResolver
    let model: Model

    func answer(_ prompt: String) async throws -> Int {
        let tenant = KeyScope(tenant: "acme")
        let reply = try await resolver.withAPIKey("litellm", scope: tenant) { key in
            try await model.complete(prompt, key: key.value)
        }
        await resolver.shutdown(within: .seconds(5))
        return reply
    }
}
