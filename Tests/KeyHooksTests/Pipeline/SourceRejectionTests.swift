import ExtensionHooks
import KeyHooks
import Testing

/// A key that somebody found to be bad is read again, once.
@Suite(.timeLimit(.minutes(5))) struct SourceRejectionTests {
    let vault = ScriptedVault()

    @Test func `However many callers reject one key, it is read again once`() async throws {
        let fixture = try SourceFixture(vault)
        var keys: [APIKey] = []
        for _ in 0..<50 { keys.append(try #require(try await fixture.resolver.getAPIKey(service: "openai"))) }
        #expect(keys.map { $0.provenance?.origin?.reject($0) }.filter { $0 == true }.count == 1)
        for _ in 0..<50 { #expect(await fixture.outcome() == "openai2") }
        // Those who come late with the old key do not disturb the new one.
        for key in keys { #expect(key.provenance?.origin?.reject(key) == false) }
        #expect(await fixture.outcome() == "openai2" && vault.reads.count == 2)
    }

    @Test func `What was read anew meanwhile stays, and so do other services`() async throws {
        let fixture = try SourceFixture(vault)
        let old = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
        #expect(await fixture.outcome("groq") == "groq2")
        #expect(await fixture.outcome(refresh: true) == "openai3")
        #expect(old.provenance?.origin?.reject(old) == false)
        #expect(await fixture.outcome() == "openai3" && vault.reads.count == 3)
        #expect(await fixture.outcome("groq") == "groq2")
    }

    @Test func `The origin makes no difference to a provenance, and shows nothing`() async throws {
        let fixture = try SourceFixture(vault)
        let provenance = try #require(try await fixture.resolver.getAPIKey(service: "openai")?.provenance)
        var plain = provenance
        plain.origin = nil
        #expect(provenance.source == plain.source && provenance.origin != nil)
        #expect(!String(reflecting: provenance).contains("openai1"))
    }
}
