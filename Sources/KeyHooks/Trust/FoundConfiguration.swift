/// A `keyhooks.json` that was found in a folder, which is obeyed only as the user trusted it.
package struct FoundConfiguration: Sendable {
    /// How the user's decision stands to the file.
    package enum Trust: Hashable, Sendable {
        case never
        case changed(since: TrustDecisions.Configuration)
        case trusted
    }

    /// The file, as it was named.
    package let path: String

    /// The file, in a folder without links.
    package let place: FilePath

    /// What is in it.
    package let bytes: [UInt8]

    /// The SHA-256 of that.
    package let fingerprint: String

    /// Reads the file once; what is compared with the user's decision and what is obeyed are the same bytes.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` if it can't be read safely.
    package init(_ path: String) throws(KeyResolutionError) {
        self.path = path
        bytes = try KeyConfiguration.bytes(of: path)
        fingerprint = SHA256.hexadecimal(of: bytes)
        place = Self.place(of: FilePath(path))
    }

    /// Where a file is that may be a link, in a folder without links.
    package static func place(of file: FilePath) -> FilePath {
        FileSystem.likelyPath(of: file.folder).appending(file.name)
    }

    /// What the user decided.
    package func trust(in decisions: TrustDecisions) -> Trust {
        guard let record = decisions.configuration(at: place) else { return .never }
        return record.sha256 == fingerprint ? .trusted : .changed(since: record)
    }

    /// Makes sure that the user trusts the file as it is.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that says how to look at it.
    func checkTrust(in store: TrustStore?) throws(KeyResolutionError) {
        guard let store else {
            throw .invalidConfiguration(
                "\(place) was found, and there is no folder in which your trust in it could be recorded",
                remedy: "set HOME or XDG_CONFIG_HOME, or name the file by --config or KEYHOOKS_CONFIG"
            )
        }
        let decisions: TrustDecisions
        do {
            decisions = try store.read()
        } catch {
            throw KeyResolutionError(error)
        }
        // In another folder than the working directory the command has to name the file.
        let argument = FilePath(path).folder.text == "." ? "" : " \(FileFault.quoted(place.text))"
        let ways = "(a server names its file in KEYHOOKS_CONFIG instead), then: keyhooks trust\(argument)"
        let (fault, what) =
            switch trust(in: decisions) {
            case .trusted: ("", "")
            case .never: ("was found in this folder and you haven't trusted it", "it would do")
            case .changed: ("changed since you trusted it", "changed")
            }
        guard !fault.isEmpty else { return }
        throw .invalidConfiguration(
            "\(place) \(fault), so it isn't obeyed",
            remedy: "see what \(what) with 'keyhooks trust --show\(argument)' \(ways)"
        )
    }
}

extension TrustStore {
    /// Records that a configuration is obeyed as it is now, in place of what was decided about it before.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - effects: What it does, in words, as far as that is to be kept.
    /// - Throws: Why that can't be kept.
    package func trust(_ file: FoundConfiguration, effects: [String]) throws(FileFault) {
        let record = TrustDecisions.Configuration(path: file.place.text, sha256: file.fingerprint, effects: effects)
        try update { decisions in
            decisions.configurations.removeAll { FilePath($0.path) == file.place }
            decisions.configurations.append(record)
        }
    }

    /// Takes the trust in a configuration back; the file may be gone.
    ///
    /// - Parameter place: The file, in a folder without links.
    /// - Returns: Whether there was any.
    /// - Throws: Why that can't be kept.
    package func untrust(_ place: FilePath) throws(FileFault) -> Bool {
        guard try read().configuration(at: place) != nil else { return false }
        try update { $0.configurations.removeAll { FilePath($0.path) == place } }
        return true
    }
}
