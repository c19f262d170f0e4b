import ExtensionHooks
import Foundation
import KeyHooks
import Testing

struct ExplainTests {
    @Test func `The whole chain is shown`() async throws {
        try await withFolder { folder in
            let first = try folder.write("first.env", "COHERE_API_KEY=\nCO_API_KEY=sk-first\n")
            let last = try folder.write("last.env", "\nCO_API_KEY=sk-last\n")
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(first), EnvironmentFile(last)]),
                environment: ["API_KEY_COHERE": "sk-process"]
            )
            let explanation = try resolver.explain(service: "Cohere-Chat")
            #expect(explanation.requested == "cohere_chat" && explanation.service == "cohere")
            #expect(explanation.isKnown && explanation.isKeyRequired && explanation.suggestion == nil)
            #expect(explanation.places.map(\.name) == ["process environment", last, first])
            let lines = explanation.variables
            #expect(lines.map(\.name).prefix(2) == ["COHERE_API_KEY", "CO_API_KEY"])
            #expect(lines.prefix(4).map(\.state) == [.empty, .set, .set, .unset])
            #expect(lines.prefix(3).map(\.tier) == [.service, .service, .generic])
            #expect(lines[0].occurrences.map(\.line) == [1])
            #expect(lines[1].occurrences.map(\.place) == [last, first])
            #expect(lines[1].occurrences.map(\.line) == [2, 2])
            #expect(lines[1].occurrences.map(\.wins) == [true, false])
            #expect(lines[2].occurrences.map(\.wins) == [false])
            #expect(explanation.outcome == .found)
            #expect(explanation.winner?.variable == "CO_API_KEY")
            #expect(explanation.winner?.place == last && explanation.winner?.line == 2)
        }
    }

    @Test func `Every hook is listed in order with its reason`() throws {
        let registry = HookRegistry()
        let hook: @Sendable (inout StartCall<KeyRequest, KeyAnswer>) -> Void = { _ in }
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "b/late", priority: 200, hook) }
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "a/first", priority: 300, before: ["b"], hook) }
        try registry.register { hooks in hooks.onEnd(.getAPIKey, id: "c/audit") { _ in } }
        let hooks = try KeyResolver(registry: registry, environment: [:]).explain(service: "openai").hooks
        #expect(hooks.map(\.id) == ["c/audit", "a/first", "b/late"])
        #expect(hooks.map(\.phases) == [["end"], ["start"], ["start"]])
        #expect(hooks.map(\.reason) == ["priority 100", "priority 300, before 'b'", "priority 200"])
        #expect(hooks.allSatisfy { $0.isEnabled })
    }

    @Test(arguments: [
        ("openai", "OPENAI_API_KEY in process environment, unless one of the hooks answers first (a/vault)"),
        ("ollama", "no key is set and none is required, unless one of the hooks answers first (a/vault)"),
        ("groq", "only what the hooks answer (a/vault): no variable is set"),
    ])
    func `The first line does not promise what a hook may change`(id: String, outcome: String) throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "a/vault") { _ in } }
        try registry.register { hooks in hooks.onStart(.getSecret, id: "b/fields") { _ in } }
        try registry.register { hooks in hooks.onEnd(.getAPIKey, id: "c/audit") { _ in } }
        let environment = ["OPENAI_API_KEY": "sk-1"]
        let explanation = try KeyResolver(registry: registry, environment: environment).explain(service: Service(id))
        #expect(explanation.description.hasPrefix("\(id): \(outcome)\n"))
        let without = try KeyResolver(registry: registry, environment: environment, pluginUse: .never)
        #expect(try !without.explain(service: Service(id)).description.hasPrefix("\(id): \(outcome)\n"))
    }

    @Test func `An unknown service is explained by the generic rule, with a suggestion`() throws {
        let explanation = try KeyResolver(environment: ["API_KEY_OPNAI": "sk-1"]).explain(service: "opnai")
        #expect(!explanation.isKnown && explanation.suggestion == "openai")
        #expect(explanation.variables.allSatisfy { $0.tier == .generic })
        #expect(explanation.winner?.variable == "API_KEY_OPNAI")
    }

    @Test(arguments: [("openai", KeyExplanation.Outcome.absent), ("ollama", .notRequired)])
    func `Nothing set comes to the service's own outcome`(id: String, outcome: KeyExplanation.Outcome) throws {
        let explanation = try KeyResolver(environment: [:]).explain(service: Service(id))
        #expect(explanation.outcome == outcome && explanation.winner == nil)
    }

    @Test func `The fields of a service are explained as well`() throws {
        let resolver = try KeyResolver(environment: ["AWS_REGION": "eu-1", "AWS_ACCESS_KEY_ID": ""])
        let fields = try resolver.explain(service: "bedrock").fields
        #expect(fields["region"]?.map(\.state) == [.set, .unset, .unset, .unset])
        #expect(fields["access_key_id"]?.map(\.state) == [.empty, .unset])
    }

    @Test func `No explanation and no list holds a value`() async throws {
        try await withFolder { folder in
            let names = Set(
                ServiceCatalogue.standard.all.flatMap { $0.variables + $0.fields.values.joined() }.map(\.name)
            )
            .sorted()
            let lines = names.enumerated().map { "\($1)=leaked-in-file-\($0)" }
            let path = try folder.write(".env", lines.joined(separator: "\n"))
            let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, "leaked-in-process-\($0)") })
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(path)]),
                environment: environment
            )
            let encoder = JSONEncoder()
            for service in resolver.catalogue.all.map(\.service) {
                let explanation = try resolver.explain(service: service)
                let text = String(decoding: try encoder.encode(explanation), as: UTF8.self)
                #expect(!text.contains("leaked"))
                #expect(explanation.outcome == .found)
            }
            #expect(!String(decoding: try encoder.encode(resolver.list()), as: UTF8.self).contains("leaked"))
            for text in allTexts(of: try resolver.explain(service: "openai")) { #expect(!text.contains("leaked")) }
        }
    }

    @Test func `The encoded form has a version and can be read back`() throws {
        let explanation = try KeyResolver(environment: ["AWS_REGION": "eu-1"]).explain(service: "bedrock")
        let data = try JSONEncoder().encode(explanation)
        #expect(String(decoding: data, as: UTF8.self).contains("\"schemaVersion\":1"))
        #expect(try JSONDecoder().decode(KeyExplanation.self, from: data) == explanation)
    }

    @Test func `Doubtful lines of a file are warned of`() async throws {
        try await withFolder { folder in
            let path = try folder.write(".env", "A=1\nA=2\n")
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(path)]),
                environment: [:]
            )
            #expect(try resolver.explain(service: "openai").warnings.contains { $0.hasPrefix("\(path):2:1: ") })
        }
    }

    @Test func `What is allowed and yet likely a mistake is warned of`() async throws {
        let text = """
            {providers: {openia: {plugins: []}, my_llm: {ttl: '5m'}, opena: {env: ['OWN_KEY']}}}
            """
        let configuration = try await readConfiguration(text)
        let resolver = try KeyResolver(configuration: configuration, environment: ["OPENAI_API_KEY": "sk-1"])
        let provider = "providers.openia is about no known service. Did you mean 'openai'?"
        #expect(try resolver.explain(service: "openai").warnings == [provider])
        #expect(try resolver.explain(service: "groq").warnings.isEmpty)
        // One with variables may be a service of one's own, and is doubted where the known one has no key.
        let absent = try KeyResolver(configuration: configuration, environment: ["OWN_KEY": "sk-1"])
        let other = "providers.opena is about no known service. Did you mean 'openai'?"
        #expect(try absent.explain(service: "openai").warnings == [other, provider])
        #expect(try absent.explain(service: "opena").warnings.isEmpty)
    }

    @Test(arguments: ["openai_eu", "my_openai", "xaii", "acme_llm"])
    func `A service of one's own with variables is none that is misspelt`(id: String) async throws {
        let configuration = try await readConfiguration("{providers: {\(id): {env: ['OWN_KEY']}}}")
        let resolver = try KeyResolver(configuration: configuration, environment: [:])
        for service: Service in ["openai", "xai"] {
            #expect(try resolver.explain(service: service).warnings.isEmpty)
        }
    }
}
