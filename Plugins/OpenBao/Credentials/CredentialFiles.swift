import KeyHooks
import Synchronization

/// Notices that a file with a credential was replaced, put right or made, without reading it.
///
/// It looks at most four times a second, so it may be asked at every read.
final class CredentialFiles: Sendable {
    static let interval = Duration.milliseconds(250)

    private struct State {
        /// Nil for one that is not there.
        var files: [FileStatus?] = []
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
        let new = State(files: look(), nextLook: clock.now() + Self.interval)
        state.withLock { $0 = new }
    }

    /// Whether the files are others than when they were noted; false if that was looked at a moment ago.
    func haveChanged() -> Bool {
        guard !paths.isEmpty else { return false }
        let now = clock.now()
        return state.withLock { state in
            guard now >= state.nextLook else { return false }
            state.nextLook = now + Self.interval
            return state.files != look()
        }
    }

    /// How the files are; a link is followed, since what agents write is often one.
    private func look() -> [FileStatus?] { paths.map { try? FileStatus(of: $0, followsLinks: true) } }
}
