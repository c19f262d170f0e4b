public import KeyHooks
import Synchronization

/// Asks a ``KeySource`` as a resolver does, and says which of the rules of sources it breaks.
///
/// ```swift
/// let check = SourceConformance(of: TeamVault(client), failing: TeamVault(unreachableClient))
/// #expect(await check.failures(present: "openai", absent: "groq") == [])
/// ```
///
/// - `present`: it has the key of a service that it is said to have.
/// - `absence`: that there is none is an absence, and no error.
/// - `outage`: a failure isn't an absence, and one that may pass is `unavailable`, `sealed` or `timedOut`, so that old
///   values and the user's `fallback` can bridge it.
/// - `fields`: a field that it has not is never answered with the main key.
/// - `single-flight`: fifty callers have it read once, as its locations are the same each time.
/// - `secrecy`: no description of a location, a reading or an answer shows the key.
/// - `cancellation`: a read ends soon when nobody waits for it any more.
public struct SourceConformance<Source: KeySource>: Sendable {
    private let source: Source
    private let failing: Source?

    /// How long a read may go on that was cancelled.
    var patience = Duration.seconds(5)

    /// Says what is checked.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - failing: The same over a backend that can't be reached; nil leaves the rule `outage` out.
    public init(of source: Source, failing: Source? = nil) {
        self.source = source
        self.failing = failing
    }

    /// Checks all rules; it asks the source a few times.
    ///
    /// - Parameters:
    ///   - present: A service whose key the source has.
    ///   - absent: A service whose key it has not.
    /// - Returns: A line for each rule that is broken, with its name in front and without a value; nothing if none is.
    public func failures(present: Service, absent: Service) async -> [String] {
        var failures: [String] = []
        func check(_ rule: String, _ body: () async -> String?) async {
            if let reason = await body() { failures.append("\(rule): \(reason)") }
        }
        await check("present") {
            switch await Trial(source).outcome(of: present) {
            case .success(.found): nil
            case .success(.notRequired): "it says that '\(present)' requires no key"
            case .success(.absent): "it has no key for '\(present)'"
            case .failure(let error): "asking for '\(present)' fails: \(error.code)"
            }
        }
        await check("absence") {
            switch await Trial(source).outcome(of: absent) {
            case .success(.absent), .success(.notRequired): nil
            case .success(.found): "it has a key for '\(absent)'"
            case .failure(let error): "asking for '\(absent)' fails: \(error.code); return nil, or .absent()"
            }
        }
        if let failing {
            await check("outage") { outageFault(await Trial(failing).outcome(of: present)) }
        }
        await check("fields") { await Trial(source).fieldFault(of: present) }
        await check("single-flight") { await Trial(source).flightFault(of: present) }
        await check("secrecy") { await Trial(source).secrecyFault(of: present) }
        await check("cancellation") { await Trial(source).cancellationFault(of: present, within: patience) }
        return failures
    }

    private func outageFault(_ outcome: Result<KeyAnswer, KeyResolutionError>) -> String? {
        switch outcome {
        case .success(.found): "it has a key although its backend can't be reached"
        case .success: "a backend that can't be reached counts as an absence: throw"
        case .failure(let error) where KeyFallback.unavailable.allows(error): nil
        case .failure(let error):
            "a backend that can't be reached fails as '\(error.code)': throw a KeyResolutionError that is unavailable"
        }
    }
}

/// A resolver with nothing but a source, which is watched.
private struct Trial<Source: KeySource>: Sendable {
    let source: WatchedSource<Source>
    let registry = HookRegistry()

    init(_ source: Source) {
        self.source = WatchedSource(source)
    }

    func resolver() throws(KeyResolutionError) -> KeyResolver {
        do {
            try registry.register { $0.answer(from: source, id: "conformance") }
        } catch {
            throw KeyResolutionError(.pluginFailed, "the source can't be registered", remedy: "report it")
        }
        return try KeyResolver(registry: registry, environment: [:], pluginUse: .always)
    }

    func outcome(of service: Service) async -> Result<KeyAnswer, KeyResolutionError> {
        do {
            return .success(try await resolver().resolve(service: service))
        } catch let error as KeyResolutionError {
            return .failure(error)
        } catch {
            return .failure(KeyResolutionError(.pluginFailed, "it was cancelled", remedy: "report it"))
        }
    }

    func fieldFault(of service: Service) async -> String? {
        guard case .success(.found(let key)) = await outcome(of: service) else { return nil }
        let request = KeyRequest(service: service, field: "conformance")
        let answer = try? await HookSite(.getSecret, in: registry)(request) { _ in .absent(KeyAbsence()) }
        guard case .found(let value)? = answer, value == key else { return nil }
        return "a field that it has not gets the main key of '\(service)'"
    }

    func flightFault(of service: Service) async -> String? {
        guard let resolver = try? resolver() else { return nil }
        await withTaskGroup { group in
            for _ in 1...50 { group.addTask { _ = try? await resolver.resolve(service: service) } }
        }
        let reads = source.reads
        return reads == 1 ? nil : "50 callers had it read \(reads) times: is its location the same for each?"
    }

    func secrecyFault(of service: Service) async -> String? {
        guard case .success(.found(let key)) = await outcome(of: service) else { return nil }
        let request = KeyRequest(service: service)
        let location = try? source.location(for: request)
        let place = location.map { source.place(of: $0) } ?? ""
        let shown = [place, "\(location as Any)", String(reflecting: location), "\(key.provenance as Any)"]
        if shown.contains(where: { $0.contains(key.value) }) { return "the name of its location shows the key" }
        guard let location, let reading = try? await source.read(location) else { return nil }
        let texts = ["\(reading.sourceReading)", String(reflecting: reading.sourceReading)]
        return texts.contains { $0.contains(key.value) } ? "a reading shows the key" : nil
    }

    func cancellationFault(of service: Service, within patience: Duration) async -> String? {
        guard let resolver = try? resolver() else { return nil }
        let call = Task { try await resolver.resolve(service: service) }
        let clock = ContinuousClock()
        let end = clock.now + patience
        while source.reads == 0, clock.now < end { await Task.yield() }
        call.cancel()
        _ = try? await call.value
        while source.isReading {
            guard clock.now < end + patience else { return "a read goes on though nobody waits for it any more" }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }
}

/// A source whose reads are counted.
private final class WatchedSource<Base: KeySource>: KeySource {
    private let base: Base
    private let state = Mutex((begun: 0, ended: 0))

    init(_ base: Base) {
        self.base = base
    }

    var reads: Int { state.withLock { $0.begun } }
    var isReading: Bool { state.withLock { $0.begun > $0.ended } }

    func location(for request: KeyRequest) throws -> Base.Location? { try base.location(for: request) }

    func read(_ location: Base.Location) async throws -> Base.Reading {
        state.withLock { $0.begun += 1 }
        defer { state.withLock { $0.ended += 1 } }
        return try await base.read(location)
    }

    func key(for request: KeyRequest, in content: Base.Reading.Content) throws -> SourceKey {
        try base.key(for: request, in: content)
    }

    func place(of location: Base.Location) -> String { base.place(of: location) }
}
