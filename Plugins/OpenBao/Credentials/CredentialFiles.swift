import KeyHooks
import LightFoundation
import Synchronization

/// Notices that a file with a credential was replaced, put right or made, without reading it.
///
/// It looks at most four times a second, so it may be asked at every read.
final class CredentialFiles: Sendable {
    static let interval = Duration.milliseconds(250)

    /// What tells two states of a file apart; nil for one that is not there.
    private struct Stamp: Equatable {
        let device: UInt64
        let number: UInt64
        let size: Int64
        let seconds: Int64
        let nanoseconds: Int64

        init?(of path: String) {
            var status = stat()
            // A link is followed: what agents write is often one.
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            number = UInt64(truncatingIfNeeded: status.st_ino)
            size = Int64(status.st_size)
            #if canImport(Darwin)
            let modified = status.st_mtimespec
            #else
            let modified = status.st_mtim
            #endif
            seconds = Int64(modified.tv_sec)
            nanoseconds = Int64(modified.tv_nsec)
        }
    }

    private struct State {
        var stamps: [Stamp?] = []
        var nextLook = Duration.zero
    }

    private let paths: [String]
    private let clock: SourceClock
    private let state = Mutex(State())

    init(_ paths: [String], _ clock: SourceClock) {
        self.paths = paths
        self.clock = clock
    }

    /// Notes how the files are, just before they are read.
    func note() {
        guard !paths.isEmpty else { return }
        let stamps = paths.map { Stamp(of: $0) }
        let next = clock.now() + Self.interval
        state.withLock { $0 = State(stamps: stamps, nextLook: next) }
    }

    /// Whether the files are others than when they were noted; false if that was looked at a moment ago.
    func haveChanged() -> Bool {
        guard !paths.isEmpty else { return false }
        let now = clock.now()
        return state.withLock { state in
            guard now >= state.nextLook else { return false }
            state.nextLook = now + Self.interval
            return state.stamps != paths.map { Stamp(of: $0) }
        }
    }
}
