import KeyHooks
import LightFoundation

/// Finds the folders with a manifest in the folders of a search path.
struct PluginSearch {
    private(set) var candidates: [[PluginCandidate]] = []
    private(set) var searched: [PluginInventory.Searched] = []
    private var seen: [FileStatus] = []

    /// Looks into the folders, the user's own first whoever else names it: nothing that comes with a project may change
    /// what becomes of the user's plugins.
    init(_ path: PluginSearchPath) {
        let own = path.folders.filter { $0.origin == .user }
        let statuses = own.compactMap { try? FileStatus(of: $0.path, followsLinks: true) }
        for folder in own { search(folder) }
        for folder in path.folders where folder.origin != .user {
            let status = try? FileStatus(of: folder.path, followsLinks: true)
            if let status, statuses.contains(where: status.isSameFile) { continue }
            search(folder)
        }
    }

    private mutating func search(_ folder: PluginSearchPath.Folder) {
        var problem: String?
        do {
            let status = try FileStatus(of: folder.path, followsLinks: true)
            // The first mention decides the place in the order. A path need not tell: two of them may be one folder.
            guard !seen.contains(where: status.isSameFile) else { return }
            seen.append(status)
            let place = FilePath(try FileSystem.canonicalPath(of: folder.path))
            candidates.append(try Self.candidates(in: place, named: folder))
        } catch {
            let isExpected = folder.origin == .user && FileSystem.isAbsent(FilePath(folder.path))
            problem = isExpected ? nil : error.text
        }
        searched.append(
            PluginInventory.Searched(folder: folder, problem: problem, places: Self.places(of: folder.path))
        )
    }

    /// A search folder as it was named, from the root on.
    private static func named(_ path: String) -> FilePath {
        let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        if path.hasPrefix("/") { return FilePath("/\(parts)") }
        let here = (try? FileSystem.canonicalPath(of: ".")) ?? "."
        return parts.isEmpty ? FilePath(here) : FilePath(here).appending(parts)
    }

    private static func places(of path: String) -> Set<FilePath> {
        let place = FilePath(path)
        let likely = FileSystem.likelyPath(of: place.folder).appending(place.name)
        return [FileSystem.likelyPath(of: place), likely, named(path)]
    }

    private static func candidates(
        in place: FilePath,
        named folder: PluginSearchPath.Folder
    ) throws(SystemFailure) -> [PluginCandidate] {
        let names = try FileSystem.names(in: place.text)
        // In the user's own folder it may be a plugin, which must not be passed over.
        guard folder.origin != .user || !names.contains(nil) else { throw SystemFailure(EILSEQ) }
        let found = names.compactMap(\.self).map { place.appending($0) }.sorted()
            .filter { folder.origin == .user ? isOwnPlugin($0) : hasManifest($0) }
        guard !found.isEmpty else { return [] }
        var faults = FileFault.faults(of: place) + FileFault.faults(above: place)
        let parent = FilePath(folder.path).folder.text
        if faults.isEmpty, let above = (try? FileSystem.canonicalPath(of: parent)).map({ FilePath($0) }),
            above != place.folder
        {
            // The search folder is a link: whoever can replace that can put other plugins in their place.
            faults = FileFault.faults(of: above) + FileFault.faults(above: above)
        }
        let named = named(folder.path)
        return found.map { PluginCandidate(folder: $0, in: named, origin: folder.origin, problems: faults) }
    }

    /// Whether there is a manifest, or nobody can say.
    private static func hasManifest(_ place: FilePath) -> Bool {
        let kind = (try? FileStatus(of: place.text, followsLinks: true))?.kind
        return kind != .file && kind != .special && !FileSystem.isAbsent(place.appending(PluginManifest.fileName))
    }

    /// Whether something in the user's own folder is a plugin or was one.
    ///
    /// Every folder is, and every link that doesn't lead to a file: what keeps a plugin from being looked at must not
    /// make it vanish. Hidden folders are for other things.
    private static func isOwnPlugin(_ place: FilePath) -> Bool {
        guard !place.name.hasPrefix(".") else { return false }
        guard let status = try? FileStatus(of: place.text, followsLinks: true) else {
            return !FileSystem.isAbsent(place)
        }
        return status.kind == .folder
    }
}

/// What the folders of a search path look like from outside, to see whether anything changed since.
///
/// Only folders with a manifest are looked into, as by ``PluginSearch``, and no file is read.
struct PluginFolderStamp: Hashable, Sendable {
    private var files: [FilePath: FileStatus] = [:]
    private var room = FolderTree.Limits().entries

