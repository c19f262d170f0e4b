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
    private func document() throws(KeyResolutionError) -> SecretDocument {
        removeDraft()
        var bytes: [UInt8] = []
        do {
            bytes = try FileReading.read(path, limit: Self.sizeLimit, believing: true).bytes
        } catch .missing {
            // The first write makes it. A folder that is gone, such as one that isn't mounted, is something else.
            let folder = FileSystem.likelyPath(of: FilePath(path)).folder.text
            guard (try? FileStatus(of: folder, followsLinks: true)) != nil else {
                throw failure("isn't there, nor is its folder", remedy: "mount or make \(FileFault.shown(folder))")
            }
        } catch {
            throw error.error(for: path, remedy: "correct the path of the file of secrets")
        }
        return try SecretDocument(bytes, format, path)
    }

    /// The file itself: a link is kept, and what it leads to is replaced.
    private var target: FilePath { FileSystem.likelyPath(of: FilePath(path)) }

    private var lockPath: String { target.text + ".lock" }

    private var draft: String { target.text + ".new" }

    /// Removes what is left of a write that was killed, as it has all secrets in it.
    private func removeDraft() {
        let draft = draft
        guard access(draft, F_OK) == 0, let lock = try? FileLock(lockPath, waitingFor: .zero) else { return }
        unlink(draft)
        _ = consume lock
    }

    /// Changes the file after whoever is changing it now.
    private func change(
        _ change: (inout SecretDocument) throws(KeyResolutionError) -> Void
    ) async throws {
        let target = target
        do {
            try FileSystem.makeFolder(target.folder.text)
            let lock = try await FileLock.waiting(for: lockPath)
            // Whoever had the lock before may have been killed.
            unlink(draft)
            var document = try document()
            let old = document.bytes
            try change(&document)
            let bytes = document.bytes
            if bytes != old {
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
                try FileSystem.replace(target.text, with: bytes, draft: draft)
            }
            _ = consume lock
        } catch let error as KeyResolutionError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch FileLock.Failure.busy {
            throw failure("is being written by another program", remedy: "try again when that one has ended")
        } catch FileLock.Failure.system(let system) {
            throw failure("can't be locked: \(system.text)", remedy: "see who may write to its folder")
        } catch {
            let words = (error as? SystemFailure)?.text ?? "of an unknown reason"
            throw failure("can't be written: \(words)", remedy: "see who may write to its folder, and if there is room")
        }
    }

    private func failure(_ what: String, remedy: String) -> KeyResolutionError {
        KeyResolutionError(.unavailable, "the file of secrets \(FileFault.shown(path)) \(what)", remedy: remedy)
    }
}
