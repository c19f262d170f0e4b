/// A registered hook of any point, as far as the registry needs to know it.
protocol AnyHook: AnyObject, Sendable {
    var constraints: HookConstraints { get }
    var phases: [HookPhase] { get }

    /// The same hook as another object, for threads that are not to share reference counts.
    func copy() -> any AnyHook

    /// Whether a filter says for which calls it is run.
    var isFiltered: Bool { get }

    /// The same hook without a filter.
    func unfiltered() -> any AnyHook

    /// Why the hook's filter keeps it from running for some arguments of its point; nil if it does not.
    func exclusion<Arguments>(for arguments: Arguments) -> String?
}

/// A registered hook, of an asynchronous or a synchronous point; those of the latter are all immediate.
@usableFromInline
final class Hook<Arguments: Sendable, Output: Sendable>: AnyHook {
    @usableFromInline typealias Start = StartAction<StartCall<Arguments, Output>>
    @usableFromInline typealias End = EndAction<EndCall<Arguments, Output>>
    @usableFromInline typealias WaitingStart = @Sendable (inout StartCall<Arguments, Output>) async throws -> Void

    @usableFromInline let id: HookID
    @usableFromInline let filter: HookFilter<Arguments>?
    /// Whether the filter says when the start half runs: a byte to look at, where the filter is five words.
    @usableFromInline let isStartFiltered: Bool
    /// Whether the start half runs in each call and waits.
    @usableFromInline let alwaysWaits: Bool
    /// What becomes of a call if a half throws; nil for what is usual of the half.
    private let onFailure: FailurePolicy?
    @usableFromInline let start: Start?
    /// The start half that may wait, or what is run where an attempt came to nothing.
    @usableFromInline let waitingStart: WaitingStart?
    @usableFromInline let end: End?
    let constraints: HookConstraints

    init(
        _ constraints: HookConstraints,
        _ filter: HookFilter<Arguments>?,
        _ onFailure: FailurePolicy?,
        start: Start? = nil,
        waitingStart: WaitingStart? = nil,
        end: End? = nil
    ) {
        id = constraints.id
        self.constraints = constraints
        self.filter = filter
        isStartFiltered = filter != nil && start != nil
        if case .waiting? = start { alwaysWaits = filter == nil } else { alwaysWaits = false }
        self.start = start
        self.waitingStart = waitingStart
        self.end = end
        self.onFailure = onFailure
    }

    func copy() -> any AnyHook {
        Hook(constraints, filter, onFailure, start: start, waitingStart: waitingStart, end: end)
    }

    var isFiltered: Bool { filter != nil }

    func unfiltered() -> any AnyHook {
        Hook(constraints, nil, onFailure, start: start, waitingStart: waitingStart, end: end)
    }

    @usableFromInline var startPolicy: FailurePolicy { onFailure ?? .fail }

    @usableFromInline var endPolicy: FailurePolicy { onFailure ?? .continue }

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
}

/// What a start half does with the call.
@usableFromInline
enum StartAction<Call: Sendable>: Sendable {
    /// A closure that never waits.
    ///
    /// It cannot await an asynchronous point and cannot be interrupted, so it is run without the precautions for
    /// either; ``HookSite/callWithoutWaiting(_:body:)``, which it can call, takes its own.
    case immediate(@Sendable (inout Call) throws -> Void)

    /// A closure that never waits and says whether it is done; ``Hook/waitingStart`` is for where it is not.
    case attempting(@Sendable (inout Call) throws -> Bool)

    /// ``Hook/waitingStart`` alone.
    case waiting

    /// Runs it as far as nothing has to wait; whether it is done.
    @inlinable
    @inline(__always)
    func run(_ call: inout Call) throws -> Bool {
        switch self {
        case .immediate(let start):
            try start(&call)
            return true
        case .attempting(let attempt): return try attempt(&call)
        case .waiting: return false
        }
    }
}

/// What an end half does with the call.
@usableFromInline
enum EndAction<Call: Sendable>: Sendable {
    /// A closure that never waits.
    case immediate(@Sendable (inout Call) throws -> Void)

    /// A closure that may wait.
    case waiting(@Sendable (inout Call) async throws -> Void)
}
