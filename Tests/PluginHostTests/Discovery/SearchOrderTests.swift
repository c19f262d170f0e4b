import ExtensionHooks
import Foundation
import Testing

@testable import PluginHost

@Suite("The order in which plugins are searched")
struct SearchOrderTests {
    @Test func `Variable, project and user follow each other, and folders by name`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("u", in: plugins.user)
            try plugins.plugin("p2", in: plugins.project, name: "b")
            try plugins.plugin("p1", in: plugins.project, name: "a")
            try plugins.plugin("n", in: plugins.named)
            let listings = plugins.directory().inventory().listings
            #expect(listings.map(\.id) == ["n", "p1", "p2", "u"])
            #expect(listings.map(\.origin) == [.environment, .project, .project, .user])
            #expect(
                listings.map(\.folder) == ["named/n", "project/Plugins/a", "project/Plugins/b"]
                    .map {
                        "\(plugins.root)/\($0)"
                    } + ["\(plugins.user)/u"]
            )
        }
    }

    @Test func `The search path is made of the environment and the configuration`() {
        let path = PluginSearchPath(
            declared: ["Plugins"],
            environment: ["KEYHOOKS_PLUGIN_PATH": "/a::b:", "HOME": "/home/x"]
        )
        #expect(
            path.folders == [
                .init("/a", origin: .environment), .init("b", origin: .environment), .init("Plugins", origin: .project),
                .init("/home/x/.config/keyhooks/plugins", origin: .user),
            ]
        )
        #expect(
            PluginSearchPath(environment: ["XDG_CONFIG_HOME": "/c", "HOME": "/h"]).folders.map(\.path) == [
                "/c/keyhooks/plugins"
            ]
        )
        #expect(PluginSearchPath(environment: ["XDG_CONFIG_HOME": "c", "HOME": ""]).folders == [])
    }

    @Test func `The first of two with one id wins, whatever its status, and the other is listed`() async throws {
        try await withPlugins { plugins in
            let first = try plugins.plugin("acme", in: plugins.project)
            let second = try plugins.plugin("acme", in: plugins.user)
            let directory = plugins.directory()
            var listings = directory.inventory().listings
            #expect(listings.map(\.status) == [.untrusted, .shadowed])
            #expect(listings[1].shadowedBy == first && listings[1].folder == second)
            #expect(listings[1].reason == "\(first) has the same id and comes first")
            try directory.trust("acme")
            listings = directory.inventory().listings
            #expect(listings.map(\.status) == [.ready, .shadowed])
            try FileManager.default.removeItem(atPath: "\(first)/run")
            #expect(directory.inventory().listings.map(\.status) == [.broken, .shadowed])
            #expect(try directory.listed("acme").folder == first)
            try FileManager.default.removeItem(atPath: first)
            #expect(directory.inventory().listings.map(\.status) == [.ready])
        }
    }

    @Test func `Two with one id in the same folder are both broken`() async throws {
        try await withPlugins { plugins in
            let first = try plugins.plugin("acme", in: plugins.user, name: "a")
            let second = try plugins.plugin("acme", in: plugins.user, name: "b")
            try plugins.plugin("other", in: plugins.user, name: "c")
            let listings = plugins.directory().inventory().listings
            #expect(listings.map(\.status) == [.broken, .broken, .ready])
            #expect(listings[0].reason == "\(second) has the same id 'acme'")
            #expect(listings[1].reason == "\(first) has the same id 'acme'")
            #expect(listings[0].remedy == "move one of the two away")
        }
    }

    @Test func `A folder that is named twice is searched once, as the first to name it`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.user)
            let listings = plugins.directory(["KEYHOOKS_PLUGIN_PATH": "\(plugins.user):\(plugins.user)/."]).inventory()
                .listings
            #expect(listings.map(\.origin) == [.environment])
        }
    }

    @Test func `A search folder that is not there is told, unless it is the user's`() async throws {
        try await withPlugins { plugins in
            try plugins.write(plugins.project, "a file")
            let inventory = plugins.directory().inventory()
            #expect(inventory.plugins.isEmpty)
            #expect(inventory.searched.map(\.problem) == ["No such file or directory", "Not a directory", nil])
        }
    }

    @Test func `Only folders with a manifest are plugins, and only direct ones`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("deep", in: "\(plugins.user)/group")
            try plugins.write("\(plugins.user)/README.md", "not a plugin")
            try plugins.write("\(plugins.user)/empty/run", "", mode: 0o777)
            try plugins.write("\(plugins.user)/plugin.json", "{}")
            #expect(plugins.directory().inventory().plugins.isEmpty)
        }
    }
}
