import KeyHooks
import Synchronization

/// What is odd about values that were given out all the same; each is reported once.
final class ValueRemarks: Sendable {
    private struct State {
        var all: [String] = []
        var reported = 0
    }

    /// Secrets may be named by what comes from outside.
    private static let limit = 100

    private let state = Mutex(State())

    /// Notes that a key was stored as a number, which OpenBao keeps as a 64-bit floating-point one.
    func note(roundedNumber name: String, in place: String) {
        let remark =
            "field \(name) of \(place) is a number, and OpenBao may have rounded it when it was stored; it is given as the "
            + "server wrote it. Store the key as a string, in JSON in double quotes"
        let isNew = state.withLock { state in
            guard state.all.count < Self.limit, !state.all.contains(remark) else { return false }
            state.all.append(remark)
            return true
        }
        if isNew { CacheCrowding.announce() }
    }

    /// All remarks so far.
    var all: [String] { state.withLock(\.all) }

    /// The remarks that nobody got yet.
    func takeNew() -> [String] {
        state.withLock { state in
            defer { state.reported = state.all.count }
            return Array(state.all[state.reported...])
        }
    }
}
