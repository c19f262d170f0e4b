import LightFoundation

/// Paths as people write them: `~/` is the home folder, and a relative one counts from the file that names it.
package enum WrittenPath {
    /// Whether a path begins in the home folder; `~name`, the home of another user, is a name like any other.
    package static func isFromHome(_ path: String) -> Bool { path == "~" || path.hasPrefix("~/") }

    /// A path with `~` at its beginning replaced by the home folder, also where `HOME` is not set.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - environment: Where `HOME` is taken from.
    /// - Returns: The path as the system takes it; unchanged if nobody knows the home folder.
    package static func expanded(_ path: String, _ environment: [String: String]) -> String {
        guard isFromHome(path), let home = KeyConfiguration.homeFolder(environment) else { return path }
        return home == "/" ? path == "~" ? "/" : String(path.dropFirst()) : home + path.dropFirst()
    }

    /// A path in a file, counted from that file's folder.
    ///
    /// - Parameters:
    ///   - path: The path; one from the home folder stays as it is.
    ///   - folder: The folder of the file that names it.
    /// - Returns: The whole path.
    package static func counted(_ path: String, from folder: String) -> String {
        path.hasPrefix("/") || isFromHome(path) ? path : folder == "/" ? "/" + path : "\(folder)/\(path)"
    }

    /// A path as it is meant now, whatever the working directory will be.
    package static func absolute(_ path: String) -> String {
        counted(path, from: path.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath)
    }

    /// The folder that relative paths in a file count from, from the root on.
    package static func folder(ofFile file: String) -> String {
        // Absolute, or a program that changes its working directory would read another folder's files.
        let folder = FilePath(absolute(file)).folder.text
        let isRoundabout = folder.split(separator: "/").contains { $0 == ".." || $0 == "." }
        return isRoundabout ? (try? FileSystem.canonicalPath(of: folder)) ?? folder : folder
    }
}
