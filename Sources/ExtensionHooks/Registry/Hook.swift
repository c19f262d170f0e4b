/// A registered hook of any point, as far as the registry needs to know it.
protocol AnyHook: AnyObject, Sendable {
    var rule: PlacementRule { get }
    var phases: [HookPhase] { get }

    /// The same hook as another object, for threads that are not to share reference counts.
    func copy() -> any AnyHook
}

/// A registered hook, typed by what its halves do.
///
/// `Start` and `End` are ``HookAction`` for an asynchronous point and plain closures for a synchronous one.
@usableFromInline
final class Hook<Start: Sendable, End: Sendable>: AnyHook {
    @usableFromInline let id: HookID
    @usableFromInline let start: Start?
    /// What is run where the start half could not do without waiting; apart, so that most calls need not touch it.
    @usableFromInline let otherwise: Start?
    @usableFromInline let end: End?
    @usableFromInline let startPolicy: FailurePolicy
    @usableFromInline let endPolicy: FailurePolicy
    let rule: PlacementRule

    private init(copying other: Hook) {
        id = other.id
        rule = other.rule
        start = other.start
        otherwise = other.otherwise
        end = other.end
        startPolicy = other.startPolicy
        endPolicy = other.endPolicy
    }

    func copy() -> any AnyHook { Hook(copying: self) }

    init(rule: PlacementRule, onFailure: FailurePolicy?, start: Start? = nil, otherwise: Start? = nil, end: End? = nil)
    {
        id = rule.id
        self.rule = rule
        self.start = start
        self.otherwise = otherwise
        self.end = end
        startPolicy = onFailure ?? .fail
        endPolicy = onFailure ?? .continue
    }

    var phases: [HookPhase] { (start == nil ? [] : [.start]) + (end == nil ? [] : [.end]) }
}

/// What one half of a hook of an asynchronous point does with the call.
@usableFromInline
enum HookAction<Call: Sendable>: Sendable {
    /// A closure that never waits.
    ///
    /// It cannot await an asynchronous point and cannot be interrupted, so it is run without the precautions for
    /// either; ``HookSite/callWithoutWaiting(_:body:)``, which it can call, takes its own.
    case immediate(@Sendable (inout Call) throws -> Void)

    /// A closure that may wait.
    case suspending(@Sendable (inout Call) async throws -> Void)

    /// A closure that never waits and says whether it is done; ``Hook/otherwise`` is for where it is not.
    case attempting(@Sendable (inout Call) throws -> Bool)
}

extension HookAction {
    /// Whether it is a closure that may wait.
    @usableFromInline var mayWait: Bool {
        @inlinable get { if case .suspending = self { true } else { false } }
    }
}

@usableFromInline
typealias AsyncHook<Arguments: Sendable, Output: Sendable> = Hook<
    HookAction<StartCall<Arguments, Output>>, HookAction<EndCall<Arguments, Output>>
>

@usableFromInline
typealias SynchronousHook<Arguments: Sendable, Output: Sendable> = Hook<
    @Sendable (inout StartCall<Arguments, Output>) throws -> Void,
    @Sendable (inout EndCall<Arguments, Output>) throws -> Void
>

extension Hook {
    /// The closure of the start half that may wait, if there is one.
    @inlinable
    func waitingStart<Call>() -> (@Sendable (inout Call) async throws -> Void)? where Start == HookAction<Call> {
        if case .suspending(let action)? = start { return action }
        if case .suspending(let action)? = otherwise { return action }
        return nil
    }
}
