import ExtensionHooks
import KeyHooks
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
            let changed = try fixture.resolver("{pluginPath: ['Plugins']}", ["OPENAI_API_KEY": "sk-environment"])
            #expect(try await changed.value("openai") == "sk-environment")
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(try await resolver.value("openai") == "1")
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

    @Test("A name that nobody has is told with the one that was probably meant")
    func unknown() async throws {
        try await withPlugins { fixture in
            try fixture.python("return key('1')")
            let error = #expect(throws: KeyResolutionError.self) { try fixture.resolver("{plugins: {acne: {}}}") }
            #expect(error?.remedy.contains("did you mean 'acme'") == true)
        }
    }
}
