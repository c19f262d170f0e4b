import JSON5Syntax

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
