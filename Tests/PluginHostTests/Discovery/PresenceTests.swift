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

@Suite("What is counted on cannot vanish")
struct PresenceTests {
    private static let environment = ["OPENAI_API_KEY": "sk-weaker"]

    /// How a plugin that denies is made to go.
    enum Loss: CaseIterable {
        case folderRemoved, folderRenamed, manifestRemoved, manifestRenamed, manifestDamaged, manifestIsFolder, emptied
        case folderIsLink, searchFolderRemoved, searchFolderRenamed, searchFolderIsFile, searchFolderLeadsNowhere
        case searchFolderIsLoop

        func happen(to place: String) throws {
            let files = FileManager.default
            let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
            let manifest = "\(place)/plugin.json"
            switch self {
            case .folderRemoved: try files.removeItem(atPath: place)
            case .folderRenamed: try files.moveItem(atPath: place, toPath: "\(folder)/../elsewhere")
            case .manifestRemoved: try files.removeItem(atPath: manifest)
            case .manifestRenamed: try files.moveItem(atPath: manifest, toPath: "\(manifest).old")
            case .manifestDamaged: try Data("{".utf8).write(to: URL(fileURLWithPath: manifest))
            case .manifestIsFolder:
                try files.removeItem(atPath: manifest)
                try files.createDirectory(atPath: manifest, withIntermediateDirectories: false)
            case .emptied:
                try files.removeItem(atPath: place)
                try files.createDirectory(atPath: place, withIntermediateDirectories: false)
            case .folderIsLink:
                try files.removeItem(atPath: place)
                try files.createSymbolicLink(atPath: place, withDestinationPath: "unmounted")
            case .searchFolderRemoved: try files.removeItem(atPath: folder)
            case .searchFolderRenamed: try files.moveItem(atPath: folder, toPath: "\(folder).old")
            case .searchFolderIsFile:
                try files.removeItem(atPath: folder)
                try Data().write(to: URL(fileURLWithPath: folder))
            case .searchFolderLeadsNowhere:
                try files.removeItem(atPath: folder)
                try files.createSymbolicLink(atPath: folder, withDestinationPath: "/nonexistent/share")
            case .searchFolderIsLoop:
                try files.removeItem(atPath: folder)
                try files.createSymbolicLink(atPath: folder, withDestinationPath: folder)
            }
        }

        /// Whether nothing at all is left of an own plugin, which is a warning for those who know it.
        var isGoneWithoutTrace: Bool {
            switch self {
            case .folderRemoved, .folderRenamed, .searchFolderRemoved, .searchFolderRenamed: true
            default: false
            }
        }
    }

