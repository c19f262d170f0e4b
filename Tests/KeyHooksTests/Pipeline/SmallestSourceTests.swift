import ExtensionHooks
import KeyHooks
import Testing

/// A source that is one function.
@Suite(.timeLimit(.minutes(5))) struct SmallestSourceTests {
    let vault = ScriptedVault()

    @Test func `A key is read once, kept for its TTL and says where it is from`() async throws {
        let fixture = try SourceFixture(vault)
        for _ in 1...3 { #expect(await fixture.outcome() == "openai1") }
        let key = try #require(try await fixture.resolver.getAPIKey(service: "chatgpt"))
        #expect(key.value == "openai1" && vault.reads == ["openai"])
        #expect(key.provenance?.source == .hook("team-vault", detail: nil))
        #expect(key.provenance?.resolvedAt == fixture.date.now && key.provenance?.skippedSources == [])
        fixture.advance(100)
        #expect(await fixture.outcome() == "openai2")
    }

    @Test func `Nil leaves the call to the next source, is believed for its own TTL and is reported`() async throws {
        vault.answer { _, _ in nil }
        let warnings = Recording<KeyWarning>()
        let fixture = try SourceFixture(vault, services: ["openai"], warnings: warnings)
        for _ in 1...3 { #expect(await fixture.outcome() == "sk-env") }
        #expect(vault.reads.count == 1)
        let skipped = try #require(try await fixture.resolver.getAPIKey(service: "openai")?.provenance?.skippedSources)
        #expect(skipped.map(\.place) == ["plugin 'team-vault'"] && skipped.map(\.isAbsence) == [true])
        #expect(warnings.events.map(\.code) == [.skippedSource])
        #expect(warnings.events.first?.message.contains("plugins") == true)
        fixture.advance(20)
        #expect(await fixture.outcome() == "sk-env")
        #expect(vault.reads.count == 2)
    }

    @Test func `It is asked only for its services`() async throws {
        let fixture = try SourceFixture(vault, services: ["groq", "azure*"])
        #expect(await fixture.outcome() == "sk-env")
        #expect(await fixture.outcome("azure_ai") == "azure_ai1" && vault.reads == ["azure_ai"])
        let hooks = try fixture.resolver.explain(service: "openai").hooks
        #expect(hooks.map(\.isEnabled) == [false] && hooks.map(\.reason) == ["for other services: groq, azure*"])
        #expect(try fixture.resolver.explain(service: "openai").cached.isEmpty)
    }

    @Test func `Scopes are read by themselves, and byte for byte`() async throws {
        let fixture = try SourceFixture(vault)
        for tenant in ["a", "b", "a"] {
            let scope = KeyScope(tenant: tenant)
            #expect(await fixture.outcome(scope: scope) == (tenant == "a" ? "openai1" : "openai2"))
        }
    }

    @Test(arguments: [
        (outage as any Error, "unavailable"), (denial, "denied"), (LeakyError(description: "sk-leak"), "pluginFailed"),
    ])
    func `A failure ends the call, and never shows what another error says`(
        error: any Error,
        expected: String
    ) async throws {
        vault.fail(error)
        let fixture = try SourceFixture(vault)
        let thrown = try await failure { try await fixture.resolver.getAPIKey(service: "openai") }
        #expect(thrown.code.description == expected && thrown.service == "openai")
        #expect(!"\(thrown) \(thrown.debugDescription)".contains("sk-leak"))
    }

    @Test func `An empty key is refused`() async throws {
        vault.answer { _, _ in " \n" }
        #expect(await (try SourceFixture(vault)).outcome() == "pluginFailed")
    }

    @Test func `It may answer under a second id in another registry, and shares nothing`() async throws {
        let (one, other) = (try SourceFixture(vault), try SourceFixture(vault))
        #expect(await one.outcome() == "openai1")
        #expect(await other.outcome() == "openai2")
    }

    @Test func `Settings that can't be obeyed count as the nearest that can`() async throws {
        let fixture = try SourceFixture(vault) {
            $0.cache.timeToLive = .seconds(-1)
            $0.cache.capacity = 0
            $0.cache.jitter = 7
        }
        #expect(await fixture.outcome() == "openai1")
        #expect(await fixture.outcome() == "openai2")
    }
}
