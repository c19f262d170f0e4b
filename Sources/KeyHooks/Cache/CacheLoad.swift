package import LightFoundation

/// What a read for a ``TTLCache`` brought.
package struct CacheLoad<Value: Sendable>: Sendable {
    /// What was read.
    package var value: Value

    /// Whether the source said with authority that there is nothing; `value` then says what it said.
    package var isAbsence: Bool

    /// When the source says that the value ends, on its own clock.
    package var expiresAt: Date?

    /// How long the source says that the value is good for, counted from now.
    package var lifetime: Duration?

    /// How long the value is believed in place of ``CachePolicy/timeToLive``; nil for as the policy says.
    package var timeToLive: Duration?

    /// How new it is in the order of its source; nil if the source has none.
    ///
    /// What is older than the newest that the cache gave out for the key is neither kept nor given: the value that is
    /// there is served as after a failure that will pass, and without one the read fails as
    /// ``KeyResolutionError/Code/outdated``.
    package var rank: CacheRank?

    /// The newer one that this one comes after all the same, as the source made sure; no other is overridden.
    package var replaced: CacheRank?

    /// A value.
    ///
    /// - Parameters:
    ///   - value: What was read.
    ///   - expiresAt: When the source says that it ends; it is never served after that, come what may.
    ///   - lifetime: How long the source says that it is good for; it is never served after that either.
    /// - Returns: What to hand to the cache.
    package static func value(_ value: Value, expiresAt: Date? = nil, lifetime: Duration? = nil) -> Self {
        Self(value: value, isAbsence: false, expiresAt: expiresAt, lifetime: lifetime)
    }

    /// An absence, which is believed for ``CachePolicy/negativeTimeToLive`` and never served after a failure.
    ///
    /// Only for what the source said with authority: a failure is thrown, never reported as an absence.
    ///
    /// - Parameter value: What the source said.
    /// - Returns: What to hand to the cache.
    package static func absence(_ value: Value) -> Self {
        Self(value: value, isAbsence: true, expiresAt: nil, lifetime: nil)
    }
}

extension CacheLoad: CustomReflectable {
    /// Leaves the value out.
    package var customMirror: Mirror { Mirror(self, children: ["isAbsence": isAbsence]) }
}

extension CacheLoad: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    package var description: String { isAbsence ? "CacheLoad(absence)" : "CacheLoad(redacted)" }
}
