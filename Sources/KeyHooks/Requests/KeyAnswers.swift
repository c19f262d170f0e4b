import ExtensionHooks

/// What came of asking for a key.
///
/// Denied and unavailable are not answers: they are thrown.
public enum KeyAnswer: Sendable {
    /// There is a key.
    case found(APIKey)

    /// The service works without one and none is set, as with local servers.
    case notRequired

    /// Nobody has one.
    indirect case absent(KeyAbsence)
}

/// What was tried when nobody has a key.
public struct KeyAbsence: Hashable, Sendable {
    /// The names tried, in order: environment variables, or paths of secrets.
    public var namesTried: [String]

    /// Where they were looked for, in order.
    public var placesTried: [String]

    /// The known service that was probably meant, if the one asked for is unknown.
    public var suggestion: String?

    /// What else may be meant, or what is set in place of a key, and what to do about it; without a full stop.
    public internal(set) var hint: String?

    /// Where a key is to be put, as the source says that keeps this service's; nil if none says so.
    public internal(set) var remedy: String?

    /// The service that was looked up in the end, if a hook changed it.
    public internal(set) var rewrittenTo: Service?

    /// What was seen that may have been meant, in words; never a value.
    public internal(set) var remarks: [String] = []

    /// Whether the name of a variable was given as the service, so that to follow from it to another variable is of no
    /// use.
    var isOfVariable = false

    /// How many of the places, the first ones, are sources that were skipped.
    var skippedCount = 0

    /// Describes an absence.
    ///
    /// - Parameters:
    ///   - namesTried: The names tried, in order.
    ///   - placesTried: Where they were looked for, in order.
    ///   - suggestion: The known service that was probably meant.
    public init(namesTried: [String] = [], placesTried: [String] = [], suggestion: String? = nil) {
        self.namesTried = namesTried
        self.placesTried = placesTried
        self.suggestion = suggestion
    }
}

extension KeyAnswer {
    /// The same with a key in an object of its own, for threads that are not to share a reference count.
    var unshared: KeyAnswer { if case .found(let key) = self { .found(key.unshared) } else { self } }

    /// The answer, its key marked with the hook that gave it if the hook did not say itself where it came from, and
    /// with the sources that failed before.
    ///
    /// - A blank key is refused: a provider would only see a request without one, and the cause would be hard to find.
    /// - An absence after a failure is the failure: nobody knows that there is no key.
    func attributed(
        to source: CallSource,
        _ request: KeyRequest,
        mayBeRemade: Bool
    ) throws(KeyResolutionError) -> KeyAnswer {
        let (service, skipped) = (request.service, request.skipped)
        switch self {
        case .notRequired: return self
        case .found(let key):
            guard !key.isBlank else {
                throw KeyResolutionError(
                    .pluginFailed,
                    "\(source) answered with an empty key for '\(service)'",
                    remedy: "leave the result unset, or answer .absent, where there is no key",
                    service: service
                )
            }
            let hook: KeyProvenance.Source? = if case .hook(let id) = source { .hook(id, detail: nil) } else { nil }
            let isRemade = mayBeRemade && hook != nil && key.provenance?.origin == nil
            if key.hasProvenance, skipped.isEmpty, !isRemade { return self }
            var provenance = key.provenance ?? KeyProvenance(source: hook ?? .unknown)
            provenance.skippedSources = skipped
            // It may have been made of what a source answered.
            if isRemade { provenance.origin = KeyOrigin(remade: request) }
            return .found(key.with(provenance))
        case .absent(var absence):
            if let failure = skipped.first(where: { !$0.isAbsence }) {
                throw KeyResolutionError(failure, before: absence, for: service)
            }
            guard !skipped.isEmpty else { return self }
            absence.placesTried = skipped.map(\.description) + absence.placesTried
            absence.skippedCount += skipped.count
            absence.remedy = skipped.lazy.map(\.remedy).first { !$0.isEmpty } ?? absence.remedy
            return .absent(absence)
        }
    }
}

extension KeyResolutionError {
    /// The failure of a source that was skipped in vain.
    fileprivate init(_ skipped: SkippedSource, before absence: KeyAbsence, for service: Service) {
        self.init(
            skipped.code,
            "\(skipped.message); no weaker source has a key for '\(service)' either",
            remedy: skipped.remedy,
            service: service,
            namesTried: absence.namesTried
        )
    }
}