    @Test(
        "A trusted plugin that cannot be found as it was is an error, until the user decides",
        arguments: Loss.allCases
    )
    func trusted(loss: Loss) async throws {
        try await withPlugins { fixture in
            let place = try fixture.python(in: fixture.project, "return fault('permission-denied')")
            try fixture.directory().trust("acme")
            let configuration = "{pluginPath: ['Plugins']}"
            let resolver = try fixture.resolver(configuration, Self.environment)
            #expect(await resolver.failure("openai")?.code == .denied)
            try loss.happen(to: place)
            let error = #expect(throws: KeyResolutionError.self) {
                try fixture.resolver(configuration, Self.environment)
            }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.hasPrefix("plugin 'acme' was trusted and is ") == true, "\(error?.message ?? "")")
            #expect(error?.remedy.contains("keyhooks plugins disable acme") == true)
            // What runs goes on.
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(await resolver.failure("openai")?.code == .denied)
            try fixture.directory().untrust("acme")
            let without = try fixture.resolver(configuration, Self.environment)
            #expect(try await without.value("openai") == "sk-weaker")
        }
    }

    @Test("So is one of the user's own; one that is gone without a trace is missed", arguments: Loss.allCases)
    func own(loss: Loss) async throws {
        try await withPlugins { fixture in
            let place = try fixture.python("return fault('permission-denied')")
            let resolver = try fixture.resolver("{}", Self.environment)
            #expect(await resolver.failure("openai")?.code == .denied)
            try loss.happen(to: place)
            // A reload loses nothing in any case.
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(await resolver.failure("openai")?.code == .denied)
            if loss.isGoneWithoutTrace {
                let next = try fixture.resolver("{}", Self.environment)
                let warnings = try next.explain(service: "openai").warnings
                let gone = "plugin 'acme' of the user's own folder is gone: there is nothing left in \(place)"
                #expect(warnings.contains { $0.hasPrefix(gone) && $0.hasSuffix("keyhooks plugins forget acme") })
                try fixture.directory().forget("acme")
                #expect(!fixture.directory().inventory().warnings.contains { $0.contains("acme") })
                try resolver.reloadPlugins()
                #expect(try await resolver.value("openai") == "sk-weaker")
            } else {
                let error = #expect(throws: KeyResolutionError.self) {
                    try fixture.resolver("{}", Self.environment)
                }
                #expect(error?.code == .invalidConfiguration)
            }
        }
    }

    @Test(
        "A folder that may not be read is an error too",
        .enabled(if: geteuid() != 0, "nothing is forbidden to root; the tool's tests have this as another user")
    )
    func forbidden() async throws {
        try await withPlugins { fixture in
            let place = try fixture.python("return fault('permission-denied')")
            for folder in [place, fixture.user] {
                try fixture.change(folder, to: 0o000)
                #expect(throws: KeyResolutionError.self) { try fixture.resolver("{}", Self.environment) }
                try fixture.change(folder, to: 0o755)
            }
        }
    }

    @Test("An own plugin that is broken stays an error when a project brings one of the same id, trusted or not")
    func brokenAndShadowed() async throws {
        try await withPlugins { fixture in
            let own = try fixture.python("return fault('permission-denied')")
            try fixture.python(in: fixture.project, "return key('sk-project')")
            try fixture.change("\(own)/run", to: 0o644)
            let error = #expect(throws: KeyResolutionError.self) {
                try fixture.resolver("{pluginPath: ['Plugins']}", Self.environment)
            }
            #expect(error?.message.hasPrefix("plugin 'acme' of the user's own folder is broken: ") == true)
        }
    }

    @Test(
        "A project cannot make the user's own plugins its own",
        arguments: [
            "../config/keyhooks/plugins", "link", "../config/keyhooks/./plugins",
        ]
    )
    func renamed(path: String) async throws {
        try await withPlugins { fixture in
            try fixture.python("return fault('permission-denied')")
            try fixture.write("\(fixture.root)/project/x", "")
            try fixture.link("\(fixture.root)/project/link", to: fixture.user)
            let resolver = try fixture.resolver("{pluginPath: ['\(path)']}", Self.environment)
            #expect(await resolver.failure("openai")?.code == .denied)
        }
    }

    @Test("A trusted plugin that no folder of this run could hold is not missed")
    func elsewhere() async throws {
        try await withPlugins { fixture in
            let place = try fixture.python(in: fixture.project, "return key('1')")
            try fixture.directory().trust("acme")
            try fixture.remove(place)
            #expect(try await fixture.resolver("{}", Self.environment).value("openai") == "sk-weaker")
        }
    }

    @Test("A plugin that is there is not forgotten, and neither is one that nobody knows")
    func forget() async throws {
        try await withPlugins { fixture in
            try fixture.python("return key('1')")
            _ = try fixture.resolver()
            let there = #expect(throws: PluginManagementError.self) { try fixture.directory().forget("acme") }
            #expect(there?.code == .unusablePlugin)
            let unknown = #expect(throws: PluginManagementError.self) { try fixture.directory().forget("acne") }
            #expect(unknown?.code == .unknownPlugin && unknown?.remedy == "did you mean 'acme'?")
        }
    }

    @Test("A host that only looks records nothing")
    func looking() async throws {
        try await withPlugins { fixture in
            try fixture.python("return key('1')")
            let host = DropInPlugins(
                builtIn: [],
                environment: fixture.environment,
                isInteractive: false,
                isRecording: false,
                log: { _ in }
            )
            _ = try fixture.resolver(host: host).explain(service: "openai")
            #expect(!fixture.exists(fixture.state))
            _ = try fixture.resolver()
            #expect(fixture.exists(fixture.state))
        }
    }

    @Test("Where nothing can be recorded, plugins run all the same, and a reload still loses none")
    func unwritable() async throws {
        try await withPlugins { fixture in
            let place = try fixture.python("return fault('permission-denied')")
            // In place of the lock, so that not even root can make one.
            try fixture.makeFolder("\(fixture.state).lock")
            let resolver = try fixture.resolver("{}", Self.environment)
            #expect(await resolver.failure("openai")?.code == .denied)
            try fixture.remove(place)
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(await resolver.failure("openai")?.code == .denied)
        }
    }
}
