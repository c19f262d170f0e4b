import ExtensionHooks
import Foundation
import KeyHooks
import Synchronization
import Testing

@testable import PluginHost

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("What runs is what was hashed")
struct TrustedCopiesTests {
    private func copies(_ fixture: PluginFixture) -> String { "\(fixture.configuration)/trusted" }

    @Test("A trusted plugin runs from a private copy that is called by its hash")
    func place() async throws {
        try await withPlugins { fixture in
            try fixture.python(in: fixture.project, "return key(os.getcwd())")
            let directory = fixture.directory()
            let fingerprint = try directory.fingerprint(of: "acme")
            try directory.trust("acme")
            let resolver = try fixture.resolver("{pluginPath: ['Plugins']}")
            #expect(try await resolver.value("openai") == "\(copies(fixture))/\(fingerprint)")
            #expect(try FileStatus(of: copies(fixture)).permissions == 0o700)
            #expect(try FolderTree(of: FilePath("\(copies(fixture))/\(fingerprint)")).fingerprint() == fingerprint)
        }
    }

    @Test("The user's own plugin runs where it lies")
    func own() async throws {
        try await withPlugins { fixture in
            let place = try fixture.python("return key(os.getcwd())")
            #expect(try await fixture.resolver().value("openai") == place)
            #expect(!fixture.exists(copies(fixture)))
        }
    }

    @Test("A file that is opened late is still the one that was trusted")
    func lateImport() async throws {
        try await withPlugins { fixture in
            let place = try fixture.python(
                in: fixture.project,
                """
                sys.path.insert(0, '.')
                import late
                return key(late.value)
                """
            )
            try fixture.write("\(place)/late.py", "value = 'trusted'")
            try fixture.directory().trust("acme")
            let resolver = try fixture.resolver("{pluginPath: ['Plugins']}")
            try fixture.write("\(place)/late.py", "value = 'edited'")
            #expect(try await resolver.value("openai") == "trusted")
        }
    }

    @Test("Whoever swaps the folder all the time gets nothing run", .timeLimit(.minutes(2)))
    func swaps() async throws {
        try await withPlugins { fixture in
            let place = try fixture.python(in: fixture.project, more: "mode: 'session'", "return key('trusted')")
            try fixture.directory().trust("acme")
            let other = "\(fixture.root)/other"
            try FileManager.default.copyItem(atPath: place, toPath: other)
            try fixture.write("\(other)/run", "#!/bin/sh\ntouch '\(fixture.mark)'\n", mode: 0o755)
            let isOver = Atomic(false)
            let swapping = Thread {
                while !isOver.load(ordering: .relaxed) {
                    _ = rename(place, "\(fixture.root)/third")
                    _ = rename(other, place)
                    usleep(300)
                    _ = rename(place, other)
                    _ = rename("\(fixture.root)/third", place)
                    // Now and then long enough for a slow machine to get past the first looks.
                    usleep([300, 300, 300, 3_000, 30_000].randomElement() ?? 300)
                }
            }
            swapping.start()
            defer { isOver.store(true, ordering: .relaxed) }
            var answers = 0
            var rounds = 0
            let end = ContinuousClock.now + .seconds(90)
            while rounds < 60 || answers == 0, ContinuousClock.now < end {
                rounds += 1
                guard let resolver = try? fixture.resolver("{pluginPath: ['Plugins']}") else { continue }
                if try await resolver.value("openai") == "trusted" { answers += 1 }
            }
            #expect(!fixture.exists(fixture.mark))
            // Otherwise nothing was tried.
            #expect(answers > 0)
        }
    }

    @Test(
        "A copy that is damaged or missing is made again from what was trusted, and from nothing else",
        arguments: [
            "edited", "more", "removed", "permissions",
        ]
    )
    func damaged(damage: String) async throws {
        try await withPlugins { fixture in
            let place = try fixture.python(in: fixture.project, "return key('trusted')")
            let directory = fixture.directory()
            try directory.trust("acme")
            let ready = try #require(directory.inventory().ready.first)
            let copy = ready.runningFolder
            func spoil() throws {
                switch damage {
                case "edited": try fixture.write("\(copy)/run", "#!/bin/sh\n", mode: 0o755)
                case "more": try fixture.write("\(copy)/sitecustomize.py", "")
                case "removed": try fixture.remove(copy)
                default: try fixture.change("\(copy)/run", to: 0o777)
                }
            }
            try spoil()
            try directory.verify(ready)
            #expect(try await fixture.resolver("{pluginPath: ['Plugins']}").value("openai") == "trusted")
            try fixture.write("\(place)/run", "#!/bin/sh\n", mode: 0o755)
            try spoil()
            let error = #expect(throws: PluginManagementError.self) { try directory.verify(ready) }
            #expect(error?.code == .changedPlugin)
        }
    }

