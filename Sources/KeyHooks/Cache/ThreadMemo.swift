public import ExtensionHooks
public import Synchronization

/// Answers worked out from a ``TTLCache``, kept once for each of a few groups of threads.
///
/// The cache has one lock, and its values are shared objects whose reference counts two threads fight for. Here each
/// group of threads finds a copy of its own, as long as the ticket that came with the value holds.
@usableFromInline
package final class ThreadMemo<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// What one group of threads has; an object each, so that no two locks share a cache line.
    @usableFromInline
    final class Stripe: Sendable {
        @usableFromInline
        struct Contents {
            @usableFromInline var answers: RecentMap<Key, (value: Value, ticket: CacheTicket)>
            @usableFromInline var hits = 0
        }

        @usableFromInline let contents: Mutex<Contents>
        private let padding: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)

        init(capacity: Int) {
            contents = Mutex(Contents(answers: RecentMap(capacity: capacity)))
        }
    }

    @usableFromInline let stripes: [Stripe]

    /// Makes a memo.
    ///
    /// - Parameter capacity: How many answers each group of threads is sure to keep; it has twice as many at most,
    ///   since keys may come from outside.
    package init(capacity: Int) {
        stripes = (0..<ThreadStripe.count).map { _ in Stripe(capacity: capacity) }
    }

    /// The answer for a key, if its ticket holds.
    func value(for key: Key, in tickets: CacheTickets) -> Value? {
        stripes[ThreadStripe.current].contents
            .withLock { contents in
                guard let answer = contents.answers.value(for: key), tickets.isValid(answer.ticket) else { return nil }
                contents.hits += 1
                return answer.value
            }
    }

    /// Keeps an answer for the present group of threads; it must share no object with what other groups keep.
    @inlinable
    package func keep(_ value: Value, for key: Key, _ ticket: CacheTicket) {
        stripes[ThreadStripe.current].contents
            .withLock { $0.answers.set((value, ticket), for: key) }
    }

    /// Forgets everything, so that nothing lingers that its tickets no longer let through.
    package func removeAll() {
        for stripe in stripes { stripe.contents.withLock { $0.answers.removeAll() } }
    }

    /// How many answers were given.
    package var hits: Int { stripes.reduce(0) { $0 + $1.contents.withLock { $0.hits } } }
}

extension ThreadMemo: CustomReflectable {
    /// Shows nothing that is kept.
    @usableFromInline package var customMirror: Mirror { Mirror(self, children: ["hits": hits]) }
}
