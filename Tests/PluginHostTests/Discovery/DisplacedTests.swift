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

@Suite("What is counted on cannot be displaced: by another plugin, by a link, by a name")
struct DisplacedTests {
    private static let environment = ["OPENAI_API_KEY": "sk-weaker"]

    @Test("A trusted plugin gives way to none of its id that does not run")
    func shadowedByUntrusted() async throws {
        try await withPlugins { fixture in
            try fixture.python(in: "\(fixture.root)/project/b", "return fault('permission-denied')")
            try fixture.directory(declared: ["\(fixture.root)/project/b"]).trust("acme")
            let configuration = "{pluginPath: ['a', 'b']}"
            let resolver = try fixture.resolver(configuration, Self.environment)
            #expect(await resolver.failure("openai")?.code == .denied)
            try fixture.write("\(fixture.root)/project/a/z/plugin.json", "{\"id\": \"acme\"}")
            let error = #expect(throws: KeyResolutionError.self) {
                try fixture.resolver(configuration, Self.environment)
            }
            #expect(error?.message.contains("which was trusted, gives way to the one in") == true)
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(await resolver.failure("openai")?.code == .denied)
        }
    }

    /// What keeps one from seeing the user's folder.
    enum LostFolder: CaseIterable {
        case link, linkAbove, file

        func happen(to folder: String) throws {
            let files = FileManager.default
            let place = self == .linkAbove ? URL(fileURLWithPath: folder).deletingLastPathComponent().path : folder
            try files.moveItem(atPath: place, toPath: "\(place).elsewhere")
            if self == .file {
                try Data().write(to: URL(fileURLWithPath: place))
            } else {
                try files.createSymbolicLink(atPath: place, withDestinationPath: "/nonexistent/share")
            }
        }
    }

    @Test(
        "The user's configuration folder does not vanish by a link above that leads nowhere",
        arguments: LostFolder.allCases
    )
    func lostConfiguration(loss: LostFolder) async throws {
        try await withPlugins { fixture in
            try fixture.python("return fault('permission-denied')")
            #expect(await (try fixture.resolver("{}", Self.environment)).failure("openai")?.code == .denied)
            try loss.happen(to: fixture.configuration)
            let error = #expect(throws: KeyResolutionError.self) { try fixture.resolver("{}", Self.environment) }
            #expect(error?.code == .invalidConfiguration)
            #expect(throws: KeyResolutionError.self) {
                try KeyConfiguration.discover(in: nil, environment: fixture.environment)
            }
        }
    }

    @Test(
        "A search folder that is reached by a link counts as it was named, wherever the link leads",
        arguments: ["next", nil]
    )
    func redirected(target: String?) async throws {
        try await withPlugins { fixture in
            let releases = "\(fixture.root)/project/rel"
            try fixture.python(in: "\(releases)/now/plugins", "return fault('permission-denied')")
            try fixture.makeFolder("\(releases)/next/plugins")
            let link = "\(fixture.root)/project/current"
            try fixture.link(link, to: "rel/now")
            try fixture.directory(declared: ["\(link)/plugins"]).trust("acme")
            let configuration = "{pluginPath: ['current/plugins']}"
            let resolver = try fixture.resolver(configuration, Self.environment)
            #expect(await resolver.failure("openai")?.code == .denied)
            try fixture.remove(link)
            if let target { try fixture.link(link, to: "rel/\(target)") }
            let error = #expect(throws: KeyResolutionError.self) {
                try fixture.resolver(configuration, Self.environment)
            }
            #expect(error?.message.hasPrefix("plugin 'acme' was trusted and is gone: ") == true)
            guard target != nil else { return }
            // The same plugin in the next release takes the place of the old one in the decisions.
            try fixture.python(in: "\(releases)/next/plugins", "return fault('permission-denied')")
            try fixture.directory(declared: ["\(link)/plugins"]).trust("acme")
            #expect(await (try fixture.resolver(configuration, Self.environment)).failure("openai")?.code == .denied)
        }
    }

    private struct Scripted: KeyPlugin {
        struct Configuration: Decodable {}
        static let id: PluginID = "scripted"
        init(_ configuration: Configuration, in context: PluginContext) {}
        func register(in hooks: inout HookBundle) { hooks.onStart(.getAPIKey, id: HookID(Self.id)) { _ in } }
    }

    @Test("A plugin that the host has for itself demands no section, and runs with one; handed to a resolver, it does")
    func withoutSection() async throws {
        try await withPlugins { fixture in
            for (text, hooks) in [("{}", []), ("{plugins: {scripted: {}}}", ["scripted"])] {
                let host = DropInPlugins(builtIn: [Scripted.plugin], environment: fixture.environment)
                let resolver = try fixture.resolver(text, host: host, Self.environment)
                #expect(try resolver.explain(service: "cohere").hooks.map(\.id) == hooks)
                await host.shutdown()
            }
            let error = #expect(throws: KeyResolutionError.self) { try KeyResolver(plugins: [Scripted.plugin]) }
            #expect(error?.message.contains("no section for plugin 'scripted', which the program hands over") == true)
        }
    }

    @Test("An own plugin whose id the program has for itself is an error, and no absence")
    func shadowedByProgram() async throws {
        try await withPlugins { fixture in
            try fixture.python(id: "scripted", "return fault('permission-denied')")
            let host = DropInPlugins(builtIn: [Scripted.plugin], environment: fixture.environment)
            let error = #expect(throws: KeyResolutionError.self) {
                try fixture.resolver("{}", host: host, Self.environment)
            }
            let words = "does not run: a plugin that is part of the program has the same id"
            #expect(error?.message.contains(words) == true)
        }
    }

    @Test("A project's plugin of the same id does not stand in for an own one that is gone")
    func twin() async throws {
        try await withPlugins { fixture in
            let place = try fixture.python("return fault('permission-denied')")
            let configuration = "{pluginPath: ['Plugins']}"
            let resolver = try fixture.resolver(configuration, Self.environment)
            #expect(await resolver.failure("openai")?.code == .denied)
            try fixture.remove(place)
            try fixture.python(in: fixture.project, "return key('theirs')")
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
            #expect(await resolver.failure("openai")?.code == .denied)
            let next = try fixture.resolver(configuration, Self.environment)
            #expect(try next.explain(service: "openai").warnings.contains { $0.contains("own folder is gone") })
            try fixture.directory().forget("acme")
            try resolver.reloadPlugins()
        }
    }

    @Test("A name in the user's own folder that is not UTF-8 is an error: it may be a plugin")
    func unreadableName() async throws {
        try await withPlugins { fixture in
            try fixture.makeFolder(fixture.user)
            let name = Array("\(fixture.user)/".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
            // Some file systems refuse such a name, which is as well.
            guard mkdir(name, 0o755) == 0 else { return }
            #expect(throws: KeyResolutionError.self) { try fixture.resolver("{}", Self.environment) }
        }
    }

    @Test("What is broken is not gone as well, and what was trusted and is gone is listed as that")
    func listed() async throws {
        try await withPlugins { fixture in
            let own = try fixture.python("return key('1')")
            _ = try fixture.resolver()
            try fixture.remove("\(own)/plugin.json")
            #expect(fixture.directory().inventory().warnings.allSatisfy { !$0.contains("gone") })
            let theirs = try fixture.python(id: "theirs", in: fixture.project, "return key('1')")
            try fixture.directory().trust("theirs")
            try fixture.remove(theirs)
            let gone = "plugin 'theirs' was trusted and is gone: there is no plugin in \(theirs)"
            #expect(fixture.directory().inventory().warnings.contains { $0.hasPrefix(gone) })
        }
    }
}
