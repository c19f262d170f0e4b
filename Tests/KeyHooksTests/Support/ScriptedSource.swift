import Foundation
import KeyHooks
import Synchronization

/// A source for a cache: counts reads, answers as told, and can hold reads open.
///
/// The reads are numbered from 1. Unless told otherwise each brings the key and its number, as in "a1".
final class ScriptedSource: Sendable {
    typealias Answer = @Sendable (_ key: String, _ number: Int) async throws -> SourceReading<String>

    private struct State {
        var answer: Answer = { key, number in .value("\(key)\(number)") }
        var isHolding = false
        var reads: [String] = []
        var cancelled: Set<Int> = []
        var held: [Int: CheckedContinuation<Answer?, Never>] = [:]
    }

    private let state = Mutex(State())

    /// The keys that were read, in order.
    var reads: [String] { state.withLock { $0.reads } }
    var count: Int { reads.count }
    var heldCount: Int { state.withLock { $0.held.count } }

    /// The reads whose task was cancelled while they were held.
    var cancelled: Set<Int> { state.withLock { $0.cancelled } }

    func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }
    func bring(_ load: SourceReading<String>) { answer { _, _ in load } }
    func fail(_ error: any Error = outage) { answer { _, _ in throw error } }
    func recover() { answer { key, number in .value("\(key)\(number)") } }

    /// Holds all reads from now on.
    func hold() { state.withLock { $0.isHolding = true } }

    /// Lets one read go on, cancelled or not.
    func release(_ number: Int, with answer: Answer? = nil) {
        state.withLock { $0.held.removeValue(forKey: number) }?.resume(returning: answer)
    }

    /// Lets all reads go on, and holds none from now on.
    func releaseAll() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [:] }
            return Array(state.held.values)
        }
        for continuation in held { continuation.resume(returning: nil) }
    }

    func read(_ key: String) async throws -> SourceReading<String> {
        let number = state.withLock { state in
            state.reads.append(key)
            return state.reads.count
        }
        let own = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isHeld = state.withLock { state in
                    if state.isHolding { state.held[number] = continuation }
                    return state.isHolding
                }
                if !isHeld { continuation.resume(returning: nil) }
            }
        } onCancel: {
            // Goes on all the same: a source need not notice, and a late answer is the harder case.
            _ = state.withLock { $0.cancelled.insert(number) }
        }
        return try await (own ?? state.withLock { $0.answer })(key, number)
    }
}

extension SourceReading {
    /// A value as a source with a lease brings it.
    static func value(_ content: Content, expiresAt: Date? = nil, lifetime: Duration? = nil) -> Self {
        var reading = found(content, expiresAt: expiresAt)
        reading.lifetime = lifetime
        return reading
    }

    /// An absence with what a source says of it.
    static func absence(_ content: Content) -> Self { absent(content: content) }
}

extension CacheHit {
    /// What the source brought, which is there in an absence of these tests as well.
    var value: Content {
        guard let content = reading.content else { preconditionFailure("an absence without content") }
        return content
    }

    var isAbsence: Bool { reading.isAbsence }
}

/// A failure that will pass.
let outage = KeyResolutionError(.unavailable, "the vault is down", remedy: "wait")

/// A failure that is an answer.
let denial = KeyResolutionError(.denied, "the vault refused", remedy: "ask for access")
