import Synchronization

/// A token for a set of hooks and observers that were registered together.
///
/// Dropping the token does not unregister anything, since a hook that guards something must not vanish by accident.
public final class HookRegistration: Sendable {
    private struct Place: Sendable {
        let node: Int
        weak let family: RegistryFamily?
    }

    private let place: Place
    /// Nil once it is cancelled.
    private let bundle: Mutex<HookBundle?>

    init(of bundle: HookBundle, in node: Int, of family: RegistryFamily) {
        place = Place(node: node, family: family)
        self.bundle = Mutex(bundle)
    }

    /// Takes the set away.
    ///
    /// Calls that are running go on with it; a second cancellation does nothing.
    public func cancel() {
        let old = bundle.withLock { stored in
            defer { stored = nil }
            return stored
        }
        if let old { place.family?.remove(old, from: place.node) }
    }

    /// Puts another set in the place of this one, in one step: no call sees both or neither.
    ///
    /// Calls that are running go on with the old set. The token then stands for the new one.
    ///
    /// - Parameter build: Adds the hooks of the new set to the bundle it is given.
    /// - Returns: False if the registration was cancelled or its registry is gone; then nothing was registered.
    /// - Throws: A ``HookRegistrationError``, or what `build` throws; then the old set is still there.
    @discardableResult
    public func replace(_ build: (inout HookBundle) throws -> Void) throws -> Bool {
        guard let family = place.family else { return false }
        var new = HookBundle(clock: family.settings.clock)
        try build(&new)
        let replaced = try bundle.withLock { stored -> HookBundle? in
            guard let old = stored else { return nil }
            try family.replace(old, with: new, in: place.node)
            stored = new
            return old
        }
        // Kept until here so that no hook is released while the lock is held.
        return replaced != nil
    }
}
