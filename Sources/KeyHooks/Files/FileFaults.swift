import JSON5Syntax
import LightFoundation

/// Why a file or folder can't be used, and what fixes it.
package struct FileFault: Error, Hashable, Codable, Sendable {
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
            remedy: failure.remedy ?? "see who may read it: ls -ld \(quoted(path))"
        )
    }

    package static func unreadableName(in folder: String) -> FileFault {
        FileFault("\(shown(folder)) holds a name that is not UTF-8", remedy: "rename the file: ls -b \(quoted(folder))")
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
    package init(_ fault: FileFault) { self.init(.invalidConfiguration, fault.reason, remedy: fault.remedy) }
}

extension FileFault {
    /// What somebody else could change about a file or folder; of a link the place it leads to counts.
    package static func faults(of place: FilePath) -> [FileFault] {
        do {
            return faults(of: try FileStatus(of: place.text, followsLinks: true), at: place)
        } catch {
            return [.unreadable(place.text, error)]
        }
    }

    /// What somebody else could change about a file whose status is known; with `isInSticky` not what the sticky bit of
    /// a folder keeps from them.
    package static func faults(
        of status: FileStatus,
        at place: FilePath,
        namingOwner isNaming: Bool = false,
        inSticky isInSticky: Bool = false
    ) -> [FileFault] {
        let isOpen = status.isWritableByOthers && !(isInSticky && status.isSticky)
        return ownership(status.isOwnedByUserOrRoot ? [] : [place], in: place, owner: isNaming ? status.owner : nil)
            + permissions(isOpen ? [place] : [], in: place)
    }

    /// Who else could put another folder in the place of one, by what they may do in those above it.
    ///
    /// Others may write to a folder in which only the owner of a file may move it, as in the one for temporary files.
    /// The place is an absolute path without links.
    package static func faults(above place: FilePath) -> [FileFault] {
        var place = place
        while place.text != "/", place.text != "." {
            place = place.folder
            do {
                let faults = faults(of: try FileStatus(of: place.text), at: place, inSticky: true)
                if !faults.isEmpty { return faults }
            } catch {
                // What can't be looked at can't be passed either, and the file was found below it.
                return []
            }
        }
        return []
    }

    /// Who may read a file that this process may not, or search the folder above it that it may not; nil if nobody can
    /// say.
    static func owner(ofForbidden place: FilePath) -> String? {
        var place = place
        var words = "it"
        while true {
            if let status = try? FileStatus(of: place.text, followsLinks: true) {
                let mode = String(status.permissions, radix: 8)
                let digits = String(repeating: "0", count: max(0, 4 - mode.utf8.count)) + mode
                return
                    "\(words) belongs to uid \(status.owner) with mode \(digits), and this process has uid \(geteuid())"
            }
            guard place.folder != place else { return nil }
            place = place.folder
            words = "the folder \(place)"
        }
    }

    /// One fault for all files below a folder that belong to another user.
    ///
    /// - Parameters:
    ///   - places: The files.
    ///   - folder: The folder.
    ///   - owner: Whose the one file is, to be named.
    /// - Returns: The fault; none without files.
    package static func ownership(_ places: [FilePath], in folder: FilePath, owner: UInt32? = nil) -> [FileFault] {
        // In a container with a folder of the host, numbers are all that both sides have.
        let numbers = owner.map { " (uid \($0), and this process has uid \(geteuid()))" } ?? ""
        let container = owner.map { "; in a container, run as its owner: --user \($0)" } ?? ""
        return fault(places, in: folder, "belongs to another user\(numbers)") { isOne, place in
            let (what, option) = isOne ? ("it does", "") : ("they do", "-R ")
            return "if you know what \(what): sudo chown \(option)\"$(id -un)\" \(place)\(container)"
        }
    }

    /// One fault for all files below a folder that other users can change.
    package static func permissions(_ places: [FilePath], in folder: FilePath) -> [FileFault] {
        fault(places, in: folder, "can be changed by other users") { "run: chmod \($0 ? "" : "-R ")go-w \($1)" }
    }

    private static func fault(
        _ places: [FilePath],
        in folder: FilePath,
        _ what: String,
        remedy: (_ isOne: Bool, _ place: String) -> String
    ) -> [FileFault] {
        guard let first = places.first else { return [] }
        let isOne = places.count == 1
        let others = isOne ? "" : " (with \(places.count - 1) more)"
        return [FileFault("\(first)\(others) \(what)", remedy: remedy(isOne, quoted((isOne ? first : folder).text)))]
    }
}

/// A call of the system that failed.
package struct SystemFailure: Error, Hashable {
    package let code: CInt

    /// Takes the error of the call just made.
    package init() { code = errno }

    package init(_ code: CInt) { self.code = code }

    /// What to do where it is this program, or the system, that has no room; nil if it is something else.
    package var remedy: String? {
        switch code {
        case EMFILE: "raise the limit of open files (ulimit -n), or close some"
        case ENFILE: "the whole system has too many open files: close some"
        default: nil
        }
    }

    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// The system's words for it.
    package var text: String { String(cString: strerror(code)) }
}
