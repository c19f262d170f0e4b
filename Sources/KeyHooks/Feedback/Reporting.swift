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

    /// The provider wants fewer requests with the key, as with the HTTP status 429; it is counted, and changes nothing
    /// yet.
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

        /// How long a provider last wanted to be left alone; nil if none said.
        public internal(set) var retryAfter: Duration?

        /// How often a key was taken.
        public internal(set) var success = 0

        mutating func note(_ feedback: KeyFeedback) {
            switch feedback.kind {
            case .unauthorized: unauthorized += 1
            case .rateLimited(let delay):
                rateLimited += 1
                retryAfter = delay ?? retryAfter
            case .success: success += 1
            }
        }
    }
}

/// What was reported to a resolver, by source: a hook's id, the path of a file, `environment`, or `other`.
final class FeedbackRecord: Sendable {
    /// What hooks say of keys may come from outside.
    private static let limit = 1_000

    private let counts = Mutex<[String: KeyFeedback.Counts]>([:])

    func note(_ feedback: KeyFeedback, of source: KeyProvenance.Source?) {
        let name =
            switch source?.kind {
            case .environment?: "environment"
            case .file(let path, _, _)?: path
            case .hook(let id, _)?: id.rawValue
            case .constant?, .unknown?, nil: "other"
            }
        counts.withLock { counts in
            let isKnown = counts.count < Self.limit || counts[name] != nil
            counts[isKnown ? name : "other", default: KeyFeedback.Counts()].note(feedback)
        }
    }

    var all: [String: KeyFeedback.Counts] { counts.withLock { $0 } }
}

extension KeyResolver {
    /// Takes note of what a provider made of a key.
    ///
    /// `unauthorized` has exactly this key read again by the next call that wants it, wherever it is from:
    ///
    /// - From a source, what it was picked from is forgotten: one read, however many callers report the key. A report
    ///   of a key that has been read anew meanwhile does nothing.
    /// - From a `.env` file or a file that a variable names, the files are looked at before this returns, and read
    ///   again if they were changed.
    /// - A hook that isn't a source is asked anyway. A variable of the process stays what it was when the resolver was
    ///   made.
    ///
    /// If the same key is read again it is given, as the provider may be wrong or a rotation not be done; after that a
    /// report has it read again at most once in the source's shortest back-off.
    ///
    /// - Parameters:
    ///   - feedback: What the provider made of it.
    ///   - key: The key, as a resolver gave it.
    public func report(_ feedback: KeyFeedback, for key: APIKey) {
        let source = key.provenance?.source
        self.feedback.note(feedback, of: source)
        guard feedback == .unauthorized else { return }
        if let origin = key.provenance?.origin {
            origin.reject(key)
            rejectElsewhere(key, from: origin)
        } else if let name = source?.variableOfFile {
            do throws(KeyResolutionError) {
                try refreshFiles()
            } catch {
                warnOfFiles(error, holding: name)
            }
        }
    }

    /// Has other caches forget a key than the one that it was picked from: after a reload there are new ones, however
    /// long a read keeps the old, and a hook may have made it of what a source answered.
    private func rejectElsewhere(_ key: APIKey, from origin: KeyOrigin) {
        let (state, old) = (state, origin.request)
        guard let resolved = try? state.resolved(old.service, under: old.scope.profile) else { return }
        let request = resolved.request(old.scope, field: old.field)
        for cache in caches { cache.reject(key, from: origin, for: request) }
    }

    /// Takes note of what a provider made of a named field, as of a key.
    ///
    /// - Parameters:
    ///   - feedback: What the provider made of it.
    ///   - secret: The field's value, as a resolver gave it.
    public func report(_ feedback: KeyFeedback, for secret: SecretValue) {
        report(feedback, for: secret.key)
    }

    /// How often each feedback was reported, by source: a hook's id, the path of a file, `environment`, or `other`.
    public var feedbackCounts: [String: KeyFeedback.Counts] { feedback.all }

    /// Reports that the key may be in a file that is wrong now, since nobody gets that as an error.
    private func warnOfFiles(_ error: KeyResolutionError, holding name: String) {
        let owner = catalogue.all.first { $0.variables.contains { $0.name == name } }
        guard let service = owner?.service else { return }
        warn(KeyWarning(code: .source, service: service, names: [name], message: error.description))
    }
}

extension KeyProvenance.Source {
    /// The variable, if its value is from a file that a resolver reads.
    fileprivate var variableOfFile: String? {
        switch kind {
        case .file(_, _, let name): name
        case .environment(let name) where name.hasSuffix(KeyFiles.suffix): String(name.dropLast(KeyFiles.suffix.count))
        case .environment, .constant, .hook, .unknown: nil
        }
    }
}
