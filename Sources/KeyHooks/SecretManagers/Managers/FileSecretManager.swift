import DotenvSyntax
import JSON5Syntax
import LightFoundation

/// One file as a secret manager: JSON with the names of secrets as keys, or a dotenv file.
///
/// ```json
/// {
///   "providers": { "OPENAI_API_KEY": "sk-…", "GROQ_API_KEY": "gsk_…" },
///   "github": "ghp_…"
/// }
/// ```
///
/// It is written whole or not at all, for its owner alone (0600), and under a lock that all programs on the machine
/// share: two writers lose nothing, and a crash leaves the old file or the new one. A file that another user owns or
/// can change is refused. A file that isn't there yet holds nothing, and the first write makes it.
public struct FileSecretManager: Sendable {
    /// How a file is written; more may come.
    public struct Format: Hashable, Sendable, CustomStringConvertible {
        /// The name of the format.
        public let description: String

        /// An object of texts, and of objects of texts, in plain JSON.
        public static var json: Self { Self(description: "json") }

        /// `NAME=value` lines: names are those of variables, and a secret is one text.
        public static var dotenv: Self { Self(description: "dotenv") }
    }

    /// The file.
    public let path: String

    /// How it is written.
    public let format: Format

    /// Whether a file that isn't there is a failure, as where nobody may write it; else it holds nothing yet.
    var mustExist = false

    static let sizeLimit = 16 << 20

    /// Names a file; it is read whenever a secret is asked for.
    ///
    /// - Parameters:
    ///   - path: The file; a relative one counts from the working directory of the process as it is now.
    ///   - format: How it is written; nil to tell by its name: JSON for `.json`, and dotenv for all others.
    public init(_ path: String, format: Format? = nil) {
        self.path = WrittenPath.absolute(path)
        self.format = format ?? (path.hasSuffix(".json") ? .json : .dotenv)
    }
}