    @Test("A copy holds folders that nobody may write to, and links, as they are")
    func kinds() async throws {
        try await withPlugins { fixture in
            let place = try fixture.plugin("acme", in: fixture.project)
            try fixture.write("\(place)/lib/deep/module.py", "x", mode: 0o444)
            try fixture.link("\(place)/lib/alias.py", to: "deep/module.py")
            try fixture.change("\(place)/lib/deep", to: 0o555)
            let directory = fixture.directory()
            try directory.trust("acme")
            let ready = try #require(directory.inventory().ready.first)
            try directory.verify(ready)
            let names = try FolderTree(of: FilePath(ready.runningFolder)).entries.map(\.path)
            #expect(names == ["", "lib", "lib/alias.py", "lib/deep", "lib/deep/module.py", "plugin.json", "run"])
            // It goes with the trust.
            try directory.untrust("acme")
            #expect(!fixture.exists(ready.runningFolder))
            try fixture.change("\(place)/lib/deep", to: 0o755)
        }
    }

    @Test("A copy that a new one took the place of stays for a month, for programs that run")
    func superseded() async throws {
        try await withPlugins { fixture in
            let place = try fixture.plugin("acme", in: fixture.project)
            let directory = fixture.directory()
            func trustNext(_ text: String) throws -> String {
                try fixture.write("\(place)/more", text)
                try directory.trust("acme")
                return try #require(directory.inventory().ready.first).runningFolder
            }
            let first = try trustNext("1")
            let second = try trustNext("2")
            #expect(first != second && fixture.exists(first))
            let old = Date(timeIntervalSinceNow: -40 * 86_400)
            for copy in [first, second] {
                try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: copy)
            }
            let third = try trustNext("3")
            #expect(!fixture.exists(first) && !fixture.exists(second) && fixture.exists(third))
        }
    }

    @Test("A link by an absolute path is refused, since in a copy it would lead to what was not trusted")
    func absoluteLink() async throws {
        try await withPlugins { fixture in
            let place = try fixture.plugin("acme", in: fixture.project)
            try fixture.link("\(place)/alias", to: "\(place)/run")
            let listing = try fixture.directory().listed("acme")
            #expect(listing.status == .broken && listing.reason.contains("by an absolute path"))
        }
    }

    @Test(
        "A link that climbs above the folder is refused, also where it comes back",
        arguments: [
            "../acme/real.sh", "lib/../../acme/real.sh", "self/self/self/../../../acme/real.sh", "UP/real.sh",
        ]
    )
    func climbing(target: String) async throws {
        try await withPlugins { fixture in
            let place = try fixture.plugin("acme", in: fixture.project)
            try fixture.write("\(place)/real.sh", "")
            try fixture.write("\(place)/lib/x", "")
            try fixture.link("\(place)/self", to: ".")
            let up = String(repeating: "../", count: 40) + place.dropFirst()
            try fixture.link("\(place)/link", to: target.replacingOccurrences(of: "UP", with: up))
            let listing = try fixture.directory().listed("acme")
            #expect(listing.status == .broken && listing.reason.contains("leads out of the plugin's folder"))
        }
    }

    @Test("Many who start it at once without a copy make one, and all can start it", .timeLimit(.minutes(2)))
    func together() async throws {
        try await withPlugins { fixture in
            try fixture.python(in: fixture.project, "return key('trusted')")
            let directory = fixture.directory()
            try directory.trust("acme")
            let ready = try #require(directory.inventory().ready.first)
            for _ in 0..<5 {
                try fixture.remove(ready.runningFolder)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { try directory.verify(ready) } }
                    try await group.waitForAll()
                }
            }
            let names = try FileSystem.names(in: copies(fixture)).compactMap(\.self).filter { !$0.hasPrefix(".") }
            #expect(names.count == 1)
        }
    }

    /// To a string these two names are the same, to the system they are two folders.
    @Test("Names that are canonically equivalent are different files")
    func canonicalEquivalents() async throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        try await withPlugins { fixture in
            let place = try fixture.plugin("acme", in: fixture.project, name: composed)
            try fixture.write("\(fixture.project)/\(decomposed)/lib/x", "")
            let link = "\(place)/lib"
            try fixture.link(link, to: "../\(decomposed)/lib")
            let listing = try fixture.directory().listed("acme")
            #expect(listing.status == .broken && listing.reason.contains("leads out of the plugin's folder"))
            try fixture.remove(link)
            try fixture.directory().trust("acme")
            try fixture.plugin("acme", in: fixture.project, name: decomposed)
            let twins = fixture.directory().inventory().listings
            #expect(twins.map(\.status) == [.broken, .broken])
            #expect(twins.allSatisfy { $0.reason.hasSuffix("has the same id 'acme'") })
            try fixture.remove(place)
            // The trust was given to the other one.
            #expect(try fixture.directory().listed("acme").status == .untrusted)
        }
    }

    @Test(
        "Folders above count: whoever may rename one of them could put another plugin in its place",
        arguments: ["project", ""]
    )
    func foldersAbove(name: String) async throws {
        try await withPlugins { fixture in
            try fixture.plugin("acme", in: fixture.project)
            let folder = name.isEmpty ? fixture.root : "\(fixture.root)/\(name)"
            let directory = fixture.directory()
            #expect(try directory.listed("acme").status == .untrusted)
            try fixture.change(folder, to: 0o777)
            let listing = try directory.listed("acme")
            #expect(listing.status == .broken && listing.remedy == "run: chmod go-w \(folder)")
            // As in the folder for temporary files, where only the owner of a file may move it.
            try fixture.change(folder, to: 0o1777)
            #expect(try directory.listed("acme").status == .untrusted)
        }
    }
}
