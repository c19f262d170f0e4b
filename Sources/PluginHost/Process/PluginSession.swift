import Foundation
import JSON5Syntax
import KeyHooks
import Synchronization

/// A plugin whose one process answers many requests.
///
/// The process is started by the first request, however many callers come at once, and again after a crash, a limited
/// number of times. Everything that happens changes one state under one lock; nothing waits while it is held.
final class PluginSession: Sendable {
    let launch: PluginLaunch
    let host: HostIdentity
    let limits: SessionLimits
    let clock: SessionClock
    let mask = SecretMask()
    let log: @Sendable (String) -> Void
    let observer: WireObserver?
    let verify: PluginVerification
    let children: ChildProcesses
    let state = Mutex(SessionState())
    private let lastNumber = Atomic<UInt64>(0)

    /// Makes a session; nothing is started yet.
    ///
    /// `log` gets what the plugin writes on standard error, cleaned and masked, line by line; `observer` is shown what is
    /// sent and written; `verify` is asked before each start; `children` is where its processes are known.
    init(
        _ launch: PluginLaunch,
        host: HostIdentity = HostIdentity(),
        limits: SessionLimits = SessionLimits(),
        clock: some Clock<Duration> = ContinuousClock(),
        children: ChildProcesses = ChildProcesses(),
        log: @escaping @Sendable (String) -> Void = { _ in },
        observer: WireObserver? = nil,
        verify: @escaping PluginVerification = {}
    ) {
        self.launch = launch
        self.host = host
        self.limits = limits
        self.clock = SessionClock(clock)
        self.log = log
        self.observer = observer
        self.verify = verify
        self.children = children
        mask.remember(environment: launch.environment)
        mask.remember(configuration: launch.configuration)
    }

    deinit {
        let (connection, watch) = state.withLock { ($0.connection, $0.watch) }
        watch?.task.cancel()
        connection?.end(.gracefully)
    }

    /// How many processes were started so far.
    var spawnCount: UInt64 { state.withLock(\.generation) }

    /// The number of the running process.
    var processIdentifier: Int32? { state.withLock { $0.connection?.pid } }

    /// Asks one question.
    ///
    /// - Throws: ``PluginError``; `CancellationError` when the task is cancelled.
    func answer(to request: PluginRequest) async throws -> PluginAnswer {
        let number = nextNumber()
        if let values = request.outcome?["result"] { mask.remember(values) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                register([Asked(number: number, request: request) { continuation.resume(with: $0) }])
            }
        } onCancel: {
            abandon([number])
        }
    }

    /// Asks several questions at once, on one line where the plugin can take that.
    ///
    /// - Returns: For each question its answer or its own error, in the order of the questions.
    /// - Throws: `CancellationError` when the task is cancelled.
    func answers(to requests: [PluginRequest]) async throws -> [Result<PluginAnswer, PluginError>] {
        guard !requests.isEmpty else { return [] }
        let numbers = requests.map { _ in nextNumber() }
        let results = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let collector = BatchCollector(count: requests.count) { continuation.resume(returning: $0) }
                let asked = requests.indices.map { index in
                    Asked(number: numbers[index], request: requests[index]) { collector.set(index, $0) }
                }
                register(asked)
            }
        } onCancel: {
            abandon(numbers)
        }
        return try results.map { result in
            do {
                return .success(try result.get())
            } catch let error as PluginError {
                return .failure(error)
            }
        }
    }

    /// Tells the plugin that a key was refused, if it runs and wants to know.
    func invalidate(point: String, arguments: JSONNode, reason: String) {
        let message = HostMessage.invalidate(point: point, arguments: arguments, reason: reason)
        guard let line = try? message.node.wireLine(), line.count <= limits.lineBytes else { return }
        state.withLock { state in
            guard case .ready(let capabilities) = state.phase, capabilities.contains(.invalidate) else { return }
            state.connection?.send(line)
        }
    }

    private func nextNumber() -> UInt64 { lastNumber.add(1, ordering: .relaxed).newValue }

    func error(_ kind: PluginError.Kind, _ message: String, hint: String? = nil) -> PluginError {
        PluginError(kind, plugin: launch.id, message, hint: hint)
    }
}
