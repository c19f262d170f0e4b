/// A registered hook of any point, as far as the registry needs to know it.
protocol AnyHook: AnyObject, Sendable {
    var constraints: HookConstraints { get }
    var phases: [HookPhase] { get }

    /// The same hook as another object, for threads that are not to share reference counts.
    func copy() -> any AnyHook

    /// Why the hook's filter keeps it from running for some arguments of its point; nil if it does not.
    func exclusion<Arguments>(for arguments: Arguments) -> String?
}

/// A registered hook, of an asynchronous or a synchronous point; those of the latter are all immediate.
@usableFromInline
final class Hook<Arguments: Sendable, Output: Sendable>: AnyHook {
    @usableFromInline typealias StartAction = HookAction<StartCall<Arguments, Output>>
    @usableFromInline typealias EndAction = HookAction<EndCall<Arguments, Output>>

    @usableFromInline let id: HookID
    /// Whether the filter says when the start half runs; a byte to look at, where the filter is five words.
    @usableFromInline let isStartFiltered: Bool
    @usableFromInline let filter: HookFilter<Arguments>?
    @usableFromInline let start: StartAction?
    /// What is run where the start half could not do without waiting; apart, so that most calls need not touch it.
    @usableFromInline let startAfterAttempt: StartAction?
    @usableFromInline let end: EndAction?
    @usableFromInline let startPolicy: FailurePolicy
    @usableFromInline let endPolicy: FailurePolicy
    let constraints: HookConstraints

    init(
        _ constraints: HookConstraints,
        filter: HookFilter<Arguments>?,
        onFailure: FailurePolicy?,
        start: StartAction? = nil,
        startAfterAttempt: StartAction? = nil,
        end: EndAction? = nil
    ) {
        id = constraints.id
        self.constraints = constraints
        self.filter = filter
        isStartFiltered = filter != nil && start != nil
        self.start = start
        self.startAfterAttempt = startAfterAttempt
        self.end = end
        startPolicy = onFailure ?? .fail
        endPolicy = onFailure ?? .continue
    }

    private init(copying other: Hook) {
        id = other.id
        constraints = other.constraints
        filter = other.filter
        isStartFiltered = other.isStartFiltered
        start = other.start
        startAfterAttempt = other.startAfterAttempt
        end = other.end
        startPolicy = other.startPolicy
        endPolicy = other.endPolicy
    }

    func copy() -> any AnyHook { Hook(copying: self) }

    var phases: [HookPhase] { (start == nil ? [] : [.start]) + (end == nil ? [] : [.end]) }

    func exclusion<Asked>(for arguments: Asked) -> String? {
        guard let filter, let arguments = arguments as? Arguments, let phase = phases.first else { return nil }
        return filter.matches(arguments, phase) ? nil : filter.description
    }

    /// Whether the filter keeps the start half from running.
    @inlinable
    func isStartExcluded(by arguments: Arguments) -> Bool {
        guard isStartFiltered, let filter else { return false }
        return !filter.matches(arguments, .start)
    }

    /// The closure of the start half that may wait, if there is one.
    @usableFromInline var waitingStart: (@Sendable (inout StartCall<Arguments, Output>) async throws -> Void)? {
        @inlinable get {
            if case .suspending(let action)? = start { return action }
            if case .suspending(let action)? = startAfterAttempt { return action }
            return nil
        }
    }
}

/// What one half of a hook does with the call.
@usableFromInline
enum HookAction<Call: Sendable>: Sendable {
    /// A closure that never waits.
    ///
    /// It cannot await an asynchronous point and cannot be interrupted, so it is run without the precautions for
    /// either; ``HookSite/callWithoutWaiting(_:body:)``, which it can call, takes its own.
    case immediate(@Sendable (inout Call) throws -> Void)

    /// A closure that may wait.
    case suspending(@Sendable (inout Call) async throws -> Void)

    /// A closure that never waits and says whether it is done; ``Hook/startAfterAttempt`` is for where it is not.
    case attempting(@Sendable (inout Call) throws -> Bool)
}

extension HookAction {
    /// Whether it is a closure that may wait.
    var mayWait: Bool {
        if case .suspending = self { true } else { false }
    }
}
