import Synchronization

@testable import PluginHost

extension PluginSession {
    /// How many requests are known.
    var waiting: Int { state.withLock { $0.entries.count } }

    /// How many requests the plugin has.
    var inFlight: Int { state.withLock(\.inFlight) }
}

extension PluginSession {
    /// Whether the plugin has said hello.
    var isReady: Bool {
        state.withLock { state in
            if case .ready = state.phase { true } else { false }
        }
    }
}
