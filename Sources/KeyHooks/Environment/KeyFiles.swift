import Synchronization

/// The files that variables such as `OPENAI_API_KEY_FILE` name, as Docker's and Kubernetes' secrets are handed over.
///
/// Only variables of the process name files: a `.env` may come with somebody else's repository, and would make a key of
/// any file that the user can read. Each is read when its variable is first asked for, and again by a refresh if it was
/// changed, unless everybody could have written it. A relative path would name a file in every folder that the user
/// enters, and is refused.
final class KeyFiles: Sendable {
    /// What is added to the name of the variable that would hold the key itself.
    static let suffix = "_FILE"

    /// A key is short; a service account's JSON is a few kilobytes.
    private static let limit = 65_536

    private typealias Contents = Result<String, FileReading.Failure>

    private let paths: [String: String]
    private let contents: Mutex<[String: (contents: Contents, watch: FileWatch)]>

    init(_ process: [String: String]) {
        paths =
            process.filter { name, path in
                name.hasSuffix(Self.suffix) && !path.allSatisfy(\.isWhitespace)
            }
            .mapValues { WrittenPath.expanded($0, process) }
        contents = Mutex([:])
    }

    private init(_ paths: [String: String], _ contents: [String: (contents: Contents, watch: FileWatch)]) {
        self.paths = paths
        self.contents = Mutex(contents)
    }

    /// The files as they are now, if one of those that were read says something else.
    ///
    /// - Parameter reads: Counts the files that are read.
    /// - Returns: Nil if nothing has changed.
    /// - Throws: Why one can't be read any more that could be.
    func reloaded(counting reads: inout Int) throws(KeyResolutionError) -> KeyFiles? {
        let known = contents.withLock { $0 }
        var contents = known
        var isNew = false
        for (variable, old) in known {
            // Of one that can't be read the reason may lie elsewhere.
            let wasRead = if case .success = old.contents { true } else { false }
            guard let path = paths[variable + Self.suffix], !wasRead || old.watch.hasChanged else { continue }
            reads += 1
            let watch = FileWatch(path)
            switch (old.contents, Self.read(path)) {
            case (.success(let old), .success(let new)) where old.utf8.elementsEqual(new.utf8):
                known[variable]?.watch.take(watch)
            case (.failure, .failure): break
            case (_, let read):
                contents[variable] = (read, watch)
                isNew = true
            }
        }
        guard isNew else { return nil }
        let files = KeyFiles(paths, contents)
        for (variable, old) in known {
            if case .success = old.contents, let failure = files.failure(for: variable) { throw failure }
        }
        return files
    }

    /// Whether any variable names one.
    var areNamed: Bool { !paths.isEmpty }

    /// The path of the file that stands for a variable, once it is known to be one; nil for what may be a pasted key.
    func path(for variable: String) -> String? {
        guard case .success? = contents(for: variable) else { return nil }
        return paths[variable + Self.suffix]
    }

    /// What the file has that stands for a variable, without one line end; nil if none does.
    func contents(for variable: String) -> Result<String, FileReading.Failure>? {
        guard let path = paths[variable + Self.suffix] else { return nil }
        return contents.withLock { contents in
            if let known = contents[variable] { return known.contents }
            let watch = FileWatch(path)
            let read = Self.read(path)
            contents[variable] = (read, watch)
            return read
        }
    }

    /// Why a file cannot be read that somebody counts on.
    func failure(for variable: String) -> KeyResolutionError? {
        guard let path = paths[variable + Self.suffix], case .failure(let failure)? = contents(for: variable) else {
            return nil
        }
        // What isn't a path may be a key.
        guard path.hasPrefix("/") else {
            return .invalidConfiguration(
                "\(variable)\(Self.suffix) isn't an absolute path, and a relative one would name another file in another "
                    + "folder",
                remedy: "write the whole path, or one that begins with ~/; the key itself belongs in \(variable)"
            )
        }
        return .invalidConfiguration(
            "\(variable)\(Self.suffix) names a file that isn't read: \(failure.reason(for: path, isSure: false))",
            remedy: failure.remedy(
                or: PastedKey.showsPath(path)
                    ? "correct the variable, or unset it"
                    : "write the whole path of a file there; the key itself belongs in \(variable)"
            )
        )
    }

    private static func read(_ path: String) -> Contents {
        guard path.hasPrefix("/") else { return .failure(.system("its path is relative")) }
        do {
            var bytes = try FileReading.read(path, limit: limit, believing: true, ofAnyOwner: true).bytes[...]
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                let good = String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
                return .failure(.system("it isn't UTF-8 from byte \(String(good).utf8.count + 1) on"))
            }
            return .success(text)
        } catch {
            return .failure(error)
        }
    }
}

extension KeyFiles: CustomReflectable {
    /// Leaves the contents out.
    var customMirror: Mirror { Mirror(self, children: []) }
}
