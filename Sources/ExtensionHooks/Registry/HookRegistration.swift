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

/// A set of hooks was refused; nothing of it was registered.
public struct HookRegistrationError: ValueFreeError, Hashable {
    /// The kind of a ``HookRegistrationError``; more kinds may come.
    public struct Code: Hashable, Sendable {
        fileprivate enum Storage: Hashable, Sendable {
            case invalidID
            case duplicateID
            case cycle
        }

        fileprivate let storage: Storage

        /// An id is not of the form `plugin` or `plugin/hook`.
        public static var invalidID: Self { Self(storage: .invalidID) }

        /// The point has a hook with this id already.
        public static var duplicateID: Self { Self(storage: .duplicateID) }

        /// The `before:` and `after:` of some hooks contradict each other.
        public static var cycle: Self { Self(storage: .cycle) }
    }

    /// The kind of mistake.
    public let code: Code

    /// The name of the point.
    public let point: String

    /// The hooks concerned; for a cycle in order, the first again at the end.
    public let hooks: [HookID]

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        let names = hooks.map { "'\($0)'" }
        switch code.storage {
        case .invalidID:
            return "\(names.joined(separator: ", ")) isn't a hook id: use letters, digits, '.', '_' and '-', "
                + "as 'plugin' or 'plugin/hook'"
        case .duplicateID:
            return "'\(point)' has a hook \(names.joined(separator: ", ")) already: "
                + "register it once, or under another id"
        case .cycle:
            return "the order of the hooks of '\(point)' is a cycle: \(names.joined(separator: " before ")); "
                + "drop one of their before: or after:"
        }
    }
}
