import ExtensionHooks
import Foundation
import KeyHooks
import Synchronization
import Testing

/// Sources that keep many keys in one place.
@Suite(.timeLimit(.minutes(5))) struct SourceLocationTests {
    /// One bundle for each profile; no business with "groq".
    final class Bundles: KeySource {
        private let state = Mutex(
            (reads: [String](), fields: ["OPENAI_API_KEY": "sk-1", "XAI_API_KEY": " ", "AWS_REGION": "eu-1"])
        )

        var reads: [String] { state.withLock { $0.reads } }

        func location(for request: KeyRequest) throws -> String? {
            if request.scope.tenant != nil {
                throw KeyResolutionError(.invalidScope, "a tenant has no bundle", remedy: "leave it out")
            }
            return request.service == "groq" ? nil : "ai/\(request.scope.profile ?? "default")"
        }

        func read(_ location: String) async throws -> SourceReading<[String: String]> {
            let fields = state.withLock { state in
                state.reads.append(location)
                return state.fields
            }
            if location == "ai/empty" { return .absent("no such secret", remedy: "put it there: vault put ai/empty") }
            return .found(fields, version: "7", expiresAt: Date(timeIntervalSince1970: 1_900_000_000))
        }
    }

    let bundles = Bundles()

    @Test func `One read serves all services and fields, and says which field it was`() async throws {
        let fixture = try SourceFixture(bundles)
        let key = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
        let region = try #require(try await fixture.resolver.getSecret(service: "bedrock", field: "region"))
        #expect(key.value == "sk-1" && region.value == "eu-1" && bundles.reads == ["ai/default"])
        #expect(key.provenance?.source == .hook("team-vault", detail: "ai/default, field OPENAI_API_KEY"))
        #expect(key.provenance?.version == "7")
        #expect(key.provenance?.expiresAt == Date(timeIntervalSince1970: 1_900_000_000))
        #expect(region.provenance?.source == .hook("team-vault", detail: "ai/default, field AWS_REGION"))
        #expect(!"\(region) \(String(reflecting: region))".contains("eu-1"))
    }

    @Test func `A field that isn't there says what was tried, and what is odd`() async throws {
        let fixture = try SourceFixture(bundles)
        let error = try await failure { try await fixture.resolver.requireAPIKey(service: "xai") }
        #expect(
            error.message.contains("plugin 'team-vault': ai/default (field XAI_API_KEY is empty; no field "),
            "\(error)"
        )
        let report = try #require(try fixture.resolver.explain(service: "xai").cached.first)
        #expect(report.source == "ai/default" && report.names.first == "XAI_API_KEY" && report.version == "7")
        #expect(report.detail?.hasPrefix("field XAI_API_KEY is empty") == true)
    }

    @Test func `A secret that isn't there has a reason and a remedy`() async throws {
        let fixture = try SourceFixture(bundles)
        let scope = KeyScope(profile: "empty")
        let error = try await failure { try await fixture.resolver.requireAPIKey(service: "xai", scope: scope) }
        #expect(error.message.contains("plugin 'team-vault': ai/empty (no such secret)"))
        #expect(error.remedy == "put it there: vault put ai/empty")
        let report = try fixture.resolver.explain(service: "xai", scope: scope).cached.first
        #expect(report?.state == .absent && report?.detail == "no such secret")
    }

    @Test func `What is none of its business is not read, and a request it cannot use fails`() async throws {
        let fixture = try SourceFixture(bundles, environment: ["GROQ_API_KEY": "gsk-env"])
        #expect(await fixture.outcome("groq") == "gsk-env" && bundles.reads.isEmpty)
        #expect(try fixture.resolver.explain(service: "groq").cached.isEmpty)
        #expect(await fixture.outcome(scope: KeyScope(tenant: "t")) == "invalidScope")
        let report = try fixture.resolver.explain(service: "openai", scope: KeyScope(tenant: "t")).cached.first
        #expect(report?.state == .failed && report?.detail == "a tenant has no bundle")
    }

    @Test func `Emptying a service empties the bundles that it may be in`() async throws {
        let fixture = try SourceFixture(bundles)
        for profile in [nil, "prod"] { _ = await fixture.outcome(scope: KeyScope(profile: profile)) }
        // It was never asked for there, but may be in there.
        fixture.resolver.invalidate("mistral")
        for profile in [nil, "prod"] { _ = await fixture.outcome(scope: KeyScope(profile: profile)) }
        #expect(bundles.reads.count == 4)
        fixture.resolver.invalidate("groq")
        _ = await fixture.outcome()
        #expect(bundles.reads.count == 4)
    }

    @Test func `A user's ttl is an entry of its own, and the source's word is not stretched by it`() async throws {
        let fixture = try SourceFixture(bundles, providers: ["openai": ProviderSettings(timeToLive: .seconds(10))])
        #expect(await fixture.outcome() == "sk-1")
        _ = try await fixture.resolver.getSecret(service: "bedrock", field: "region")
        #expect(bundles.reads.count == 2)
        fixture.advance(10)
        #expect(await fixture.outcome() == "sk-1")
        _ = try await fixture.resolver.getSecret(service: "bedrock", field: "region")
        #expect(bundles.reads.count == 3)
    }
}
