import JSON5Syntax

/// Why a file or folder can't be used, and what fixes it.
package struct FileFault: Error, Hashable, Sendable {
    /// What is wrong, in one line.
    package let reason: String
    /// What to do, in one line; a command where there is one.
    package let remedy: String

    package init(_ reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    package static func unreadable(_ path: String, _ failure: SystemFailure) -> FileFault {
        FileFault(
            "\(shown(path)) cannot be looked at: \(failure.text)",
            remedy: SystemFailure.remedy(for: failure.code) ?? "see who may read it: ls -ld \(quoted(path))"
        )
    }

    package static func unreadableName(in folder: String) -> FileFault {
        FileFault(
            "\(shown(folder)) holds a name that is not UTF-8",
            remedy: "rename the file: ls -b \(quoted(folder))"
        )
    }

    package static func tooLarge(_ folder: String, _ what: String) -> FileFault {
        FileFault(
            "\(shown(folder)) has \(what), too much to watch over",
            remedy: "keep data and dependencies outside of the plugin's folder"
        )
    }

    package static func changed(_ path: String) -> FileFault {
        FileFault("\(shown(path)) changed while it was read", remedy: "try again when nothing writes to it")
    }

    /// A path that is safe to print.
    package static func shown(_ path: String) -> String { displayText(path, limit: 4096) }

    /// A path that is safe to paste into a shell.
    package static func quoted(_ path: String) -> String {
        // Not to be taken for an option.
        shellWord(path.hasPrefix("-") ? "./\(path)" : path)
    }

    /// A text as one word of a shell's command line, safe to print.
    package static func shellWord(_ text: String, limit: Int = 4096) -> String {
        let isPlain = text.utf8.allSatisfy { $0.isWordByte || "/._-+@%,:=".utf8.contains($0) }
        if isPlain, !text.isEmpty { return text }
        let parts = displayText(text, limit: limit).split(separator: "'", omittingEmptySubsequences: false)
        return "'" + parts.joined(separator: #"'\''"#) + "'"
    }
}

extension KeyResolutionError {
    /// The error for a file that a configuration, or the trust in one, depends on.
    package init(_ fault: FileFault) {
        self.init(.invalidConfiguration, fault.reason, remedy: fault.remedy)
    }
}
