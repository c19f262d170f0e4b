import Synchronization

/// A set of hooks and observers that is registered as a whole or not at all.
///
/// You are given one by ``HookRegistry/register(_:)``. The parameters that all methods share:
///
/// - `id`: `plugin` or `plugin/hook`, unique for the point.
/// - `filter`: for which calls it is run; nil for all.
/// - `priority`: lower runs first.
/// - `before`, `after`: ids of hooks or plugins that it must precede or follow; ids that are not registered have no
///   effect. They count more than priorities.
/// - `onFailure`: what becomes of the call if the hook throws; nil means ``FailurePolicy/fail`` for a start half and
///   ``FailurePolicy/continue`` for an end half.
/// - `deadline`: how long a half that may wait has before its task is cancelled and it counts as failed. It is
///   cooperative: code that ignores its cancellation is waited for. Halves that cannot wait cannot be interrupted, so
///   they take none.
///
/// A closure that contains no `await` is registered as one that cannot wait. That is the cheaper kind.
public struct HookBundle: Sendable {
    /// The priority of hooks that name none.
    public static let defaultPriority = 100

    var hooks: [(point: PointKey, hook: any AnyHook)] = []
    var observers: [CallObserver] = []
    var attachments: [HookAttachment] = []
    let clock: AnyClock

    /// Adds an observer of every call, on any point of the registry, in which hooks or observers take part.
    ///
    /// - Parameter observe: Is shown the value-free record of a call after the call is over. It runs on the caller's
    ///   time, so hand on what takes long.
    public mutating func observe(_ observe: @escaping @Sendable (CallRecord) -> Void) {
        observers.append(CallObserver(observe))
    }

    /// Adds a value for whoever asks the registry for values of its type, such as a plugin's cache.
    ///
    /// - Parameters:
    ///   - value: The value; found by ``HookRegistry/attachments(of:)``.
    ///   - id: Whose it is: `plugin` or `plugin/hook`. A derived registry that disables or does not ask this id does
    ///     not show the value. One id may have several values.
    public mutating func attach(_ value: any Sendable, for id: HookID) {
        attachments.append(HookAttachment(id: id, value: value))
    }

    /// The ids of the hooks in the order in which they were added.
    package var ids: [HookID] { hooks.map(\.hook.constraints.id) }

    mutating func add(_ hook: any AnyHook, at point: PointKey) {
        hooks.append((point, hook))
    }

    func limited<Call: Sendable>(
        _ deadline: Duration?,
        _ action: @escaping @Sendable (inout Call) async throws -> Void
    ) -> @Sendable (inout Call) async throws -> Void {
        guard let deadline else { return action }
        return { [clock] call in try await withDeadline(deadline, clock: clock, &call, action) }
    }
}

/// A value that a bundle brought.
final class HookAttachment: Sendable {
    let id: HookID
    let value: any Sendable

    init(id: HookID, value: any Sendable) {
        self.id = id
        self.value = value
    }
}

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
