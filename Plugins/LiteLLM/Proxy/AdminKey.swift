import KeyHooks
import Synchronization

/// The key that may make others, read when it is first needed, and again after the proxy refused it: its file may have a
/// newer one by then.
final class AdminKey: Sendable {
    let reference: SecretReference
    private let context: PluginContext
    private let state = Mutex(State())

    private struct State {
        var key: APIKey?

        /// Until when it isn't tried again.
        var refusedUntil: Duration?
    }

    init(_ reference: SecretReference, _ context: PluginContext) {
        self.reference = reference
        self.context = context
    }

    func current() throws(KeyResolutionError) -> APIKey {
        if let key = state.withLock(\.key) { return key }
        return try reread()
    }

    /// Notes that the proxy refused a key.
    func refuse(_ key: APIKey, until end: Duration) {
        state.withLock { if $0.key == key { $0.refusedUntil = end } }
    }

    /// Whether the proxy refused the key a moment ago.
    func wasRefused(at now: Duration) -> Bool { state.withLock { $0.refusedUntil.map { now < $0 } ?? false } }

    /// What is there now, if that is another one than was refused.
    func newer(than refused: APIKey) -> APIKey? {
        if let key = state.withLock(\.key), key != refused { return key }
        guard let key = try? reread(), key != refused else { return nil }
        return key
    }

    private func reread() throws(KeyResolutionError) -> APIKey {
        let key = try context.credential(at: reference, for: "LiteLLM")
        state.withLock { if $0.key != key { $0 = State(key: key) } }
        return key
    }
}