    /// Looks at the folders of a search path, and at a file besides.
    init(_ path: PluginSearchPath, _ store: TrustStore?) {
        if let store { files[FilePath(store.path)] = try? FileStatus(of: store.path) }
        for folder in path.folders {
            // The search folder may be a link.
            files[FilePath(folder.path)] = try? FileStatus(of: folder.path, followsLinks: true)
            for place in places(in: FilePath(folder.path)) {
                let isPlugin = (try? FileStatus(of: place.appending(PluginManifest.fileName).text)) != nil
                // In the user's own folder one without a manifest is missed.
                if isPlugin || folder.origin == .user { look(at: place, depth: isPlugin ? 0 : .max) }
            }
        }
    }

    private mutating func look(at place: FilePath, depth: Int) {
        // What is beyond the limits is in no plugin that runs.
        guard room > 0, let status = try? FileStatus(of: place.text) else { return }
        room -= 1
        files[place] = status
        guard status.kind == .folder, depth <= FolderTree.Limits().depth else { return }
        for place in places(in: place) { look(at: place, depth: depth + 1) }
    }

    private func places(in folder: FilePath) -> [FilePath] {
        ((try? FileSystem.names(in: folder.text)) ?? []).compactMap(\.self).map { folder.appending($0) }.sorted()
    }
}

/// The folders in which plugins are looked for, the first one first.
package struct PluginSearchPath: Hashable, Sendable {
    /// A folder, and who named it.
    package struct Folder: Hashable, Sendable, Codable {
        /// The folder; a relative path counts from the working directory.
        package let path: String

        /// Who named it.
        package let origin: PluginSearchPath.Origin
    }

    /// The folders in order.
    package var folders: [Folder]

    /// Whether all plugins are switched off; they are listed all the same.
    package var isSwitchedOff: Bool

    /// Whether that is so because a plugin started this program.
    private var isInsideOfPlugin = false

    /// Makes the usual search path.
    ///
    /// First `plugins` in the user's configuration folder (`$XDG_CONFIG_HOME/keyhooks`, or `~/.config/keyhooks`); then
    /// the folders in `KEYHOOKS_PLUGIN_PATH`, which are separated by colons; then those that the configuration
    /// declares. In both `~/` is the home folder. The user's own folder stays the user's own if it is named again.
    /// `KEYHOOKS_NO_PLUGINS=1` switches all plugins off, and so does any other value but an empty one, `0`, `false` and
    /// `no`; so does `KEYHOOKS_PLUGIN`, which every plugin's process has.
    ///
    /// - Parameters:
    ///   - declared: The folders that the configuration declares, as paths that count from the working directory.
    ///   - environment: Where the variables are taken from.
    package init(declared: [String] = [], environment: [String: String] = ProcessInfo.processInfo.environment) {
        let named = environment["KEYHOOKS_PLUGIN_PATH"]?.split(separator: ":").map(String.init) ?? []
        let own = KeyConfiguration.userFolder(environment).map { Folder(path: "\($0)/plugins", origin: .user) }
        folders =
            (own.map { [$0] } ?? [])
            + named.map { Folder(path: WrittenPath.expanded($0, environment), origin: .environment) }
            + declared.map { Folder(path: WrittenPath.expanded($0, environment), origin: .project) }
        isSwitchedOff = switchesPluginsOff(environment)
        isInsideOfPlugin = insideOfPlugin(environment) != nil
    }

    /// Why no plugin runs; nil if they are not switched off.
    var switchedOff: PluginStatus? {
        guard isSwitchedOff else { return nil }
        return isInsideOfPlugin ? .insideOfPlugin : .switchedOff
    }
}

extension PluginSearchPath {
    /// Who named the folder a plugin was found in.
    package enum Origin: String, Hashable, Sendable, Codable, CaseIterable {
        /// The variable `KEYHOOKS_PLUGIN_PATH`.
        case environment

        /// A configuration, by `pluginPath`.
        case project

        /// Nobody: it is the plugins folder of the user.
        case user

        /// Nobody: it is part of the program.
        case builtIn = "built-in"

        /// Whether a plugin found there runs only after the user trusted it.
        ///
        /// What is in the user's own folder was put there by the user. What a project or its environment names came
        /// with the project.
        package var needsTrust: Bool { self == .environment || self == .project }
    }
}
