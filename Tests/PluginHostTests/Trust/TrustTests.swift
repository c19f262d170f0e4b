import ExtensionHooks
import Foundation
import KeyHooks
import Testing

@testable import PluginHost

@Suite("Trusting plugins")
struct TrustTests {
    @Test(arguments: [PluginSearchPath.Origin.environment, .project])
    func `A plugin that came with a project runs only after trust`(origin: PluginSearchPath.Origin) async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: origin == .project ? plugins.project : plugins.named)
            let directory = plugins.directory()
            let before = try directory.listed("acme")
            #expect((before.status, before.reason) == (.untrusted, "never trusted"))
            #expect(before.remedy == "look at its folder, then: keyhooks plugins trust acme")
            #expect(directory.inventory().ready.isEmpty)
            let after = try directory.trust("acme")
            #expect((after.status, after.reason) == (.ready, "trusted, and unchanged since"))
            #expect(directory.inventory().ready.count == 1)
            try directory.untrust("acme")
            #expect(try directory.listed("acme").status == .untrusted)
            try directory.untrust("acme")
        }
    }

    @Test func `A plugin of the user's own folder needs no trust`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.user)
            let directory = plugins.directory()
            #expect(try directory.trust("acme").status == .ready)
            #expect(!plugins.exists(plugins.state))
            let error = #expect(throws: PluginManagementError.self) { try directory.untrust("acme") }
            #expect(error?.remedy == "switch it off: keyhooks plugins disable acme")
        }
    }

    @Test func `Trust is given to what was looked at`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            let directory = plugins.directory()
            let seen = try directory.fingerprint(of: "acme")
            #expect(seen.count == 64)
            try plugins.write("\(place)/more", "x")
            let error = #expect(throws: PluginManagementError.self) { try directory.trust("acme", fingerprint: seen) }
            #expect(error?.code == .changedPlugin)
            #expect(try directory.listed("acme").status == .untrusted)
            try plugins.remove("\(place)/more")
            #expect(try directory.trust("acme", fingerprint: seen.uppercased()).status == .ready)
        }
    }

    @Test func `The values of keys are granted to what asks for them, and taken back`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("plain", in: plugins.user)
            let hooks = "[{point: 'getAPIKey', phase: 'end', values: true}]"
            for (id, folder) in [("own", plugins.user), ("theirs", plugins.project)] {
                let manifest = ManifestExamples.smallest(id: "'\(id)'", hooks: hooks)
                try plugins.plugin(id, in: folder, manifest: manifest)
            }
            let directory = plugins.directory()
            let error = #expect(throws: PluginManagementError.self) {
                try directory.trust("plain", grantingValues: true)
            }
            #expect(error?.message == "plugin 'plain' asks for no values of keys")
            #expect(try directory.trust("theirs").seesValues == false)
            for id in ["own", "theirs"] as [PluginID] {
                #expect(try directory.trust(id, grantingValues: true).seesValues)
                // The last decision counts.
                let again = try directory.trust(id)
                #expect(again.status == .ready && !again.seesValues)
                #expect(try directory.trust(id, grantingValues: true).seesValues)
                try directory.untrust(id)
                #expect(try directory.listed(id).seesValues == false)
            }
            #expect(try directory.listed("own").status == .ready)
        }
    }

    enum Edit: CaseIterable {
        case manifest, contents, sameSize, permissions, folderPermissions, newFile, removal, rename, link, emptyFolder
    }

    @Test(arguments: Edit.allCases)
    func `Any change takes trust away`(edit: Edit) async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            try plugins.write("\(place)/lib/module.py", "one")
            try plugins.write("\(place)/lib/module2.py", "one")
            try plugins.link("\(place)/link", to: "run")
            let directory = plugins.directory()
            try directory.trust("acme")
            let ready = try #require(directory.inventory().ready.first)
            try directory.verify(ready)
            let files = FileManager.default
            switch edit {
            case .manifest:
                try plugins.write("\(place)/plugin.json", ManifestExamples.smallest(more: "arguments: ['-x']"))
            case .contents: try plugins.write("\(place)/lib/module.py", "three")
            case .sameSize: try plugins.write("\(place)/lib/module.py", "two")
            case .permissions: try plugins.change("\(place)/lib/module.py", to: 0o755)
            case .folderPermissions: try plugins.change("\(place)/lib", to: 0o700)
            case .newFile: try plugins.write("\(place)/lib/.hidden", "")
            case .removal: try files.removeItem(atPath: "\(place)/lib/module.py")
            case .rename: try files.moveItem(atPath: "\(place)/lib/module.py", toPath: "\(place)/lib/module3.py")
            case .link:
                try files.removeItem(atPath: "\(place)/link")
                try plugins.link("\(place)/link", to: "lib/module.py")
            case .emptyFolder: try plugins.makeFolder("\(place)/empty")
            }
            let listing = try directory.listed("acme")
            #expect((listing.status, listing.reason) == (.untrusted, "changed since it was trusted"))
            // What runs already goes on: it is the copy of what was trusted.
            try directory.verify(ready)
            #expect(try directory.trust("acme").status == .ready)
            let error = #expect(throws: PluginManagementError.self) { try directory.verify(ready) }
            #expect(error?.message == "plugin 'acme' is no longer trusted, or was switched off")
        }
    }

    @Test func `Touching a file, or owning it, is no change`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            let directory = plugins.directory()
            try directory.trust("acme")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)],
                ofItemAtPath: "\(place)/run"
            )
            #expect(try directory.listed("acme").status == .ready)
        }
    }

    @Test func `A copy elsewhere is not trusted, and the id alone is worth nothing`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            let directory = plugins.directory()
            try directory.trust("acme")
            try plugins.makeFolder(plugins.named)
            try FileManager.default.copyItem(atPath: place, toPath: "\(plugins.named)/acme")
            #expect(directory.inventory().listings.map(\.status) == [.untrusted, .shadowed])
        }
    }

    @Test func `A broken plugin cannot be trusted`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            try plugins.change("\(place)/run", to: 0o644)
            let error = #expect(throws: PluginManagementError.self) { try plugins.directory().trust("acme") }
            #expect(error?.code == .unusablePlugin)
            let told = "plugin 'acme' is broken: \(place)/run is not executable. Run: chmod u+x \(place)/run"
            #expect(error?.description == told)
        }
    }

    @Test func `A plugin that became unsafe is not verified`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.user)
            let directory = plugins.directory()
            let ready = try #require(directory.inventory().ready.first)
            try plugins.change("\(place)/run", to: 0o777)
            let error = #expect(throws: PluginManagementError.self) { try directory.verify(ready) }
            #expect(error?.code == .unusablePlugin)
        }
    }

    @Test func `A plugin whose manifest says something else now is not verified`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.user)
            let directory = plugins.directory()
            let ready = try #require(directory.inventory().ready.first)
            try directory.verify(ready)
            try plugins.write("\(place)/plugin.json", ManifestExamples.smallest(more: "environment: ['A_TOKEN']"))
            let error = #expect(throws: PluginManagementError.self) { try directory.verify(ready) }
            #expect(error?.code == .changedPlugin)
        }
    }

    @Test func `A plugin that is not ready is not verified`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.project)
            let directory = plugins.directory()
            let plugin = try #require(directory.inventory().plugin("acme"))
            let error = #expect(throws: PluginManagementError.self) { try directory.verify(plugin) }
            #expect(error?.message == "plugin 'acme' is untrusted: never trusted")
        }
    }

    @Test func `An unknown id is reported with the likeliest one`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme.vault", in: plugins.project)
            let directory = plugins.directory(builtIn: ["openbao"])
            let calls: [(PluginID) throws -> Void] = [
                { try directory.trust($0) }, { try directory.untrust($0) }, { try directory.disable($0) },
                { try directory.enable($0) },
            ]
            for call in calls {
                let error = #expect(throws: PluginManagementError.self) { try call("acme.valt") }
                #expect(error?.code == .unknownPlugin)
                #expect(error?.description == "there is no plugin 'acme.valt'. Did you mean 'acme.vault'?")
                let other = #expect(throws: PluginManagementError.self) { try call("zzz") }
                #expect(other?.remedy == "see the plugins there are: keyhooks plugins list")
            }
            #expect(!plugins.exists(plugins.state))
        }
    }

    @Test func `A plugin is switched off and on, one of the program as well`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.user)
            let directory = plugins.directory(builtIn: ["openbao"])
            for id: PluginID in ["openbao", "acme", "acme"] { try directory.disable(id) }
            #expect(try directory.disabled() == ["acme", "openbao"])
            let error = #expect(throws: PluginManagementError.self) { try directory.untrust("openbao") }
            #expect(error?.message == "plugin 'openbao' is part of the program and needs no trust")
            let listing = try directory.listed("acme")
            #expect((listing.status, listing.remedy) == (.disabled, "run: keyhooks plugins enable acme"))
            for id: PluginID in ["openbao", "acme", "acme"] { try directory.enable(id) }
            #expect(try directory.disabled() == [])
            #expect(try directory.listed("acme").status == .ready)
        }
    }

    @Test func `Decisions about a plugin that is gone can be taken back`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            let directory = plugins.directory()
            try directory.trust("acme")
            try directory.disable("acme")
            try FileManager.default.removeItem(atPath: place)
            try directory.untrust("acme")
            try directory.enable("acme")
            #expect(try directory.store?.read() == TrustDecisions())
        }
    }

    @Test func `Without a home nothing is trusted, and why is reported`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.named)
            let path = PluginSearchPath(environment: ["KEYHOOKS_PLUGIN_PATH": plugins.named])
            let directory = PluginDirectory(searchPath: path, store: nil)
            #expect(try directory.listed("acme").remedy == "set HOME or XDG_CONFIG_HOME")
            #expect(throws: PluginManagementError.self) { try directory.trust("acme") }
        }
    }
}
