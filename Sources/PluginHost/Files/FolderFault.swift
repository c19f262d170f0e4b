import KeyHooks

/// Why a plugin's folder cannot be used, and what mends it.
struct FolderFault: Error, Hashable, Sendable {
    /// What is wrong, in one line.
    let reason: String
    /// What to do, in one line; a command where there is one.
    let remedy: String

    init(_ reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    static func unreadable(_ path: String, _ failure: SystemFailure) -> FolderFault {
        FolderFault(
            "\(shown(path)) cannot be looked at: \(failure.text)",
            remedy: "see who may read it: ls -ld \(quoted(path))"
        )
    }

    static func unreadableName(in folder: String) -> FolderFault {
        FolderFault(
            "\(shown(folder)) holds a name that is not UTF-8",
            remedy: "rename the file: ls -b \(quoted(folder))"
        )
    }

    static func tooLarge(_ folder: String, _ what: String) -> FolderFault {
        FolderFault(
            "\(shown(folder)) has \(what), too much to watch over",
            remedy: "keep data and dependencies outside of the plugin's folder"
        )
    }

    static func changed(_ path: String) -> FolderFault {
        FolderFault("\(shown(path)) changed while it was read", remedy: "try again when nothing writes to it")
    }

    /// A path that is safe to print.
    static func shown(_ path: String) -> String { displayText(path, limit: 4096) }

    /// A path that is safe to paste into a shell.
    static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { $0.isWordByte || "/._-+@%,:=".utf8.contains($0) }
        return isPlain && !path.isEmpty
            ? path
            : "'" + shown(path).split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
                + "'"
    }
}
