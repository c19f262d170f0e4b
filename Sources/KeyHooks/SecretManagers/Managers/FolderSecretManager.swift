public import LightFoundation

/// A folder of files as a secret manager: the name of a secret is the path of a file in the folder.
///
/// It is what Docker, Kubernetes and systemd make: `/run/secrets`, a mounted `Secret` whose files are links into
/// `..data`, `$CREDENTIALS_DIRECTORY`. A file is one text without the one line end at its end. A link that leads out of
/// the folder is refused, whatever made it.
public struct FolderSecretManager: Sendable {
    /// The folder.
    public let path: String

    /// The largest file; a service account's JSON is a few kilobytes.
    private static let sizeLimit = 1 << 20
    private static let advice = "put a file there that holds the secret alone"

    /// Names a folder; it is looked at whenever a secret is asked for.
    ///
    /// - Parameter path: The folder; a relative one counts from the working directory of the process as it is now.
    public init(_ path: String) {
        self.path = WrittenPath.absolute(path)
    }

    /// Names the folder that systemd hands to a service for its `LoadCredential=`.
    ///
    /// - Parameter environment: Where `CREDENTIALS_DIRECTORY` is taken from; nil is returned if it isn't set.
    public init?(credentialsOf environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let path = environment["CREDENTIALS_DIRECTORY"], path.hasPrefix("/") else { return nil }
        self.init(path)
    }
}

extension FolderSecretManager: ListableSecretManager, HealthCheckable, ConfigurationValidating {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func secret(_ name: SecretName, _ options: SecretOptions) throws(KeyResolutionError) -> StoredSecret? {
        try options.refuseVersion()
        try options.refuseParameters()
        // What no file can be called isn't there.
        guard name.rawValue.split(separator: "/").allSatisfy({ $0.utf8.count <= 255 }) else {
            _ = try folder()
            return nil
        }
        let place = FilePath(path).appending(name.rawValue)
        // Kubernetes swaps `..data` at any moment, and removes what it led to.
        for _ in 0..<5 {
            let folder = try folder()
            do throws(FileReading.Failure) {
                return StoredSecret(.text(try text(at: place, in: folder)))
            } catch {
                guard case .missing = error else { throw error.error(for: place.text, remedy: Self.advice) }
                if FileSystem.isAbsent(place) { return nil }
            }
        }
        throw FileReading.Failure.leadsNowhere(try? FileSystem.target(ofLink: place.text))
            .error(for: place.text, remedy: Self.advice)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func list(
        _ prefix: String,
        after page: String?,
        _ options: SecretOptions
    ) throws(KeyResolutionError) -> SecretPage {
        try options.refuseParameters()
        let folder = try folder()
        var found: [String] = []
        do {
            try collect(below: "", of: folder, depth: 0, into: &found)
        } catch {
            throw unavailable("can't be listed: \(error.text)")
        }
        return SecretPage(of: found.compactMap { try? SecretName($0) }, from: prefix)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func health(_ options: SecretOptions) -> SecretManagerHealth {
        do {
            _ = try folder()
            return .healthy
        } catch {
            return .unreachable(error.message)
        }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func configurationMistakes() -> [String] {
        do {
            _ = try folder()
            return []
        } catch {
            return [error.description]
        }
    }
}

extension FolderSecretManager {
    /// The folder without links; one that isn't there is not an empty one: somebody counts on it.
    private func folder() throws(KeyResolutionError) -> FilePath {
        let folder: FilePath
        do {
            folder = FilePath(try FileSystem.canonicalPath(of: path))
        } catch {
            throw unavailable(error.isMissing ? "isn't there" : "can't be looked at: \(error.text)")
        }
        guard (try? FileStatus(of: folder.text))?.kind == .folder else { throw unavailable("isn't a folder") }
        return folder
    }

    /// What a file says, without the one line end at its end.
    private func text(at place: FilePath, in folder: FilePath) throws(FileReading.Failure) -> String {
        let file: FilePath
        do {
            file = FilePath(try FileSystem.canonicalPath(of: place.text))
        } catch {
            throw error.isMissing ? .missing : .system(error.text)
        }
        guard file.isInside(folder), file != folder else {
            throw .unsafe(
                FileFault(
                    "\(place) leads out of its folder",
                    remedy: "remove the link: rm \(FileFault.quoted(place.text))"
                )
            )
        }
        var bytes =
            try FileReading.read(file.text, limit: Self.sizeLimit, believing: true, ofAnyOwner: true, inside: folder)
            .bytes[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .system("it isn't UTF-8") }
        return text
    }

    /// The names of the files below a folder; what begins with `..` is Kubernetes' own.
    private func collect(
        below name: String,
        of folder: FilePath,
        depth: Int,
        into found: inout [String]
    ) throws(SystemFailure) {
        for case let entry? in try FileSystem.names(in: folder.appending(name).text) where !entry.hasPrefix("..") {
            let name = name.isEmpty ? entry : "\(name)/\(entry)"
            let place = folder.appending(name)
            switch (try? FileStatus(of: place.text, followsLinks: true))?.kind {
            case .file?:
                let target = try? FileSystem.canonicalPath(of: place.text)
                if target.map({ FilePath($0).isInside(folder) }) == true { found.append(name) }
            case .folder? where depth < 64 && (try? FileStatus(of: place.text))?.kind == .folder:
                try collect(below: name, of: folder, depth: depth + 1, into: &found)
            default: break
            }
        }
    }

    private func unavailable(_ what: String) -> KeyResolutionError {
        KeyResolutionError(
            .unavailable,
            "the folder of secrets \(FileFault.shown(path)) \(what)",
            remedy: "mount it, or correct the path"
        )
    }
}
