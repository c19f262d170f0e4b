import JSON5Syntax
import LightFoundation

/// The path of a file, compared by its bytes as the system does.
///
/// A `String` is equal to every other that is canonically equivalent: `café` written in four scalars and in five. To
/// the system these are two files.
package struct FilePath: Hashable, Sendable {
    /// The path as text.
    package let text: String

    /// Takes a path as it is.
    package init(_ text: String) { self.text = text }

    package static func == (left: FilePath, right: FilePath) -> Bool { left.text.hasSameBytes(as: right.text) }

    package func hash(into hasher: inout Hasher) { ExactText(text).hash(into: &hasher) }

    /// The folder that the file lies in; of the root the root itself.
    package var folder: FilePath {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropLast()
        let folder = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
        return FilePath(folder.isEmpty ? (text.hasPrefix("/") ? "/" : ".") : folder)
    }

    /// The last part of the path.
    package var name: String {
        text.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// A file in this folder.
    package func appending(_ name: String) -> FilePath { FilePath(text == "/" ? "/\(name)" : "\(text)/\(name)") }

    /// Whether the file is this folder or lies in it; both are paths without links.
    package func isInside(_ folder: FilePath) -> Bool {
        self == folder || folder.text == "/"
            || text.utf8.starts(with: folder.text.utf8) && text.utf8.dropFirst(folder.text.utf8.count).first == 0x2F
    }
}

extension FilePath: Comparable {
    package static func < (left: FilePath, right: FilePath) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension FilePath: CustomStringConvertible {
    /// The path, safe to print.
    package var description: String { FileFault.shown(text) }
}

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
