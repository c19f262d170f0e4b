import JSON5Syntax
public import LightFoundation

extension KeyProvenance {
    /// The lease of a key that was lent, as it was when the key was given out.
    public struct Lease: Hashable, Sendable {
        /// What the server calls it.
        public let id: String

        /// When it ends unless it is renewed.
        public let endsAt: Date

        /// Whether the server can make it last longer.
        public let isRenewable: Bool

        /// How often it was renewed.
        public let renewals: Int

        init(_ loan: LoanSummary) {
            id = loan.lease
            endsAt = loan.endsAt
            isRenewable = loan.isRenewable
            renewals = loan.renewals
        }
    }
}

/// What an answer says of the loan that it was picked from.
struct LoanSummary: Hashable, Sendable {
    let id: String
    let lease: String
    let endsAt: Date
    let isRenewable: Bool
    let renewals: Int
    let countsUses: Bool
}

/// What is shown of a lease; never a value.
package struct LeaseReport: Hashable, Sendable, Codable {
    /// What the server calls it.
    package let id: String

    /// How long its key is still given out, in seconds.
    package let endsIn: Double

    /// After how long it is renewed or replaced if somebody uses it, in seconds.
    package let dueIn: Double

    /// Whether it will be renewed; otherwise it is replaced.
    package let isRenewable: Bool

    /// How often it was renewed.
    package let renewals: Int

    /// How often its key may still be used; nil for any number of times.
    package let usesLeft: Int?
}

extension LeaseReport {
    /// The lease in one line.
    var words: String {
        var facts = ["good for \(Int(endsIn)) s"]
        facts.append(dueIn > 0 ? "\(isRenewable ? "renewed" : "replaced") in \(Int(dueIn)) s if it is used" : "due")
        if renewals > 0 { facts.append("renewed \(renewals == 1 ? "once" : "\(renewals) times")") }
        if let usesLeft { facts.append(usesLeft == 1 ? "1 use left" : "\(usesLeft) uses left") }
        return "lease \(displayText(id, limit: 256)): \(facts.joined(separator: ", "))"
    }
}

/// Whether what was lent may be used for an answer.
enum LoanUse {
    case allowed

    /// Its uses are over.
    case usedUp

    /// It has ended, or another one took its place.
    case ended
}
