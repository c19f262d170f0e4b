import ExtensionHooks
import Synchronization

/// What a provider made of a key; more may come.
public struct KeyFeedback: Hashable, Sendable {
    private enum Kind: Hashable {
        case unauthorized
        case rateLimited(retryAfter: Duration?)
        case success
    }

    private let kind: Kind

    /// The provider rejected the key, as with the HTTP status 401.
    public static var unauthorized: Self { Self(kind: .unauthorized) }

    /// The provider wants fewer requests with the key, as with the HTTP status 429; it is counted, and changes nothing yet.
    ///
    /// - Parameter delay: How long it wants to be left alone; nil if it didn't say.
    /// - Returns: The feedback.
    public static func rateLimited(retryAfter delay: Duration? = nil) -> Self {
        Self(kind: .rateLimited(retryAfter: delay))
    }

    /// The provider took the key; it is counted, and changes nothing yet.
    public static var success: Self { Self(kind: .success) }

    /// How often each was reported of the keys of one source.
    public struct Counts: Hashable, Sendable {
        /// How often a key was rejected.
        public internal(set) var unauthorized = 0

        /// How often fewer requests were wanted.
        public internal(set) var rateLimited = 0

        /// How often a key was taken.
        public internal(set) var success = 0

        mutating func note(_ feedback: KeyFeedback) {
            switch feedback.kind {
            case .unauthorized: unauthorized += 1
            case .rateLimited: rateLimited += 1
            case .success: success += 1
            }
        }
    }
}

/// What was reported to a resolver, by source.
final class FeedbackRecord: Sendable {
    /// A source without what differs from key to key.
    enum Origin: Hashable {
        case environment
        case file(String)
        case hook(HookID)
        case other

        init(_ source: KeyProvenance.Source?) {
            switch source?.kind {
            case .environment?: self = .environment
            case .file(let path, _, _)?: self = .file(path)
            case .hook(let id, _)?: self = .hook(id)
            case .constant?, .unknown?, nil: self = .other
            }
        }

        /// As it is shown.
        var name: String {
            switch self {
            case .environment: "environment"
            case .file(let path): path
            case .hook(let id): id.rawValue
            case .other: "other"
            }
        }
    }

    /// What hooks say of keys may come from outside.
    private static let limit = 1_000

    private let counts = Mutex<[Origin: KeyFeedback.Counts]>([:])

    func note(_ feedback: KeyFeedback, of source: KeyProvenance.Source?) {
        let origin = Origin(source)
        counts.withLock { counts in
            let isKnown = counts.count < Self.limit || counts[origin] != nil
            counts[isKnown ? origin : .other, default: KeyFeedback.Counts()].note(feedback)
        }
    }

    var all: [Origin: KeyFeedback.Counts] { counts.withLock { $0 } }
}
