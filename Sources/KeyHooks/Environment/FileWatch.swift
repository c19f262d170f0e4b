import LightFoundation
import Synchronization

/// Tells whether a file was changed since it was read, for the price of one question to the system.
final class FileWatch: Sendable {
    /// How long after a change another one may have the same time: clocks of file systems tick up to every 10 ms.
    private static let tick = 0.1

    private struct State {
        /// What differs once the file was changed or replaced, with links followed; nil if no file is there.
        let status: FileStatus?
        /// Whether any change since shows.
        let isSure: Bool
    }

    private let path: String
    private let state: Mutex<State>

    /// Looks at a file that is about to be read.
    init(_ path: String) {
        self.path = path
        state = Mutex(Self.look(path))
    }

    private static func look(_ path: String) -> State {
        let status = status(of: path)
        let isFresh = status.map { Date().timeIntervalSince1970 - $0.lastChange <= tick } ?? false
        return State(status: status, isSure: !isFresh)
    }

    private static func status(of path: String) -> FileStatus? { try? FileStatus(of: path, followsLinks: true) }

    /// Whether the file may have been changed since it was read.
    ///
    /// One that was read just after it was changed may have been changed again without a trace.
    var hasChanged: Bool {
        let known = state.withLock { $0 }
        let status = Self.status(of: path)
        if let status, let known = known.status, status.kind != .file, status.kind == known.kind {
            // What was read from a pipe comes once: those who ask for it anew say so by a reload.
            return !status.isSameFile(as: known)
        }
        return !known.isSure || status != known.status
    }

    /// Takes over when a file was read again that says what it said before.
    func take(_ newer: FileWatch) {
        let state = newer.state.withLock { $0 }
        self.state.withLock { $0 = state }
    }
}
