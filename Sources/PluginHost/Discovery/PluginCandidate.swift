import JSON5Syntax
import KeyHooks
import LightFoundation

extension PluginManifest {
    /// The path of the executable of a plugin in a folder, without the steps that lead nowhere.
    func executable(in folder: String) -> String {
        let parts = entry.split(separator: "/").filter { $0 != "." }
        return "\(folder)/\(parts.joined(separator: "/"))"
    }
}

/// A folder with a manifest, looked at but not judged.
struct PluginCandidate: Sendable {
    /// The folder without links, unless it is one itself.
    let folder: FilePath
    /// The search folder as it was named; nil if it was not searched for.
    let searchFolder: FilePath?
    let origin: PluginSearchPath.Origin
    /// The id, also if other things in the manifest are wrong.
    private(set) var id: PluginID?
    private(set) var manifest: PluginManifest?
    /// What is in the folder; nil if that could not be found out.
    private(set) var tree: FolderTree?
    /// What is wrong, the most basic first.
    var problems: [FileFault] = []

    /// Looks at a folder; runs nothing.
    init(
        folder: FilePath,
        in searchFolder: FilePath? = nil,
        origin: PluginSearchPath.Origin,
        problems: [FileFault] = []
    ) {
        self.folder = folder
        self.searchFolder = searchFolder
        self.origin = origin
        self.problems = problems
        inspectFiles()
        readManifest()
        inspectEntry()
    }

    /// A plugin that is part of the program, and lies in no folder.
    init(builtIn id: PluginID) {
        folder = FilePath("")
        searchFolder = nil
        origin = .builtIn
        self.id = id
    }

    /// The fingerprint of the folder; what keeps it from being made is recorded as a problem.
    mutating func fingerprint() -> String? {
        guard let tree else { return nil }
        do {
            return try tree.fingerprint()
        } catch {
            problems.append(error)
            return nil
        }
    }

    private mutating func inspectFiles() {
        do throws(FileFault) {
            try Self.checkFolder(folder)
            let tree = try FolderTree(of: folder)
            self.tree = tree
            problems += tree.faults()
        } catch {
            problems.append(error)
        }
    }

    private static func checkFolder(_ folder: FilePath) throws(FileFault) {
        let kind: FileStatus.Kind
        do throws(SystemFailure) {
            kind = try FileStatus(of: folder.text).kind
        } catch {
            throw .unreadable(folder.text, error)
        }
        guard kind != .folder else { return }
        let isLostLink = (try? FileSystem.canonicalPath(of: folder.text)) == nil
        let what =
            kind != .link
            ? "isn't a folder"
            : isLostLink
                ? "is a symbolic link that leads nowhere" : "is a symbolic link, and leads to what lies elsewhere"
        throw FileFault(
            "\(folder) \(what)",
            remedy: "put the plugin's folder itself there, or name its place as a search folder"
        )
    }

    private mutating func readManifest() {
        let path = folder.appending(PluginManifest.fileName).text
        let bytes: [UInt8]
        do throws(FileFault) {
            bytes = try Self.bytes(ofManifest: path)
        } catch {
            return problems.append(error)
        }
        do throws(JSONMistakes) {
            let node = try PluginManifest.node(bytes)
            id = PluginManifest.id(in: node)
            manifest = try PluginManifest.parse(node)
        } catch {
            let place = FileFault.shown(path)
            let remedy = "fix the manifest at the place named"
            problems += error.all.map { FileFault($0.description(in: place), remedy: remedy) }
        }
    }

    private static func bytes(ofManifest path: String) throws(FileFault) -> [UInt8] {
        let place = FileFault.shown(path)
        let isFile: Bool
        do throws(SystemFailure) {
            // A link may lead anywhere, and one that leads out is among the problems already.
            isFile = try FileStatus(of: path).kind == .file
        } catch {
            throw error.isMissing
                ? FileFault(
                    "\(place) does not exist",
                    remedy: "write a manifest there, put the one that was there back, or move the folder away"
                ) : FileFault("\(place) cannot be read", remedy: "see who may read the manifest")
        }
        guard isFile else { throw FileFault("\(place) isn't a regular file", remedy: "put the manifest itself there") }
        do throws(FileReading.Failure) {
            return try FileReading.read(path, limit: PluginManifest.sizeLimit).bytes
        } catch {
            throw FileFault("\(place) \(error.message)", remedy: error.remedy(or: "fix the manifest"))
        }
    }

    private mutating func inspectEntry() {
        guard let manifest, let tree else { return }
        let path = manifest.executable(in: folder.text)
        let place = FileFault.shown(path)
        switch tree.entry(at: manifest.entry)?.status {
        case nil:
            let remedy =
                // Before somebody trusts it, its author has no say in what to do.
                (origin.needsTrust ? nil : manifest.installHint).map { "follow its install hint: \($0)" }
                ?? "put the executable there, or fix 'entry' in the manifest"
            problems.append(FileFault("\(place) does not exist, or lies behind a symbolic link", remedy: remedy))
        case let status? where status.kind != .file:
            problems.append(FileFault("\(place) isn't a regular file", remedy: "put the executable itself there"))
        case let status? where !status.isExecutable:
            problems.append(FileFault("\(place) is not executable", remedy: "run: chmod u+x \(FileFault.quoted(path))"))
        default:
            guard let fault = EntryFirstLine(of: path)?.fault else { return }
            problems.append(FileFault("\(place) \(fault.reason)", remedy: fault.remedy))
        }
    }
}
