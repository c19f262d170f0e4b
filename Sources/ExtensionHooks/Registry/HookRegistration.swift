import Synchronization

/// A token for a set of hooks and observers that were registered together.
///
/// Dropping the token does not unregister anything, since a hook that guards something must not vanish by accident.
public final class HookRegistration: Sendable {
    private let cancellation: Mutex<(@Sendable () -> Void)?>

    init(cancellation: @escaping @Sendable () -> Void) {
        self.cancellation = Mutex(cancellation)
    }

    /// Takes the set away.
    ///
    /// Calls that are running go on with it; a second cancellation does nothing.
    public func cancel() {
        let cancel = cancellation.withLock { stored in
            defer { stored = nil }
            return stored
        }
        cancel?()
    }
}
