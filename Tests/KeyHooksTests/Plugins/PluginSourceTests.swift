import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

/// A source that tells when it is asked, and adds one hook of a priority.
private struct TellingSource: PluginSource {
    let id: PluginID
    var priority = HookBundle.defaultPriority
    let log: Recording<String>
    var warnings: [String] = []

    func register(in hooks: inout HookBundle, _ context: PluginContext) throws -> RegisteredPlugins {
        log.add("\(id) \(context.configuration.pluginPath) \(context.environment["NAME"] ?? "")")
        hooks.onStart(.getAPIKey, id: HookID(id), priority: priority) { [id] in $0.answer(APIKey(id.rawValue)) }
        return RegisteredPlugins()
    }
}

@Suite("Where plugins come from")
struct PluginSourceTests {
    private let log = Recording<String>()

    @Test("Sources are asked in order, with the configuration and the environment, and again at each reload")
    func order() async throws {
        let sources = ["one", "two"].map { TellingSource(id: PluginID($0), log: log) }
        var configuration = KeyConfiguration()
        configuration.pluginPath = ["Plugins"]
        let resolver = try KeyResolver(configuration: configuration, plugins: sources, environment: ["NAME": "x"])
        #expect(log.events == ["one [\"Plugins\"] x", "two [\"Plugins\"] x"])
        #expect(try await resolver.value("openai") == "one")
        try resolver.reloadPlugins()
        #expect(log.events.count == 4)
        try resolver.reload(KeyConfiguration())
        #expect(log.events.suffix(2) == ["one [] x", "two [] x"])
        #expect(try resolver.explain(service: "openai").hooks.map(\.id) == ["one", "two"])
    }

    @Test("An override asks no source again: what plugins keep is not lost at each")
    func override() async throws {
        let resolver = try KeyResolver(plugins: [TellingSource(id: "one", log: log)], environment: [:])
        try resolver.override("openai") { $0.plugins = [] }
        #expect(try await resolver.value("openai") == nil)
        #expect(try await resolver.value("groq") == "one")
        #expect(throws: KeyResolutionError.self) { try resolver.override("groq") { $0.plugins = ["nobody"] } }
        try resolver.removeOverride("openai")
        #expect(try await resolver.value("openai") == "one")
        #expect(log.events.count == 1)
        try resolver.reload()
        #expect(log.events.count == 2)
    }

    @Test("Priorities count more than the order of sources, and an order of the service's own counts most")
    func priorities() async throws {
        let sources = [TellingSource(id: "one", log: log), TellingSource(id: "two", priority: 1, log: log)]
        let settings: [Service: ProviderSettings] = ["groq": ProviderSettings(plugins: ["one", "two"])]
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: settings),
            plugins: sources,
            environment: [:]
        )
        #expect(try await resolver.value("openai") == "two")
        #expect(try await resolver.value("groq") == "one")
    }

    @Test("What a source finds odd is among the warnings of explanations, unless plugins are off")
    func doubts() throws {
        let source = TellingSource(id: "one", log: log, warnings: ["Plugins is not there"])
        let resolver = try KeyResolver(plugins: [source], environment: [:])
        #expect(try resolver.explain(service: "groq").warnings == ["Plugins is not there"])
        let without = try KeyResolver(plugins: [source], environment: [:], pluginUse: .never)
        #expect(try without.explain(service: "groq").warnings.isEmpty)
    }

    @Test("Where a service has its own plugins, the others are left out and not disabled")
    func reasons() async throws {
        let text = "{providers: {groq: {plugins: ['two']}}, hookOrder: ['two', 'one']}"
        let sources = ["one", "two"].map { TellingSource(id: PluginID($0), log: log) }
        func hooks(_ service: Service, pluginUse: KeyResolver.PluginUse = .always) async throws -> [String] {
            let resolver = try KeyResolver(
                configuration: try await readConfiguration(text),
                plugins: sources,
                environment: [:],
                pluginUse: pluginUse
            )
            return try resolver.explain(service: service).hooks.map { "\($0.id): \($0.reason)" }
        }
        #expect(
            try await hooks("groq") == [
                "two: in the order of this service's 'plugins'", "one: not in this service's 'plugins'",
            ]
        )
        let pinned = "pinned by the configured order"
        #expect(try await hooks("openai") == ["two: \(pinned)", "one: \(pinned)"])
    }

    @Test("A hook that is switched off with all others is disabled, whatever the rule says")
    func off() throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "one") { _ in } }
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["groq": ProviderSettings(plugins: [])]),
            registry: registry,
            environment: [:],
            pluginUse: .never
        )
        #expect(try resolver.explain(service: "groq").hooks.map(\.reason) == ["disabled"])
    }

    @Test("Hooks of plugins run beside those of the registry, which does not get them")
    func registry() async throws {
        let registry = HookRegistry()
        let resolver = try KeyResolver(
            plugins: [TellingSource(id: "one", log: log)],
            registry: registry,
            environment: [:]
        )
        #expect(registry.order(of: .getAPIKey).isEmpty)
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "first", priority: 1) { call in
                if call.arguments.service == "groq" { call.answer(APIKey("first")) }
            }
        }
        #expect(try await resolver.value("openai") == "one")
        #expect(try await resolver.value("groq") == "first")
    }
}
