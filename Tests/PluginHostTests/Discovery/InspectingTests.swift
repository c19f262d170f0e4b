import ExtensionHooks
import Testing

@testable import PluginHost

@Suite("Looking at one folder")
struct InspectingTests {
    @Test func `A sound plugin is ready wherever it lies, and can be run by the host`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            let plugin = try DiscoveredPlugin.inspect("\(place)/../acme")
            #expect((plugin.listing.status, plugin.listing.folder) == (.ready, place))
            #expect(plugin.executable == "\(place)/run")
            try plugins.directory(["KEYHOOKS_NO_PLUGINS": "1"]).verify(plugin)
            #expect(!plugins.exists(plugins.mark))
        }
    }

    @Test func `Everything that is wrong is reported`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project, manifest: "{id: 'acme'}")
            try plugins.change("\(place)/run", to: 0o666)
            let listing = try DiscoveredPlugin.inspect(place).listing
            #expect(listing.status == .broken && listing.id == "acme" && listing.problems.count == 5)
        }
    }

    @Test func `A folder without a manifest, a file and nothing at all are reported apart`() async throws {
        try await withPlugins { plugins in
            try plugins.makeFolder(plugins.project)
            let empty = try DiscoveredPlugin.inspect(plugins.project).listing
            #expect(empty.problems.map(\.reason) == ["\(plugins.project)/plugin.json does not exist"])
            try plugins.write("\(plugins.root)/file", "")
            #expect(
                try DiscoveredPlugin.inspect("\(plugins.root)/file").listing.reason
                    .hasPrefix("\(plugins.root)/file isn't a folder")
            )
            let error = #expect(throws: PluginManagementError.self) { try DiscoveredPlugin.inspect("/nonexistent") }
            #expect(error?.message == "/nonexistent cannot be looked at: No such file or directory")
        }
    }
}
