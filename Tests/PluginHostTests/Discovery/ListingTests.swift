import ExtensionHooks
import Foundation
import Testing

@testable import PluginHost

@Suite("Listing plugins")
struct ListingTests {
    @Test func `A plugin is listed with what it says of itself`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme.vault", in: plugins.user, manifest: ManifestExamples.contract)
            try plugins.write("\(plugins.user)/acme.vault/acme-vault", "#!/bin/sh\n", mode: 0o700)
            let plugin = try #require(plugins.directory().inventory().plugin("acme.vault"))
            let listing = plugin.listing
            #expect((listing.status, listing.origin) == (.ready, .user))
            #expect(listing.reason == "in the user's own plugins folder" && listing.remedy == nil)
            #expect((listing.version, listing.description) == ("1.4.0", "Keys from the Acme vault"))
            #expect((listing.kind, listing.mode) == (.process, .session))
            #expect(listing.hooks.map(\.id) == ["acme.vault/getAPIKey.start"])
            #expect(listing.hooks[0].services == ["openai", "anthropic*"])
            #expect(plugin.executable == "\(listing.folder)/acme-vault")
            #expect(plugin.manifest?.id == "acme.vault")
        }
    }

    @Test func `It survives a round through JSON`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("a", in: plugins.project)
            try plugins.plugin("b", in: plugins.user, manifest: "{}")
            let listings = plugins.directory().inventory().listings
            let data = try JSONEncoder().encode(listings)
            #expect(try JSONDecoder().decode([PluginListing].self, from: data) == listings)
            let text = String(decoding: data, as: UTF8.self)
            #expect(text.contains(#""status":"untrusted""#) && text.contains(#""origin":"project""#))
        }
    }

    @Test func `Nothing is run and nothing is written, whatever is asked`() async throws {
        try await withPlugins { plugins in
            for folder in [plugins.named, plugins.project] { try plugins.plugin("acme", in: folder) }
            let directory = plugins.directory()
            _ = directory.inventory()
            #expect(!plugins.exists(plugins.state))
            try directory.trust("acme")
            for plugin in directory.inventory().ready { try directory.verify(plugin) }
            try directory.disable("acme")
            try directory.enable("acme")
            try directory.untrust("acme")
            #expect(!plugins.exists(plugins.mark))
        }
    }

    @Test func `A manifest with mistakes is listed with all of them, and keeps its id`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.user, manifest: "{id: 'acme', api: 1,\n entri: 'run'}")
            let listing = try plugins.directory().listed("acme")
            #expect(listing.status == .broken && listing.version == nil && listing.hooks.isEmpty)
            #expect(
                listing.problems.map(\.reason) == [
                    "\(place)/plugin.json:1:1: entry: a required key is missing",
                    "\(place)/plugin.json:1:1: hooks: a required key is missing",
                    "\(place)/plugin.json:1:1: version: a required key is missing",
                    "\(place)/plugin.json:2:2: entri: unknown key. Did you mean 'entry'?",
                ]
            )
            #expect(listing.reason == listing.problems[0].reason + " (and 3 more)")
        }
    }

    @Test(arguments: ["{", "", "[]", "{id: 7}", "{id: 'a/b'}"])
    func `A manifest without a good id is listed without one`(text: String) async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.user, manifest: text)
            let listings = plugins.directory().inventory().listings
            #expect(listings.map(\.status) == [.broken])
            #expect(listings[0].id == nil && listings[0].remedy == "fix the manifest at the place named")
        }
    }

    @Test(arguments: [
        ("1", true), ("true", true), ("yes", true), ("0", false), ("", false), ("FALSE", false), ("no", false),
    ])
    func `One variable switches all plugins off`(value: String, isOff: Bool) async throws {
        try await withPlugins { plugins in
            try plugins.plugin("a", in: plugins.user)
            try plugins.plugin("b", in: plugins.user, manifest: "{id: 'b'}")
            let inventory = plugins.directory(["KEYHOOKS_NO_PLUGINS": value]).inventory()
            #expect(inventory.listings.map(\.status) == (isOff ? [.disabled, .disabled] : [.ready, .broken]))
            if isOff { #expect(inventory.listings[0].reason.contains("KEYHOOKS_NO_PLUGINS")) }
            #expect(!inventory.listings[1].problems.isEmpty)
        }
    }

    @Test func `Inside of a plugin all plugins are switched off, and it is said why`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("a", in: plugins.user)
            let directory = plugins.directory(["KEYHOOKS_PLUGIN": "1"], builtIn: ["own"])
            for listing in directory.inventory().listings + directory.builtInListings(configured: []) {
                #expect(listing.status == .disabled && listing.reason.contains("KEYHOOKS_PLUGIN is set"))
                #expect(listing.remedy?.contains("KEYHOOKS_PLUGIN") == true)
            }
        }
    }
}
