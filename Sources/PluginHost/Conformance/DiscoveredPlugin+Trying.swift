package import ExtensionHooks
import Foundation
import JSON5Syntax
import KeyHooks

extension PluginDirectory {
    /// The plugin that an id means to somebody who runs it at once: their own, or one that is trusted as it is.
    ///
    /// What a project brings is named by its folder until somebody trusted it, also where its id is that of an own plugin.
    ///
    /// - Throws: A ``PluginManagementError`` if there is none.
    package func installed(_ id: HookID) throws(PluginManagementError) -> DiscoveredPlugin {
        let found = inventory().plugins.filter { $0.listing.id == id.rawValue }
        if let plugin = found.first(where: { !$0.listing.origin.needsTrust || $0.fingerprint != nil }) { return plugin }
        guard let other = found.first else { return try plugin(id) }
        let folder = FileFault.shown(other.listing.folder)
        throw PluginManagementError(
            .unusablePlugin,
            "plugin '\(id)' in \(folder) does not run: \(other.listing.reason)",
            remedy:
                "look at it, and name its folder to run it all the same: \(FileFault.quoted(other.listing.folder))"
        )
    }
}

extension DiscoveredPlugin {
    /// Whether the plugin lies in the user's own plugins folder, where everything was put by the user.
    package func isOwn(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        guard let user = KeyConfiguration.userFolder(environment),
            let own = try? FileSystem.canonicalPath(of: "\(user)/plugins")
        else { return false }
        let folder = listing.folder.utf8
        // By bytes: names that Swift takes for equal are different folders.
        return folder.lastIndex(of: UInt8(ascii: "/")).map { folder[..<$0].elementsEqual(own.utf8) } ?? false
    }

    /// The executable with what it is started with; nil for a plugin that is not in order.
    package var command: [String]? {
        guard let manifest, let executable else { return nil }
        return [executable] + manifest.arguments
    }

    /// Why its entry would not start on this system as it is now; nil if nothing is known against it.
    ///
    /// - Parameter environment: Where `PATH` is taken from.
    /// - Returns: The reason in one line.
    package func doubtAboutEntry(_ environment: [String: String]) -> String? {
        guard listing.status == .ready, let manifest else { return nil }
        return EntryFirstLine(of: manifest.executable(in: listing.folder))?.doubt(environment)
    }

    /// The variables that every plugin gets.
    package static var usualVariables: [String] { PluginLaunch.inherited }

    /// The variables that its manifest asks for, besides those that every plugin gets.
    package var askedVariables: [String] {
        (manifest?.environment ?? []).filter { !PluginLaunch.inherited.contains($0) }
    }
}

extension PluginLaunch {
    /// How a plugin is started that is being tried, with its section of the configuration or the first example of its
    /// schema; nil if it is not in order.
    init?(
        toTry plugin: DiscoveredPlugin,
        configuration: KeyConfiguration,
        environment: [String: String],
        isInteractive: Bool = false
    ) {
        guard let manifest = plugin.manifest, let executable = plugin.executable else { return nil }
        let missing = PluginLaunch.missing(manifest.environment, in: environment)
        var environment = PluginLaunch.environment(from: environment, allowing: manifest.environment)
        // As the host does: what Python writes beside a module is no fault of the plugin's.
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        self.init(
            id: manifest.id.rawValue,
            version: manifest.version,
            executable: executable,
            arguments: manifest.arguments,
            folder: plugin.listing.folder,
            environment: environment,
            mode: manifest.mode == .oneshot ? .oneshot : .session,
            helloTimeout: manifest.helloTimeout,
            requestTimeout: manifest.requestTimeout,
            configuration: configuration.section(for: manifest.id) ?? manifest.exampleSection ?? .object([:]),
            interactive: isInteractive ? manifest.interaction.rawValue : "never",
            askedVariables: manifest.environment,
            missingVariables: missing,
            installHint: manifest.installHint
        )
    }
}
