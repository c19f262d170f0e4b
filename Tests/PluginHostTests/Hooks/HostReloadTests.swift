import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

@testable import PluginHost

@Suite("Plugins that come, change and go while the host runs")
struct HostReloadTests {
    @Test("A plugin that is added, changed or removed is picked up; one that did not change keeps its process")
    func changes() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                id: "one",
                hooks: "[{point: 'getAPIKey', phase: 'start', services: ['openai']}]",
                "return key('1')"
            )
            let resolver = try fixture.resolver()
            #expect(try await resolver.value("openai") == "1")
            #expect(try await resolver.value("groq") == nil)

            try fixture.python(
                id: "two",
                hooks: "[{point: 'getAPIKey', phase: 'start', services: ['groq']}]",
                "return key('2')"
            )
            #expect(try await resolver.value("groq") == nil)
            try resolver.reloadPlugins()
            #expect(try await resolver.value("groq") == "2")
            #expect(try await resolver.value("openai") == "1")
            #expect(fixture.log("one").count { $0 == "spawned" } == 1)

            try fixture.python(
                id: "two",
                hooks: "[{point: 'getAPIKey', phase: 'start', services: ['groq']}]",
                "return key('3')"
            )
            try resolver.reloadPlugins()
            #expect(try await resolver.value("groq") == "3")
            try fixture.remove("\(fixture.user)/two")
            let error = #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(error?.remedy.hasSuffix("keyhooks plugins forget two") == true)
            #expect(try await resolver.value("groq") == "3")
            try fixture.directory().forget("two")
            try resolver.reloadPlugins()
            #expect(try await resolver.value("groq") == nil)
            #expect(fixture.log("one").count { $0 == "spawned" } == 1)
        }
    }

    @Test("If the new set is bad, the last good one stays")
    func bad() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                more: "configuration: {type: 'object', properties: {n: {type: 'integer'}}}",
                "return key('1')"
            )
            let resolver = try fixture.resolver("{plugins: {acme: {n: 1}}}")
            #expect(try await resolver.value("openai") == "1")
            try fixture.write("\(fixture.root)/project/keyhooks.json", "{plugins: {acme: {n: 'x'}}}")
            let error = #expect(throws: KeyResolutionError.self) { try resolver.reload() }
            #expect(error?.message.contains("keyhooks.json:1:") == true)
            #expect(error?.message.contains("plugins.acme.n") == true)
            #expect(try await resolver.value("openai") == "1")
            try fixture.write("\(fixture.user)/acme/plugin.json", "{")
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(try await resolver.value("openai") == "1")
            #expect(fixture.log().count { $0 == "spawned" } == 1)
        }
    }

    @Test("A plugin of the project runs only after trust, and its section says so until then")
    func trust() async throws {
        try await withPlugins { fixture in
            try fixture.python(in: fixture.project, "return key('1')")
            let configuration = "{pluginPath: ['Plugins'], plugins: {acme: {}}}"
            let error = #expect(throws: KeyResolutionError.self) { try fixture.resolver(configuration) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.description.contains("trust") == true)
            // Without a section nobody counts on it: it is listed and does not run.
            let without = try fixture.resolver("{pluginPath: ['Plugins']}", ["OPENAI_API_KEY": "sk-environment"])
            #expect(try await without.value("openai") == "sk-environment")
            try fixture.directory().trust("acme")
            let resolver = try fixture.resolver(configuration)
            #expect(try await resolver.value("openai") == "1")
            // Changed after it was found and before it was run.
            try fixture.python(in: fixture.project, "return key('2')")
            let changed = #expect(throws: KeyResolutionError.self) {
                try fixture.resolver("{pluginPath: ['Plugins']}", ["OPENAI_API_KEY": "sk-environment"])
            }
            #expect(changed?.message.hasPrefix("plugin 'acme' was trusted and is now untrusted") == true)
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(try await resolver.value("openai") == "1")
            // Without trust nobody counts on it any more.
            try fixture.directory().untrust("acme")
            let never = try fixture.resolver("{pluginPath: ['Plugins']}", ["OPENAI_API_KEY": "sk-environment"])
            #expect(try await never.value("openai") == "sk-environment")
        }
    }

    @Test(
        "A plugin of the user's own that cannot run is an error, since a weaker source would answer in its place",
        arguments: [("run", 0o777), ("run", 0o644), ("plugin.json", 0o666)]
    )
    func own(file: String, mode: Int) async throws {
        try await withPlugins { fixture in
            let place = try fixture.python("return fault('permission-denied')")
            let environment = ["OPENAI_API_KEY": "sk-environment"]
            let resolver = try fixture.resolver("{}", environment)
            #expect(await resolver.failure("openai")?.code == .denied)
            try fixture.change("\(place)/\(file)", to: mode)
            let error = #expect(throws: KeyResolutionError.self) { try fixture.resolver("{}", environment) }
            #expect(error?.message.hasPrefix("plugin 'acme' of the user's own folder is broken: ") == true)
            #expect(
                error?.remedy.hasPrefix("switch it off with 'keyhooks plugins disable acme', or run: chmod") == true
            )
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(await resolver.failure("openai")?.code == .denied)
            try fixture.directory().disable("acme")
            #expect(try await fixture.resolver("{}", environment).value("openai") == "sk-environment")
        }
    }

    @Test(
        "A trusted plugin whose manifest cannot be read, or has another id, is missed until it is switched off",
        arguments: ["{id: 'acme' version: '1'}", "{id: 'other', version: '1', api: 1, entry: './run', hooks: []}", ""]
    )
    func renamed(manifest: String) async throws {
        try await withPlugins { fixture in
            try fixture.python(in: fixture.project, "return key('1')")
            try fixture.directory().trust("acme")
            let environment = ["OPENAI_API_KEY": "sk-environment"]
            let configuration = "{pluginPath: ['Plugins']}"
            #expect(try await fixture.resolver(configuration, environment).value("openai") == "1")
            try fixture.write("\(fixture.project)/acme/plugin.json", manifest)
            let error = #expect(throws: KeyResolutionError.self) { try fixture.resolver(configuration, environment) }
            #expect(
                error?.message.hasPrefix("plugin 'acme' was trusted and is now ") == true,
                "\(error?.message ?? "")"
            )
            try fixture.directory().disable("acme")
            #expect(try await fixture.resolver(configuration, environment).value("openai") == "sk-environment")
        }
    }

    @Test("What waits to be trusted is reported of once, and what was taken back by another program is not started")
    func told() async throws {
        try await withPlugins { fixture in
            try fixture.python(in: fixture.project, "return key('1')")
            let log = Mutex<[String]>([])
            let host = DropInPlugins(environment: fixture.environment) { line in log.withLock { $0.append(line) } }
            let resolver = try fixture.resolver("{pluginPath: ['Plugins']}", host: host, ["OPENAI_API_KEY": "sk"])
            try resolver.reloadPlugins()
            #expect(
                log.withLock(\.self) == [
                    "plugin 'acme' does not run: never trusted. Look at its folder, then: keyhooks plugins trust acme"
                ]
            )
            try fixture.directory().trust("acme")
            try resolver.reloadPlugins()
            try fixture.directory().untrust("acme")
            let failure = await resolver.failure("openai")
            #expect(failure?.message.contains("no longer trusted") == true)
            #expect(fixture.log().isEmpty)
        }
    }

    @Test("A project's plugin whose manifest cannot be read is reported of with its mistake, and by its folder's name")
    func unreadable() async throws {
        try await withPlugins { fixture in
            try fixture.python(id: "hand", in: fixture.project, "return key('1')")
            try fixture.write("\(fixture.project)/hand/plugin.json", "{id: 'hand' version: '1'}")
            let log = Recording<String>()
            let host = DropInPlugins(environment: fixture.environment, log: log.add)
            _ = try fixture.resolver("{pluginPath: ['Plugins']}", host: host)
            #expect(log.events.count == 1)
            let line = try #require(log.events.first)
            #expect(line.contains("/hand' does not run: ") && line.contains("plugin.json:1:"), "\(line)")
            let error = #expect(throws: PluginManagementError.self) { try fixture.directory().trust("hand") }
            #expect(error?.code == .unusablePlugin)
            #expect(error?.message.contains("plugin.json:1:") == true, "\(String(describing: error))")
        }
    }

    @Test("With a host that was shut down no resolver is made, and none is reloaded")
    func shutDown() async throws {
        try await withPlugins { fixture in
            let host = DropInPlugins(environment: fixture.environment)
            let resolver = try fixture.resolver("{}", host: host)
            await host.shutdown()
            for attempt in [{ try resolver.reloadPlugins() }, { _ = try fixture.resolver("{}", host: host) }] {
                let error = #expect(throws: KeyResolutionError.self) { try attempt() }
                #expect(error?.message.contains("shut down") == true)
                #expect(error?.remedy.contains("another DropInPlugins") == true)
            }
        }
    }

    @Test("A plugin that the user switched off leaves its section in peace")
    func disabled() async throws {
        try await withPlugins { fixture in
            try fixture.python("return key('1')")
            try fixture.directory().disable("acme")
            let resolver = try fixture.resolver("{plugins: {acme: {}}}", ["OPENAI_API_KEY": "sk-environment"])
            #expect(try await resolver.value("openai") == "sk-environment")
            try fixture.directory().enable("acme")
            try resolver.reloadPlugins()
            #expect(try await resolver.value("openai") == "1")
        }
    }

    @Test("A service whose plugins are all switched off is not answered from elsewhere")
    func allOff() async throws {
        try await withPlugins { fixture in
            try fixture.python("return key('1')")
            try fixture.directory().disable("acme")
            let resolver = try fixture.resolver(
                "{providers: {openai: {plugins: ['acme']}}}",
                ["OPENAI_API_KEY": "sk-environment", "GROQ_API_KEY": "sk-groq"]
            )
            let failure = await resolver.failure("openai")
            #expect(failure?.code == .invalidConfiguration)
            #expect(failure?.message == "the plugins that may answer for 'openai' are switched off: acme")
            #expect(failure?.remedy.hasSuffix(", or run: keyhooks plugins enable acme") == true)
            #expect(try await resolver.value("groq") == "sk-groq")
        }
    }

    @Test("A name that nobody has is reported with the one that was probably meant")
    func unknown() async throws {
        try await withPlugins { fixture in
            try fixture.python("return key('1')")
            let error = #expect(throws: KeyResolutionError.self) { try fixture.resolver("{plugins: {acne: {}}}") }
            #expect(error?.remedy.contains("did you mean 'acme'") == true)
        }
    }
}
