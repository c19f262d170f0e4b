public import Foundation

/// What a ``TTLCache`` answers.
public struct CacheHit<Value: Sendable>: Sendable {
    /// What was read.
    public let value: Value

    /// Whether the source said with authority that there is nothing.
    public let isAbsence: Bool

    /// How good the value is.
    ///
    /// ``CacheEntryState/expired`` means that the source could not be read and this is its last known value.
    public let state: CacheEntryState

    /// When it was read.
    public let loadedAt: Date

    /// Why an expired value is served; nil for all others.
    public let failure: (any Error)?

    /// Until when the same answer holds without asking again; nil if the next read must ask.
    package let ticket: CacheTicket?
}

extension CacheHit: CustomReflectable {
    /// Leaves the value out, and the failure, whose text may hold anything.
    public var customMirror: Mirror { Mirror(self, children: ["state": state, "isAbsence": isAbsence]) }
}

extension CacheHit: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "CacheHit(\(state.rawValue)\(isAbsence ? ", absence" : ""), redacted)" }
}

/// Until when a copy of a cached value may be served without asking the cache: see ``ThreadMemo``.
@usableFromInline
package struct CacheTicket: Hashable, Sendable {
    /// What the cache had changed when the copy was made; any change ends all tickets.
    @usableFromInline package let epoch: UInt64

    /// The moment on the cache's clock at which the ticket ends.
    @usableFromInline package let end: Duration

    /// Makes a ticket.
    package init(epoch: UInt64, end: Duration) {
        self.epoch = epoch
        self.end = end
    }
}
