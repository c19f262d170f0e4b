import LightFoundation
import Synchronization

/// Tells whether a file was changed since it was read, for the price of one question to the system.
final class FileWatch: Sendable {
    /// What differs once a file was changed or replaced; links are followed.
    private struct Stamp: Equatable {
        let device: UInt64
        let number: UInt64
        let kind: UInt32
        /// The owner, the size, and the times of the last change to the contents and to anything else.
        var details: [Int64] = []

        /// When it was changed last, in seconds since 1970.
        var changed = 0.0

        /// Nil if no file is there.
        init?(of path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            number = UInt64(truncatingIfNeeded: status.st_ino)
            kind = UInt32(status.st_mode & S_IFMT)
            // What was read from a pipe comes once: those who ask for it anew say so by a reload.
            guard status.st_mode & S_IFMT == S_IFREG else { return }
            #if canImport(Darwin)
            let times = [status.st_mtimespec, status.st_ctimespec]
            #else
            let times = [status.st_mtim, status.st_ctim]
            #endif
            details = [Int64(status.st_uid), Int64(status.st_size)]
            for time in times {
                details += [Int64(time.tv_sec), Int64(time.tv_nsec)]
                changed = max(changed, Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
            }
        }
    }

    /// How long after a change another one may have the same time: clocks of file systems tick up to every 10 ms.
    private static let tick = 0.1

    private struct State {
        let stamp: Stamp?
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
        let stamp = Stamp(of: path)
        return State(stamp: stamp, isSure: stamp.map { Date().timeIntervalSince1970 - $0.changed > tick } ?? true)
    }

    /// Whether the file may have been changed since it was read.
    ///
    /// One that was read just after it was changed may have been changed again without a trace.
    var hasChanged: Bool {
        let known = state.withLock { $0 }
        return !known.isSure || Stamp(of: path) != known.stamp
    }

    /// Takes over when a file was read again that says what it said before.
    func take(_ newer: FileWatch) {
        let state = newer.state.withLock { $0 }
        self.state.withLock { $0 = state }
    }
}
