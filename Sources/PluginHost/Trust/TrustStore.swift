public import Foundation
import KeyHooks

/// The file in which the user's decisions about plugins are kept.
///
/// It is replaced whole, and under a lock, so that programs that write at the same time lose nothing. Nobody else may be
/// able to change it: such a file is refused, and until that is mended no plugin runs.
public struct TrustStore: Sendable {
    /// The file.
    public let path: String

    /// Names a file; it need not exist.
    ///
    /// - Parameter path: The file.
    public init(path: String) {
        self.path = path
    }

    /// Names `plugins-state.json` in the user's configuration folder.
    ///
    /// - Parameter environment: Where `XDG_CONFIG_HOME` and `HOME` are taken from; without them there is no such folder.
    public init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let folder = KeyConfiguration.userFolder(environment) else { return nil }
        self.init(path: "\(folder)/plugins-state.json")
    }

    /// What was decided so far; nothing if there is no file yet.
    func read() throws(PluginManagementError) -> PluginState {
        do {
            guard try FileStatus(of: path).kind == .file else {
                throw PluginManagementError.store(path, "is no regular file", remedy: "move it away")
            }
        } catch let error as PluginManagementError {
            throw error
        } catch let failure as SystemFailure {
            if failure.isMissing { return PluginState() }
            throw .store(path, "cannot be looked at: \(failure.text)", remedy: "see who may read it")
        } catch {
            preconditionFailure("nothing else is thrown above")
        }
        try refuseIfOpen([folder, path])
        return try decoded()
    }

    /// Refuses places that somebody else could change.
    private func refuseIfOpen(_ places: [String]) throws(PluginManagementError) {
        for place in places {
            // Of a link what it leads to is what counts.
            let place = (try? FileSystem.canonicalPath(of: place)) ?? place
            if let fault = FolderTree.faults(ofFolder: place).first {
                throw PluginManagementError(.storeUnusable, fault.reason, remedy: fault.remedy)
            }
        }
    }

    /// Changes what was decided, after whoever is changing it now.
    func update(_ change: (inout PluginState) -> Void) throws(PluginManagementError) {
        do {
            try FileSystem.makeFolder(folder)
            try refuseIfOpen([folder])
            let lock = try FileLock(path + ".lock")
            var state = try read()
            let old = state
            change(&state)
            if state != old { try FileSystem.replace(path, with: Self.encoded(state)) }
            _ = consume lock
        } catch let error as PluginManagementError {
            throw error
        } catch FileLock.Failure.busy {
            throw .store(path, "is being changed by another program", remedy: "try again when that one has ended")
        } catch FileLock.Failure.system(let failure) {
            throw .store(path, "cannot be locked: \(failure.text)", remedy: "see who may write to its folder")
        } catch let failure as SystemFailure {
            throw .store(path, "cannot be written: \(failure.text)", remedy: "see who may write to its folder")
        } catch {
            throw .store(path, "cannot be written", remedy: "see who may write to its folder")
        }
    }

    private var folder: String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.joined(separator: "/")
        return folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    }

    private func decoded() throws(PluginManagementError) -> PluginState {
        let remedy = "delete the file, then trust and disable plugins anew"
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(path, limit: 4 << 20).bytes
        } catch {
            throw .store(path, error.message, remedy: remedy)
        }
        guard let state = try? JSONDecoder().decode(PluginState.self, from: Data(bytes)) else {
            throw .store(path, "is damaged", remedy: remedy)
        }
        guard state.version == PluginState.version else {
            throw .store(
                path,
                "was written by another version of this program",
                remedy: "use that version, or \(remedy)"
            )
        }
        return state
    }

    private static func encoded(_ state: PluginState) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(state)) + [UInt8(ascii: "\n")]
    }
}
