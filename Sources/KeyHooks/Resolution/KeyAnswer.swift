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
