import ExtensionHooks
import JSON5Syntax
import KeyHooks
import Synchronization
import Testing

@testable import PluginHost

/// Runs a session of a Python plugin, and sees to it that nothing is left of it.
func withSession<Result>(
    _ body: String,
    limits: SessionLimits = .quick,
    hello: Duration = .seconds(30),
    log: Recording<String> = Recording(),
    _ use: (PluginSession) async throws -> Result
) async throws -> Result {
    try await withFolder { folder in
        var launch = try Script.python(body, in: folder)
        launch.helloTimeout = hello
        let session = PluginSession(launch, limits: limits, log: log.add)
        do {
            let result = try await use(session)
            await session.shutdown()
            return result
        } catch {
            await session.shutdown()
            throw error
        }
    }
}

extension PluginRunner {
    /// A runner with some settings of its own.
    init(
        _ launch: PluginLaunch,
        limits: SessionLimits = SessionLimits(),
        clock: some Clock<Duration> = ContinuousClock(),
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        var settings = RunnerSettings(launch)
        (settings.limits, settings.clock, settings.log) = (limits, AnyClock(clock), log)
        self.init(settings)
    }
}

extension SessionLimits {
    /// The same with short pauses.
    static var quick: SessionLimits {
        var limits = SessionLimits()
        limits.firstPause = .milliseconds(1)
        limits.graces = ChildProcess.Graces(closing: .milliseconds(100), terminating: .milliseconds(100))
        return limits
    }
}

extension PluginRequest {
    static func key(_ service: String, within deadline: Duration? = nil) -> PluginRequest {
        PluginRequest(
            point: "getAPIKey",
            arguments: .object(["service": .string(service)]),
            deadline: deadline
        )
    }
}

extension PluginAnswer {
    /// The answer in a word or two; only tests may print a key.
    var summary: String {
        switch self {
        case .proceed(let arguments): arguments.map { "proceed with \($0["service"]?.string ?? "?")" } ?? "proceed"
        case .finish(let result): "key \(result.value["key"]?.string ?? "?")"
        case .keep: "keep"
        case .replace: "replace"
        case .notFound: "not found"
        case .notMine: "not mine"
        }
    }
}

extension PluginSession {
    /// The answer for a service in words.
    func key(_ service: String, within deadline: Duration? = nil) async throws -> String {
        try await answer(to: .key(service, within: deadline)).summary
    }
}

/// The error of a plugin with which something fails.
func fault(
    sourceLocation: SourceLocation = #_sourceLocation,
    of body: () async throws -> some Sendable
) async throws -> PluginError {
    let error = await #expect(throws: PluginError.self, sourceLocation: sourceLocation) { _ = try await body() }
    return try #require(error, sourceLocation: sourceLocation)
}

/// What happened, in order; for closures that several threads may call.
final class Recording<Event: Sendable>: Sendable {
    private let storage = Mutex<[Event]>([])

    var events: [Event] { storage.withLock { $0 } }

    func add(_ event: Event) {
        storage.withLock { $0.append(event) }
    }
}

/// Waits for what other threads do; the time limit of the test ends it.
func until(_ isTrue: () -> Bool) async throws {
    while !isTrue() { try await Task.sleep(for: .milliseconds(1)) }
}