extension FileSecretManager: CheckAndSetSecretManager, DeletableSecretManager {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func secret(_ name: SecretName, _ options: SecretOptions) throws(KeyResolutionError) -> StoredSecret? {
        try options.refuseVersion()
        try options.refuseParameters()
        return try document()[name].map { StoredSecret($0) }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func write(
        _ content: SecretContent,
        to name: SecretName,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        try options.call.refuseParameters()
        try await change { document throws(KeyResolutionError) in try document.set(name, to: content) }
        return nil
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        try options.call.refuseParameters()
        try await change { document throws(KeyResolutionError) in
            guard condition.holds(for: try document[name].map { StoredSecret($0) }) else { throw .conflict(over: name) }
            try document.set(name, to: content)
        }
        return nil
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func delete(
        _ name: SecretName,
        recoverableFor window: Duration?,
        _ options: SecretOptions
    ) async throws {
        try options.refuseParameters()
        try KeyResolutionError.refuseRecovery(window)
        try await change { document throws(KeyResolutionError) in try document.remove(name) }
    }
}

extension FileSecretManager: ListableSecretManager, HealthCheckable, ConfigurationValidating {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func list(
        _ prefix: String,
        after page: String?,
        _ options: SecretOptions
    ) throws(KeyResolutionError) -> SecretPage {
        try options.refuseParameters()
        return SecretPage(of: try document().names.compactMap { try? SecretName($0) }, from: prefix)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func health(_ options: SecretOptions) -> SecretManagerHealth {
        do {
            _ = try document()
            return .healthy
        } catch {
            return .unreachable(error.message)
        }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func configurationMistakes() -> [String] {
        do {
            _ = try document()
            return []
        } catch {
            return [error.description]
        }
    }
}

extension FileSecretManager {
    /// What the file says now.
    private func document() throws(KeyResolutionError) -> SecretDocument { try document(in: target) }

    private func document(in target: FilePath) throws(KeyResolutionError) -> SecretDocument {
        removeDraft(of: target)
        do {
            try FileReading.refuseForeignLink(path)
            let bytes = try FileReading.read(target.text, limit: Self.sizeLimit, believing: true).bytes
            return try SecretDocument(bytes, format, path)
        } catch let error as KeyResolutionError {
            throw error
        } catch FileReading.Failure.missing where !mustExist {
            // The first write makes it. A folder that is gone, such as one that isn't mounted, is something else.
            let folder = target.folder.text
            guard (try? FileStatus(of: folder, followsLinks: true)) != nil else {
                throw failure("isn't there, nor is its folder", remedy: "mount or make \(FileFault.shown(folder))")
            }
            return SecretDocument(empty: format, path)
        } catch FileReading.Failure.missing {
            throw failure("isn't there, and nobody may write it", remedy: "mount it, or correct its path")
        } catch {
            let failure = error as? FileReading.Failure ?? .missing
            throw failure.error(for: path, remedy: "correct the path of the file of secrets")
        }
    }

    /// The file itself: a link is kept, and what it leads to is replaced.
    private var target: FilePath { FileSystem.likelyPath(of: FilePath(path)) }

    private static func lockPath(of target: FilePath) -> String { target.text + ".lock" }

    /// What is written before it takes the file's place; nobody else has a file of such a name.
    private static func draft(of target: FilePath) -> String { target.text + ".keyhooks-draft" }

    /// Removes what is left of a write that was killed, as it has all secrets in it.
    private func removeDraft(of target: FilePath) {
        let draft = Self.draft(of: target)
        guard access(draft, F_OK) == 0, let lock = try? FileLock(Self.lockPath(of: target), waitingFor: .zero)
        else { return }
        unlink(draft)
        _ = consume lock
    }

    /// Changes the file after whoever is changing it now.
    private func change(
        _ change: (inout SecretDocument) throws(KeyResolutionError) -> Void
    ) async throws {
        do {
            // Somebody may lead the link elsewhere, or remove the lock.
            for _ in 0..<100 {
                let target = target
                try FileSystem.makeFolder(target.folder.text)
                let lock = try await FileLock.waiting(for: Self.lockPath(of: target))
                let isDone = try self.target == target && replace(target, under: lock, change)
                _ = consume lock
                if isDone { return }
            }
            throw failure("is replaced all the time", remedy: "see who else writes there")
        } catch let error as KeyResolutionError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch FileLock.Failure.busy {
            throw failure("is being written by another program", remedy: "try again when that one has ended")
        } catch FileLock.Failure.system(let system) {
            throw unwritable("can't be locked", system, remedy: "see who may write to its folder")
        } catch {
            let remedy = "see who may write to its folder, and if there is room"
            throw unwritable("can't be written", error as? SystemFailure, remedy: remedy)
        }
    }

    /// Writes the file with a change; false if the lock is gone, and nothing was written.
    private func replace(
        _ target: FilePath,
        under lock: borrowing FileLock,
        _ change: (inout SecretDocument) throws(KeyResolutionError) -> Void
    ) throws -> Bool {
        if let kind = (try? FileStatus(of: target.text))?.kind, kind != .file {
            throw KeyResolutionError.invalidConfiguration(
                "the file of secrets \(FileFault.shown(path)) isn't a regular file",
                remedy: "name one, or one that isn't there yet"
            )
        }
        let draft = Self.draft(of: target)
        // Whoever had the lock before may have been killed.
        unlink(draft)
        var document = try document(in: target)
        let old = document.bytes
        try change(&document)
        let bytes = document.bytes
        if bytes == old { return true }
        guard bytes.count <= Self.sizeLimit else {
            throw failure("would have more than \(Self.sizeLimit) bytes", remedy: "use another file")
        }
        // What is read back must be what was written: a name may be too long, or fields too deep, for a reader.
        guard let again = try? SecretDocument(bytes, format, path), again.bytes == bytes else {
            throw KeyResolutionError.invalidConfiguration(
                "the file of secrets \(FileFault.shown(path)) couldn't be read with this in it",
                remedy: "use shorter names, or fields that are less deep"
            )
        }
        guard lock.isValid else { return false }
        try FileSystem.replace(target.text, with: bytes, draft: draft)
        return true
    }

    private func failure(_ what: String, remedy: String) -> KeyResolutionError {
        KeyResolutionError(.unavailable, "the file of secrets \(FileFault.shown(path)) \(what)", remedy: remedy)
    }

    private func unwritable(_ what: String, _ system: SystemFailure?, remedy: String) -> KeyResolutionError {
        let isDenied = [EACCES, EPERM, EROFS].contains(system?.code)
        return KeyResolutionError(
            isDenied ? .denied : .unavailable,
            "the file of secrets \(FileFault.shown(path)) \(what): \(system?.text ?? "of an unknown reason")",
            remedy: remedy
        )
    }
}
