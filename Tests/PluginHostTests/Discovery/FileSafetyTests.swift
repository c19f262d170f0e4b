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

@Suite("The safety of a plugin's files")
struct FileSafetyTests {
    private func broken(_ spoil: (PluginFixture, String) throws -> Void) async throws -> PluginListing {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.user)
            try plugins.write("\(place)/lib/module.py", "pass")
            #expect(try plugins.directory().listed("acme").status == .ready)
            try spoil(plugins, place)
            let listing = try plugins.directory().listed("acme")
            #expect(listing.status == .broken)
            // The paths are different in each run.
            return try PluginListing(listing, without: plugins.root)
        }
    }

    @Test(arguments: [
        ("", 0o775), ("", 0o757), ("/plugin.json", 0o664), ("/plugin.json", 0o646), ("/run", 0o775), ("/lib", 0o777),
        ("/lib/module.py", 0o666), ("/../../plugins", 0o775), ("/../../../keyhooks", 0o757),
    ])
    func `What others can change is refused, with the command that fixes it`(path: String, mode: Int) async throws {
        let listing = try await broken { plugins, place in
            try plugins.change(place + path, to: mode)
            // A group of the user's alone would not count. Only root can give a file to another one.
            if geteuid() == 0 { #expect(chown(place + path, uid_t.max, 4711) == 0) }
        }
        let base = "/config/keyhooks/plugins"
        let place =
            path.contains("..") ? (path.hasSuffix("plugins") ? base : "/config/keyhooks") : "\(base)/acme\(path)"
        #expect(listing.reason == "\(place) can be changed by other users")
        #expect(listing.remedy == "run: chmod go-w \(place)")
    }

    @Test func `Several files are fixed by one command`() async throws {
        let listing = try await broken { plugins, place in
            try plugins.change("\(place)/run", to: 0o777)
            try plugins.change("\(place)/plugin.json", to: 0o666)
        }
        #expect(
            listing.reason == "/config/keyhooks/plugins/acme/plugin.json (with 1 more) can be changed by other users"
        )
        #expect(listing.remedy == "run: chmod -R go-w /config/keyhooks/plugins/acme")
    }

    @Test(
        .enabled(if: geteuid() == 0, "only root can give files away"),
        arguments: ["", "/run", "/lib/module.py", "/.."]
    )
    func `What belongs to somebody else is refused`(path: String) async throws {
        let listing = try await broken { _, place in #expect(chown(place + path, 4711, 0) == 0) }
        #expect(listing.reason.hasSuffix(" belongs to another user"))
        #expect(listing.remedy?.hasPrefix(#"if you know what it does: sudo chown "$(id -un)" /config/"#) == true)
    }

    @Test(arguments: [
        ("/etc/hostname", "is a symbolic link by an absolute path, which leads out of a copy of the folder"),
        ("../acme/run", "is a symbolic link that leads out of the plugin's folder"),
        ("lib/../../acme/run", "is a symbolic link that leads out of the plugin's folder"),
        ("../other", "is a symbolic link that leads out of the plugin's folder"),
        ("..", "is a symbolic link that leads out of the plugin's folder"),
        ("../acme2", "is a symbolic link that leads out of the plugin's folder"),
        ("nowhere", "is a symbolic link that leads nowhere"), ("link", "is a symbolic link that leads nowhere"),
    ])
    func `A link that leads out of the folder is refused`(target: String, reason: String) async throws {
        let listing = try await broken { plugins, place in
            try plugins.write("\(plugins.user)/other", "")
            try plugins.write("\(plugins.user)/acme2/x", "")
            try plugins.link("\(place)/link", to: target)
        }
        #expect(listing.reason == "/config/keyhooks/plugins/acme/link \(reason)")
    }

    @Test func `A link inside the folder is fine`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.user)
            try plugins.write("\(place)/lib/module.py", "pass")
            try plugins.link("\(place)/alias.py", to: "lib/module.py")
            try plugins.link("\(place)/all", to: ".")
            #expect(try plugins.directory().listed("acme").status == .ready)
        }
    }

    @Test func `A folder that is a link is refused`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: "\(plugins.root)/elsewhere")
            try plugins.makeFolder(plugins.user)
            try plugins.link("\(plugins.user)/acme", to: place)
            let listing = try plugins.directory().listed("acme")
            #expect(listing.status == .broken && listing.reason.contains("is a symbolic link"))
        }
    }

    @Test func `The search folder itself may be a link, as programs that keep dotfiles make it`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: "\(plugins.root)/dotfiles")
            try plugins.makeFolder(plugins.configuration)
            try plugins.link(plugins.user, to: "\(plugins.root)/dotfiles")
            let listing = try plugins.directory().listed("acme")
            #expect(listing.status == .ready && listing.folder == place)
        }
    }

    @Test func `A pipe is refused and does not hang anything`() async throws {
        let listing = try await broken { _, place in #expect(mkfifo("\(place)/pipe", 0o600) == 0) }
        #expect(listing.reason == "/config/keyhooks/plugins/acme/pipe is a pipe, a socket or a device")
        let manifest = try await withPlugins { plugins in
            try plugins.makeFolder("\(plugins.user)/acme")
            #expect(mkfifo("\(plugins.user)/acme/plugin.json", 0o600) == 0)
            return plugins.directory().inventory().listings
        }
        #expect(manifest.map(\.status) == [.broken])
    }

    @Test(arguments: [
        ("missing", "does not exist", "put the executable there"),
        ("lib", "isn't a regular file", "put the executable itself"),
        ("lib/module.py", "is not executable", "run: chmod u+x /config/keyhooks/plugins/acme/lib/module.py"),
        ("linked", "isn't a regular file", "put the executable itself"),
        ("links/module.py", "lies behind a symbolic link", "put"),
    ])
    func `The entry must be an executable file`(entry: String, reason: String, remedy: String) async throws {
        let listing = try await broken { plugins, place in
            try plugins.link("\(place)/linked", to: "run")
            try plugins.link("\(place)/links", to: "lib")
            try plugins.write("\(place)/plugin.json", ManifestExamples.smallest(entry: "'./\(entry)'"))
        }
        #expect(listing.reason.contains(reason) && listing.remedy?.hasPrefix(remedy) == true, "\(listing)")
    }

    @Test func `A missing entry is reported with the manifest's own hint`() async throws {
        let listing = try await broken { plugins, place in
            let manifest = ManifestExamples.smallest(entry: "'x'", more: "installHint: 'brew install acme'")
            try plugins.write("\(place)/plugin.json", manifest)
        }
        #expect(listing.remedy == "follow its install hint: brew install acme")
    }

    @Test func `Names that act on a terminal or a shell are shown harmless`() async throws {
        let listing = try await broken { plugins, place in
            try plugins.write("\(place)/it's \u{1B}[2J; rm", "", mode: 0o666)
        }
        #expect(listing.reason.contains(#"it's \u{1b}[2J; rm"#))
        #expect(listing.remedy == #"run: chmod go-w '/config/keyhooks/plugins/acme/it'\''s \u{1b}[2J; rm'"#)
    }
}

extension PluginListing {
    /// The listing with the root of a fixture cut out of its texts.
    fileprivate init(_ listing: PluginListing, without root: String) throws {
        let text = String(decoding: try JSONEncoder().encode(listing), as: UTF8.self)
        let root = root.replacingOccurrences(of: "/", with: #"\/"#)
        self = try JSONDecoder().decode(Self.self, from: Data(text.replacingOccurrences(of: root, with: "").utf8))
    }
}
