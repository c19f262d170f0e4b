/// Finds the folders with a manifest in the folders of a search path.
struct PluginSearch {
    private(set) var candidates: [[PluginCandidate]] = []
    private(set) var searched: [PluginInventory.Searched] = []
    private var seen: Set<String> = []

    init(_ path: PluginSearchPath) {
        for folder in path.folders { search(folder) }
    }

    private mutating func search(_ folder: PluginSearchPath.Folder) {
        do {
            let place = try FileSystem.canonicalPath(of: folder.path)
            // The first mention decides the place in the order, and whether trust is needed.
            guard seen.insert(place).inserted else { return }
            candidates.append(try Self.candidates(in: place, named: folder))
            searched.append(PluginInventory.Searched(folder: folder, problem: nil))
        } catch {
            let isExpected = error.isMissing && folder.origin == .user
            searched.append(PluginInventory.Searched(folder: folder, problem: isExpected ? nil : error.text))
        }
    }

    private static func candidates(
        in place: String,
        named folder: PluginSearchPath.Folder
    ) throws(SystemFailure) -> [PluginCandidate] {
        let names = try FileSystem.names(in: place).compactMap(\.self)
            .sorted {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
        let found = names.map { place == "/" ? "/\($0)" : "\(place)/\($0)" }
            .filter { (try? FileStatus(of: "\($0)/\(PluginManifest.fileName)")) != nil }
        guard !found.isEmpty else { return [] }
        var faults = FolderTree.faults(ofFolder: place)
        if folder.origin == .user {
            // Who can replace the user's plugins folder can put in it what needs no trust.
            let parent = folder.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            let above = (try? FileSystem.canonicalPath(of: parent.joined(separator: "/"))) ?? place
            faults += FolderTree.faults(ofFolder: above)
        }
        return found.map { PluginCandidate(folder: $0, origin: folder.origin, problems: faults) }
    }
}
