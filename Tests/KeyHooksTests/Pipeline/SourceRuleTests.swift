import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Testing

/// The user's rules over a source that knows nothing of them.
@Suite(.timeLimit(.minutes(5))) struct SourceRuleTests {
    let vault = ScriptedVault()

    /// Whether the source's own settings and the user's rule allow a weaker source, and what comes of an outage.
    @Test(arguments: [
        (KeyFallback.never, KeyFallback?.none, "unavailable"), (.unavailable, nil, "sk-env"),
        (.never, .unavailable, "sk-env"), (.unavailable, .never, "unavailable"),
    ])
    func `The user's fallback stands over the source's`(
        own: KeyFallback,
        rule: KeyFallback?,
        expected: String
    ) async throws {
        vault.fail()
        let fixture = try SourceFixture(vault, providers: ["openai": ProviderSettings(fallback: rule)]) {
            $0.fallback = own
        }
        #expect(await fixture.outcome() == expected)
        let report = try fixture.resolver.explain(service: "openai").cached.first
        #expect(report?.allowsFallback == (expected == "sk-env"))
        guard expected == "sk-env" else { return }
        let key = try await fixture.resolver.getAPIKey(service: "openai")
        #expect(key?.provenance?.skippedSources.map(\.code) == [.unavailable])
        vault.fail(denial)
        fixture.advance(1)
        #expect(await fixture.outcome() == "denied")
    }

    @Test func `A read that takes too long is skipped where the user allows it`() async throws {
        vault.answer { _, _ in
            try await Task.sleep(for: .seconds(600))
            return nil
        }
        let fixture = try SourceFixture(vault, providers: ["openai": ProviderSettings(fallback: .unavailable)])
        async let outcome = fixture.outcome()
        await fixture.clock.someoneSleeps()
        fixture.advance(10)
        #expect(await outcome == "sk-env")
        #expect(await fixture.outcome() == "sk-env" && vault.reads.count == 1)
    }

    @Test func `Plugins that the user names for a service are asked, and others are not`() async throws {
        let fixture = try SourceFixture(
            vault,
            services: ["groq"],
            providers: ["openai": ProviderSettings(plugins: ["team-vault"]), "groq": ProviderSettings(plugins: [])]
        )
        #expect(await fixture.outcome() == "openai1")
        #expect(await fixture.outcome("groq") == "nil")
    }

    @Test func `A change of rules holds for what is kept`() async throws {
        let fixture = try SourceFixture(vault)
        #expect(await fixture.outcome() == "openai1")
        try fixture.resolver.override("openai") { $0.timeToLive = .zero }
        #expect(await fixture.outcome() == "openai2")
        #expect(await fixture.outcome() == "openai3")
        try fixture.resolver.removeOverride("openai")
        #expect(await fixture.outcome() == "openai1")
    }

    @Test func `An absence is reported at length where the user counts on the source, and in short elsewhere`()
        async throws
    {
        vault.answer { _, _ in nil }
        for isNamed in [true, false] {
            let warnings = Recording<KeyWarning>()
            let rule = ProviderSettings(plugins: isNamed ? ["team-vault"] : nil)
            let fixture = try SourceFixture(vault, providers: ["openai": rule], warnings: warnings)
            #expect(await fixture.outcome() == "sk-env")
            #expect(warnings.events.map(\.code) == [.skippedSource])
            #expect(warnings.events.first?.message.contains("Correct where") == isNamed, "\(warnings.events)")
        }
    }
}
