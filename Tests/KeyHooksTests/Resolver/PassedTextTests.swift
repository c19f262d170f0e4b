import ExtensionHooks
import Foundation
import KeyHooks
import Testing

/// What is said of sources that did not answer, and what a hook says of its own answer.
struct PassedTextTests {
    let registry = HookRegistry()
    let outage = KeyResolutionError(.unavailable, "the vault is away", remedy: "start it")

    private func resolver(_ environment: [String: String] = [:]) throws -> KeyResolver {
        try KeyResolver(registry: registry, environment: environment)
    }

    @Test func `An absence names every place that was asked, the strongest first`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "a/vault") { $0.skip("kv/openai", reason: "no field api_key") }
        }
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "b/file") { $0.skip("/run/keys") } }
        guard case .absent(let absence) = try await resolver().resolve(service: "openai") else {
            Issue.record("found a key in an empty environment")
            return
        }
        #expect(absence.placesTried == ["kv/openai (no field api_key)", "/run/keys", "the process environment"])
        let error = try await failure { try await resolver().requireAPIKey(service: "openai") }
        #expect(error.code == .absent)
        #expect(error.message.hasSuffix(" in kv/openai (no field api_key), /run/keys, the process environment"))
    }

    @Test func `A source that looked for the same names doesn't repeat them`() async throws {
        let names = ServiceCatalogue.standard.definition(of: "openai").variables.map(\.name).joined(separator: ", ")
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "vault") { $0.skip("kv/ai", reason: "no field \(names); no field key") }
        }
        let error = try await failure { try await resolver().requireAPIKey(service: "openai") }
        let places = "kv/ai (no field of these names; no field key), the process environment"
        #expect(error.message == "no key for 'openai': tried \(names) in \(places)")
    }

    @Test func `Where a source says where a key is to be put, that is the remedy, and the strongest one's`()
        async throws
    {
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "a/other") { $0.skip("elsewhere") } }
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "b/vault") { $0.skip("kv/openai", remedy: "put it into kv: vault put x") }
        }
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "c/weak") { $0.skip("weak", remedy: "put it into weak") }
        }
        let error = try await failure { try await resolver().requireAPIKey(service: "openai") }
        #expect(error.remedy == "put it into kv: vault put x")
        #expect("\(error)".hasSuffix(". Put it into kv: vault put x"))
        let typo = try await failure { try await resolver().requireAPIKey(service: "opnai") }
        #expect(typo.remedy == "did you mean 'openai'? Otherwise put it into kv: vault put x")
    }

    @Test func `An absence after a failure says what failed and how to fix it`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "a/vault") { [outage] in $0.skip("kv", after: outage) }
        }
        let error = try await failure { try await resolver().resolve(service: "chatgpt") }
        #expect(
            error.description == "the vault is away; no weaker source has a key for 'openai' either. Start it."
        )
        #expect(error.namesTried.first == "OPENAI_API_KEY")
    }

    @Test func `What was passed over is in the provenance, with place, text and remedy`() async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "a/vault") { [outage] in $0.skip("kv", after: outage) }
        }
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "b/file") { $0.skip("/run/keys", reason: "empty") }
        }
        let provenance = try await resolver(["OPENAI_API_KEY": "sk-1"]).getAPIKey(service: "openai")?.provenance
        #expect(provenance?.source == .environment(name: "OPENAI_API_KEY"))
        let passed = try #require(provenance?.skippedSources.filter { !$0.isAbsence }.first)
        #expect(provenance?.skippedSources.filter { !$0.isAbsence }.count == 1)
        #expect(passed.place == "kv" && passed.message == "the vault is away" && passed.remedy == "start it")
        #expect(!passed.isAbsence && "\(passed)" == "kv (the vault is away)")
    }

    @Test func `The environment's own copy of a key is not marked for other callers`() async throws {
        let registration = try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "a/vault") { [outage] in $0.skip("kv", after: outage) }
        }
        let resolver = try resolver(["OPENAI_API_KEY": "sk-1"])
        #expect(try await resolver.getAPIKey(service: "openai")?.provenance?.skippedSources.count == 1)
        registration.cancel()
        #expect(try await resolver.getAPIKey(service: "openai")?.provenance?.skippedSources == [])
    }

    @Test func `A hook's own provenance is kept, staleness and all, and what failed before is added`() async throws {
        let own = KeyProvenance(
            source: .hook("b/cache", detail: "kv/openai"),
            version: "7",
            expiresAt: .distantFuture,
            isStale: true
        )
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "a/vault") { [outage] in $0.skip("kv", after: outage) }
        }
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "b/cache") { $0.answer(APIKey("sk-1", provenance: own)) }
        }
        let found = try #require(try await resolver().getAPIKey(service: "openai")?.provenance)
        #expect(found.source == own.source && found.resolvedAt == own.resolvedAt && found.version == "7")
        #expect(found.isStale && found.expiresAt == .distantFuture)
        #expect(found.skippedSources.filter { !$0.isAbsence }.map(\.place) == ["kv"])
    }

    @Test(arguments: [true, false])
    func `A key is not stale unless its hook says so`(saysSo: Bool) async throws {
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "a/vault") { call in
                let provenance = KeyProvenance(source: .hook("a/vault", detail: nil), isStale: saysSo)
                call.answer(saysSo ? APIKey("sk-1", provenance: provenance) : APIKey("sk-1"))
            }
        }
        #expect(try await resolver().getAPIKey(service: "openai")?.provenance?.isStale == saysSo)
        #expect(try resolver().cachedAPIKey(service: "openai")?.provenance?.isStale == saysSo)
    }

    @Test func `A hook that passes and then fails where it may be skipped leaves no trace`() async throws {
        try registry.register { [outage] hooks in
            hooks.onStart(.getAPIKey, id: "a/vault", onFailure: .continue) { call in
                call.skip("kv", after: outage)
                throw LeakyError(description: "no")
            }
        }
        guard case .absent(let absence) = try await resolver().resolve(service: "openai") else {
            Issue.record("found a key in an empty environment")
            return
        }
        #expect(absence.placesTried == ["the process environment"])
    }

    @Test func `Passing is no rewrite of the request`() async throws {
        let rewrites = Recording<[HookRewrite]>()
        try registry.register { hooks in hooks.observe { rewrites.add($0.rewrites) } }
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "a/vault") { $0.skip("kv") } }
        _ = try await resolver().resolve(service: "openai")
        #expect(rewrites.events == [[]])
    }

    @Test func `An absence says where the key may be set: in the files that are read, or in the environment`()
        async throws
    {
        try await withFolder { folder in
            try folder.write("b.env", "A=1")
            try registry.register { hooks in hooks.onStart(.getAPIKey, id: "a/vault") { $0.skip("kv/xai") } }
            let files = ["a.env", "b.env"].map { EnvironmentFile(folder.file($0), isRequired: false) }
            for precedence in [EnvironmentPrecedence.process, .files] {
                let configuration = KeyConfiguration(envFiles: files, envPrecedence: precedence)
                let resolver = try KeyResolver(configuration: configuration, registry: registry, environment: [:])
                let error = try await failure { try await resolver.requireAPIKey(service: "xai") }
                #expect(
                    error.remedy
                        == "set XAI_API_KEY in \(folder.file("b.env")), \(folder.file("a.env")) or in the environment"
                )
            }
        }
    }
}
