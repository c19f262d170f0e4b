import ExtensionHooks
import Foundation
import KeyHooks
import Testing

@testable import PluginHost

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("The order in which plugins are searched")
struct SearchOrderTests {
    @Test func `User, variable and project follow each other, and folders by name`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("u", in: plugins.user)
            try plugins.plugin("p2", in: plugins.project, name: "b")
            try plugins.plugin("p1", in: plugins.project, name: "a")
            try plugins.plugin("n", in: plugins.named)
            let listings = plugins.directory().inventory().listings
            #expect(listings.map(\.id) == ["u", "n", "p1", "p2"])
            #expect(listings.map(\.origin) == [.user, .environment, .project, .project])
            #expect(
                listings.map(\.folder) == ["\(plugins.user)/u"]
                    + ["named/n", "project/Plugins/a", "project/Plugins/b"].map { "\(plugins.root)/\($0)" }
            )
        }
    }

    @Test func `The search path is made of the environment and the configuration`() throws {
        let path = PluginSearchPath(
            declared: ["Plugins"],
            environment: ["KEYHOOKS_PLUGIN_PATH": "/a::b:", "HOME": "/home/x"]
        )
        #expect(
            path.folders == [
                .init(path: "/home/x/.config/keyhooks/plugins", origin: .user), .init(path: "/a", origin: .environment),
                .init(path: "b", origin: .environment), .init(path: "Plugins", origin: .project),
            ]
        )
        #expect(
            PluginSearchPath(environment: ["XDG_CONFIG_HOME": "/c", "HOME": "/h"]).folders.map(\.path) == [
                "/c/keyhooks/plugins"
            ]
        )
        // The home folder of the password database stands in for one that is missing or relative.
        for home in [nil, "", ".", "home"] {
            let folders = PluginSearchPath(
                environment: ["XDG_CONFIG_HOME": "c", "HOME": home].compactMapValues(\.self)
            )
            .folders
            let entry = try #require(getpwuid(geteuid()))
            #expect(folders.map(\.path) == ["\(String(cString: entry.pointee.pw_dir))/.config/keyhooks/plugins"])
        }
    }

    @Test func `The first of two with one id wins, whatever its status, and the other is listed`() async throws {
        try await withPlugins { plugins in
            let first = try plugins.plugin("acme", in: plugins.named)
            let second = try plugins.plugin("acme", in: plugins.project)
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
            #expect(directory.inventory().listings.map(\.status) == [.untrusted])
        }
    }

    @Test func `Nothing takes the place of the user's own, whatever becomes of either`() async throws {
        try await withPlugins { plugins in
            let own = try plugins.plugin("acme", in: plugins.user)
            let theirs = try plugins.plugin("acme", in: plugins.project)
            let directory = plugins.directory()
            #expect(directory.inventory().listings.map(\.status) == [.ready, .shadowed])
            #expect(try directory.listed("acme").folder == own)
            try plugins.change("\(own)/run", to: 0o644)
            let listings = directory.inventory().listings
            #expect(listings.map(\.status) == [.broken, .shadowed])
            #expect((listings[1].folder, listings[1].shadowedBy) == (theirs, own))
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

    @Test func `A folder that is named twice is searched once, and the user's own stays that`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.user)
            try plugins.link("\(plugins.root)/link", to: plugins.user)
            let names = [
                plugins.user, "\(plugins.user)/.", "/proc/self/root\(plugins.user)", "\(plugins.root)/link",
                "\(plugins.configuration)/../keyhooks/plugins",
            ]
            for name in names {
                let listings = plugins.directory(["KEYHOOKS_PLUGIN_PATH": "\(name):\(name)"]).inventory().listings
                #expect(listings.map(\.origin) == [.user] && listings.map(\.status) == [.ready], "\(name)")
            }
            try plugins.plugin("other", in: plugins.named)
            let twice = plugins.directory(["KEYHOOKS_PLUGIN_PATH": "\(plugins.named):\(plugins.named)/."]).inventory()
            #expect(twice.listings.map(\.id) == ["acme", "other"])
        }
    }

    @Test func `A search folder that is not there is reported, unless it is the user's`() async throws {
        try await withPlugins { plugins in
            try plugins.write(plugins.project, "a file")
            let inventory = plugins.directory().inventory()
            #expect(inventory.plugins.isEmpty)
            #expect(inventory.searched.map(\.problem) == [nil, "No such file or directory", "Not a directory"])
        }
    }

    @Test func `Only folders with a manifest are plugins, and only direct ones`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("deep", in: "\(plugins.project)/group")
            try plugins.write("\(plugins.project)/README.md", "not a plugin")
            try plugins.write("\(plugins.project)/empty/run", "", mode: 0o777)
            try plugins.write("\(plugins.project)/plugin.json", "{}")
            try plugins.write("\(plugins.user)/README.md", "not a plugin")
            try plugins.write("\(plugins.user)/.git/HEAD", "hidden folders are for other things")
            #expect(plugins.directory().inventory().plugins.isEmpty)
        }
    }
}
