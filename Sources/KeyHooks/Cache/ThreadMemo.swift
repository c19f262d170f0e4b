import ExtensionHooks
import Synchronization

/// Answers worked out from a ``TTLCache``, kept once for each of a few groups of threads.
///
/// The cache has one lock, and its values are shared objects whose reference counts two threads fight for. Here each
/// group of threads finds a copy of its own, as long as the ticket that came with the value holds.
final class ThreadMemo<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Kept: Sendable {
        let value: Value
        let ticket: CacheTicket
    }

    /// What one group of threads has; an object each, so that no two locks share a cache line.
    private final class Stripe: Sendable {
        let contents: Mutex<(answers: RecentMap<Key, Kept>, hits: Int)>
        private let padding: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)

        init(capacity: Int) {
            contents = Mutex((RecentMap(capacity: capacity), 0))
        }
    }

    private let stripes: [Stripe]
    private let tickets: CacheTickets

    /// Makes a memo.
    ///
    /// - Parameters:
    ///   - capacity: How many answers each group of threads is sure to keep; it has twice as many at most, since keys
    ///     may come from outside.
    ///   - tickets: What tells whether an answer still holds.
    init(capacity: Int, _ tickets: CacheTickets) {
        stripes = (0..<ThreadStripe.count).map { _ in Stripe(capacity: capacity) }
        self.tickets = tickets
    }

    /// The answer for a key, if its ticket holds.
    func value(for key: Key) -> Value? {
        stripes[ThreadStripe.current].contents
            .withLock { contents in
                guard let kept = contents.answers.value(for: key), tickets.isValid(kept.ticket) else { return nil }
                contents.hits += 1
                return kept.value
            }
    }

    /// Keeps an answer for the present group of threads; it must share no object with what other groups keep.
    func keep(_ value: Value, for key: Key, _ ticket: CacheTicket) {
        stripes[ThreadStripe.current].contents
            .withLock { $0.answers.set(Kept(value: value, ticket: ticket), for: key) }
    }

    /// Forgets everything, so that nothing lingers that its tickets no longer let through.
    func removeAll() {
        for stripe in stripes { stripe.contents.withLock { $0.answers.removeAll() } }
    }

    /// How many answers were given.
    var hits: Int { stripes.reduce(0) { $0 + $1.contents.withLock { $0.hits } } }
}

extension ThreadMemo: CustomReflectable {
    /// Shows nothing that is kept.
    var customMirror: Mirror { Mirror(self, children: ["hits": hits]) }
}
