import LightFoundation

/// The file in which the user's decisions about plugins and configurations are kept.
///
/// A program names the file to what looks for plugins; it has no calls to decide with. Configurations are trusted with
/// `keyhooks trust`, plugins with `keyhooks plugins trust` or by the directory that found them.
///
/// It is replaced whole, and under a lock, so that programs that write at the same time lose nothing. Nobody else may
/// be able to change it: such a file is refused, and until that is fixed no plugin runs and no found configuration is
/// obeyed.
package struct TrustStore: Sendable {
    /// The file.
    package let path: String

    /// Names a file; it need not exist.
    ///
    /// - Parameter path: The file.
    package init(path: String) { self.path = path }

    /// Names `plugins-state.json` in the user's configuration folder.
    ///
    /// - Parameter environment: Where `XDG_CONFIG_HOME` and `HOME` are taken from. Without an absolute path in either
    ///   the home folder is the one that the system knows of; if it knows none, there is no store.
    package init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let folder = KeyConfiguration.userFolder(environment) else { return nil }
        self.init(path: "\(folder)/plugins-state.json")
    }

    private static let sizeLimit = 4 << 20

    /// The folder that the file lies in.
    package var folder: FilePath { FilePath(path).folder }

    /// What was decided so far; nothing if there is no file yet.
    package func read() throws(FileFault) -> TrustDecisions {
        let status: FileStatus
        do {
            status = try FileStatus(of: path)
        } catch {
            if FileSystem.isAbsent(FilePath(path)) { return TrustDecisions() }
            throw fault("cannot be looked at: \(error.text)", remedy: "see who may read it")
        }
        guard status.kind == .file else { throw fault("isn't a regular file", remedy: "move it away") }
        try refuseIfOpen([folder, FilePath(path)])
        return try decoded()
    }

    /// Refuses places that somebody else could change.
    private func refuseIfOpen(_ places: [FilePath]) throws(FileFault) {
        for place in places {
            // Of a link what it leads to is what counts.
            let place = (try? FileSystem.canonicalPath(of: place.text)).map { FilePath($0) } ?? place
            if let fault = (FileFault.faults(of: place) + FileFault.faults(above: place)).first { throw fault }
        }
    }

    /// Changes what was decided, after whoever is changing it now.
    ///
    /// `patience` says how long that one is waited for.
    package func update(
        waitingFor patience: Duration = .seconds(10),
        _ change: (inout TrustDecisions) -> Void
    ) throws(FileFault) {
        do {
            try FileSystem.makeFolder(folder.text)
            try refuseIfOpen([folder])
            let lock = try FileLock(path + ".lock", waitingFor: patience)
            var state = try read()
            let old = state
            change(&state)
            if state != old {
                let bytes = try Self.encoded(state)
                // What could not be read again would take all decisions away.
                guard bytes.count <= Self.sizeLimit else {
                    throw fault("would get too large", remedy: "untrust what you no longer use")
                }
                try FileSystem.replace(path, with: bytes)
            }
            _ = consume lock
        } catch let error as FileFault {
            throw error
        } catch FileLock.Failure.busy {
            throw fault("is being changed by another program", remedy: "try again when that one has ended")
        } catch FileLock.Failure.system(let failure) {
            throw fault("cannot be locked: \(failure.text)", remedy: "see who may write to its folder")
        } catch {
            let why = (error as? SystemFailure).map { ": \($0.text)" } ?? ""
            throw fault("cannot be written\(why)", remedy: "see who may write to its folder")
        }
    }

    private func decoded() throws(FileFault) -> TrustDecisions {
        let remedy = "delete the file, then trust and disable plugins anew"
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(path, limit: Self.sizeLimit).bytes
        } catch {
            throw fault(error.message, remedy: remedy)
        }
        do {
            return try JSONDecoder().decode(TrustDecisions.self, from: Data(bytes))
        } catch is TrustDecisions.OtherVersion {
            throw fault("was written by another version of this program", remedy: "use that version, or \(remedy)")
        } catch {
            throw fault("is damaged", remedy: remedy)
        }
    }

    private func fault(_ what: String, remedy: String) -> FileFault {
        FileFault("\(FileFault.shown(path)) \(what)", remedy: remedy)
    }

    private static func encoded(_ state: TrustDecisions) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(state)) + [UInt8(ascii: "\n")]
    }
}
