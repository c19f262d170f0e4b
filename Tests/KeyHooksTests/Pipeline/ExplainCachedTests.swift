import ExtensionHooks
import Foundation
import KeyHooks
import Testing

/// What an explanation says of the caches.
@Suite(.timeLimit(.minutes(5))) struct ExplainCachedTests {
    let vault: CachedVault

    init() throws {
        vault = try CachedVault()
    }

    struct Row: Sendable {
        let state: CachedKeyReport.State
        /// Seconds since the read; nil if there was none.
        var seconds: Double?
        var load: SourceReading<String>? = .value("sk-leak")
        let text: String
    }

    static let rows = [
        Row(state: .notRead, text: "not read yet\n"),
        Row(state: .fresh, seconds: 10, text: "fresh, read 10 s ago, TTL ends in 90 s\n"),
        Row(state: .stale, seconds: 80, text: "stale, read 80 s ago, TTL ends in 20 s\n"),
        Row(state: .expired, seconds: 100, text: "expired, read 100 s ago, TTL "),
        Row(state: .expired, seconds: 120, text: "expired, read 120 s ago, TTL over\n"),
        Row(state: .dead, seconds: 150, text: "dead, read 150 s ago, TTL over\n"),
        Row(state: .absent, seconds: 5, load: .absence("sk-leak"), text: "absent, read 5 s ago, TTL ends in 15 s\n"),
        Row(state: .failed, seconds: 0, load: nil, text: "failed, next attempt in 1 s\n"),
    ]

    @Test(arguments: rows)
    func `The state, the age and what is left of the TTL are shown, without asking`(row: Row) async throws {
        let resolver = try vault.resolver()
        if let load = row.load { vault.source.bring(load) } else { vault.source.fail() }
        if let seconds = row.seconds {
            _ = try? await resolver.getAPIKey(service: "openai")
            vault.fixture.advance(seconds)
        }
        let reads = vault.source.count
        let before = resolver.cacheStatistics
        let explanation = try resolver.explain(service: "chatgpt")
        let report = try #require(explanation.cached.first)
        #expect(explanation.cached.count == 1)
        #expect(report.plugin == "acme" && report.source == "vault/openai" && report.names == ["value"])
        #expect(report.state == row.state)
        #expect(report.age == (row.load == nil ? nil : row.seconds))
        #expect(report.detail?.isEmpty != true && (report.detail != nil) == (row.state == .failed))
        let text = explanation.description
        #expect(text.contains("read by plugins:\n  acme  vault/openai  \(row.text)"), "\(text)")
        #expect(text.contains("fields tried: value"))
        for printed in allTexts(of: explanation) { #expect(!printed.contains("sk-leak")) }
        #expect(vault.source.count == reads && resolver.cacheStatistics == before)
    }

    @Test func `A failed renewal is shown beside what is still kept`() async throws {
        let resolver = try vault.resolver()
        _ = try await resolver.getAPIKey(service: "openai")
        vault.fixture.advance(100)
        vault.source.fail()
        _ = try await resolver.getAPIKey(service: "openai")
        let report = try #require(try resolver.explain(service: "openai").cached.first)
        #expect(report.state == .expired && report.retryIn == 1)
        #expect(report.detail?.contains("the vault is down") == true)
    }

    @Test func `A plugin that does not answer for a service is not shown, and each that does is`() throws {
        let resolver = try vault.resolver { try CachedVault(id: "other/vault").register(in: $0) }
        #expect(try resolver.explain(service: "groq").cached.isEmpty)
        #expect(try !resolver.explain(service: "groq").description.contains("read by plugins"))
        #expect(try resolver.explain(service: "openai").cached.map(\.plugin).sorted() == ["acme", "other"])
    }

    @Test func `The scope says which key is meant`() throws {
        let explanation = try vault.resolver().explain(service: "openai", scope: KeyScope(project: "rocket"))
        #expect(explanation.cached.map(\.source) == ["rocket/openai"])
    }

    @Test func `What is known can be encoded and read back`() async throws {
        let resolver = try vault.resolver()
        _ = try await resolver.getAPIKey(service: "openai")
        vault.fixture.advance(10)
        let explanation = try resolver.explain(service: "openai")
        let data = try JSONEncoder().encode(explanation)
        #expect(try JSONDecoder().decode(KeyExplanation.self, from: data) == explanation)
        #expect(String(decoding: data, as: UTF8.self).contains(#""state":"fresh""#))
    }
}
