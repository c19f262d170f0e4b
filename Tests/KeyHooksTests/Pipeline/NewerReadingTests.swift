import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// A rejected key isn't given again while a newer one can be had.
@Suite(.serialized, .timeLimit(.minutes(5))) struct NewerReadingTests {
    let vault = ScriptedVault()

    @Test func `Nor where the same key was read once more before the rotation`() async throws {
        let key = Rotating("sk-old")
        vault.answer { _, _ in key.value }
        let fixture = try SourceFixture(vault)
        let old = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
        #expect(await fixture.outcome(refresh: true) == "sk-old")
        key.value = "sk-new"
        fixture.resolver.report(.unauthorized, for: old)
        #expect(await fixture.outcome() == "sk-new")
        #expect(vault.reads.count == 3)
    }

    @Test func `Nor under another ttl`() async throws {
        let key = Rotating("sk-old")
        let bundle = Texts(key)
        let fixture = try SourceFixture(bundle, providers: ["groq": ProviderSettings(timeToLive: .seconds(90))])
        let old = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
        #expect(await fixture.outcome("groq") == "sk-old")
        key.value = "sk-new"
        fixture.resolver.report(.unauthorized, for: old)
        #expect(await fixture.outcome("groq") == "sk-new")
        #expect(await fixture.outcome() == "sk-new")
    }

    @Test(arguments: [99, 150]) func `Nor under one of very many ttls`(_ count: Int) async throws {
        let key = Rotating("sk-old")
        let fixture = try SourceFixture(Texts(key))
        let old = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
        for number in 1...count {
            try fixture.resolver.override("groq") { $0.timeToLive = .seconds(50) + .milliseconds(number) }
            #expect(await fixture.outcome("groq") == "sk-old")
        }
        key.value = "sk-new"
        fixture.resolver.report(.unauthorized, for: old)
        #expect(await fixture.outcome("groq") == "sk-new")
    }

    @Test func `A newer key stays, and is dropped once it is rejected itself`() async throws {
        let key = Rotating("sk-1")
        let fixture = try SourceFixture(Texts(key), providers: ["groq": ProviderSettings(timeToLive: .seconds(90))])
        let first = try #require(try await fixture.resolver.getAPIKey(service: "openai"))
        #expect(await fixture.outcome("groq") == "sk-1")
        key.value = "sk-2"
        let second = try #require(try await fixture.resolver.getAPIKey(service: "openai", refresh: true))
        fixture.resolver.report(.unauthorized, for: first)
        #expect(await fixture.outcome() == "sk-2")
        #expect(await fixture.outcome("groq") == "sk-2")
        key.value = "sk-3"
        fixture.resolver.report(.unauthorized, for: second)
        #expect(await fixture.outcome() == "sk-3")
        #expect(await fixture.outcome("groq") == "sk-3")
    }

    @Test(arguments: [true, false], [true, false])
    func `Nor where an end hook made the key, maybe registered later`(isNamed: Bool, isLate: Bool) async throws {
        let key = Rotating("sk-old")
        vault.answer { _, _ in key.value }
        let registry = HookRegistry()
        try registry.register { [vault] hooks in hooks.answer(from: vault, id: "vault") }
        let wrap = { (hooks: inout HookBundle) in
            hooks.onEnd(.getAPIKey, id: "wrap") { call in
                if case .success(.found(let key)) = call.result {
                    let provenance = isNamed ? KeyProvenance(source: .hook("wrap", detail: nil)) : nil
                    let wrapped = "wrapped-\(key.value)"
                    call.result = .success(
                        .found(provenance.map { APIKey(wrapped, provenance: $0) } ?? APIKey(wrapped))
                    )
                }
            }
        }
        if !isLate { try registry.register(wrap) }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        if isLate { try registry.register(wrap) }
        let old = try #require(try await resolver.getAPIKey(service: "openai"))
        #expect(old.value == "wrapped-sk-old")
        key.value = "sk-new"
        resolver.report(.unauthorized, for: old)
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "wrapped-sk-new")
    }

    @Test func `Nor where the plugin was made anew by a reload`() async throws {
        let key = Rotating("sk-old")
        Reloaded.key.withLock { $0 = key }
        let configuration = try KeyConfiguration(parsing: #"{"plugins": {"reloaded": {}}}"#)
        let resolver = try KeyResolver(configuration: configuration, plugins: [Reloaded.plugin], environment: [:])
        let old = try #require(try await resolver.getAPIKey(service: "openai"))
        try resolver.reload(configuration)
        #expect(try await resolver.getAPIKey(service: "openai") == old)
        key.value = "sk-new"
        resolver.report(.unauthorized, for: old)
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-new")
    }

    @Test func `Nor where a read keeps the plugin from before the reload`() async throws {
        let key = Rotating("sk-old")
        Reloaded.key.withLock { $0 = key }
        let configuration = try KeyConfiguration(parsing: #"{"plugins": {"reloaded": {}}}"#)
        let resolver = try KeyResolver(configuration: configuration, plugins: [Reloaded.plugin], environment: [:])
        let old = try #require(try await resolver.getAPIKey(service: "openai"))
        let hanging = Task { try await resolver.getAPIKey(service: "hanging") }
        while Reloaded.hanging.withLock({ $0 }) == 0 { await Task.yield() }
        try resolver.reload(configuration)
        #expect(try await resolver.getAPIKey(service: "openai") == old)
        key.value = "sk-new"
        resolver.report(.unauthorized, for: old)
        let new = try await resolver.getAPIKey(service: "openai")
        #expect(new?.value == "sk-new")
        // A late report of the old one costs no read.
        let loads = resolver.cacheStatistics["reloaded"]?.loads
        resolver.report(.unauthorized, for: old)
        #expect(try await resolver.getAPIKey(service: "openai") == new)
        #expect(resolver.cacheStatistics["reloaded"]?.loads == loads)
        hanging.cancel()
        _ = try? await hanging.value
    }

    final class Rotating: Sendable {
        private let state: Mutex<String>
        init(_ value: String) { state = Mutex(value) }
        var value: String {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    /// One text for all services.
    struct Texts: KeySource {
        let key: Rotating
        init(_ key: Rotating) { self.key = key }
        func location(for request: KeyRequest) -> String? { "ai/all" }
        func read(_ location: String) async throws -> String? { key.value }
    }

    struct Reloaded: KeyPlugin, KeySource {
        static let id: PluginID = "reloaded"
        static let key = Mutex<Rotating?>(nil)
        init(_ configuration: NoSettings, in context: PluginContext) {}
        static let hanging = Mutex(0)
        func read(_ request: KeyRequest) async throws -> String? {
            if request.service == "hanging" {
                Self.hanging.withLock { $0 += 1 }
                try await Task.sleep(for: .seconds(60))
            }
            return Self.key.withLock { $0 }?.value
        }
    }
}
