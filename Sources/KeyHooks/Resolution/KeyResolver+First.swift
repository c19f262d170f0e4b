import JSON5Syntax

extension KeyResolver {
    /// Asks for the main keys of several services in order, and gives the first that there is.
    ///
    /// ```swift
    /// let (service, key) = try await resolver.firstAPIKey(of: ["openai", "groq"])
    /// ```
    ///
    /// Each service is asked for by itself: that one is denied or can't be reached hides no key of another.
    ///
    /// - Parameters:
    ///   - services: The services, the preferred first; aliases will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    ///   - refresh: Whether no kept value will do at all.
    /// - Returns: The service, as it was named, and its key.
    /// - Throws: A ``KeyResolutionError`` that has a line with the reason for each service. Its code is that of the strongest
    ///   reason: `denied` before failures such as `unavailable`, and those before `absent`; `notRequired` if that holds
    ///   for all. A `CancellationError` as soon as the caller is cancelled.
    public func firstAPIKey(
        of services: [Service],
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> (service: Service, key: APIKey) {
        var reasons: [(service: Service, error: KeyResolutionError)] = []
        for service in services {
            try Task.checkCancellation()
            do {
                let key = try await requireAPIKey(
                    service: service,
                    scope: scope,
                    maximumAge: maximumAge,
                    refresh: refresh
                )
                return (service, key)
            } catch let error as KeyResolutionError {
                reasons.append((service, error))
            }
        }
        throw KeyResolutionError(noneOf: reasons)
    }
}

extension KeyResolutionError {
    /// None of several services has a key.
    fileprivate init(noneOf reasons: [(service: Service, error: KeyResolutionError)]) {
        guard let (service, strongest) = reasons.max(by: { $0.error.code.weight < $1.error.code.weight }) else {
            self.init(.invalidService, "no service was named", remedy: "name one or more")
            return
        }
        guard reasons.count > 1 else {
            self = strongest
            return
        }
        let lines = reasons.map { "\n'\(displayText($0.service.id))': \($0.error.message)" }
        self.init(
            strongest.code,
            "none of \(reasons.count) services has a key:\(lines.joined())",
            remedy: strongest.remedy,
            service: service,
            namesTried: reasons.flatMap(\.error.namesTried)
        )
    }
}

extension KeyResolutionError.Code {
    /// How much it weighs among the reasons of several services: a refusal before what may pass, and that before nothing.
    fileprivate var weight: Int {
        switch self {
        case .denied: 3
        case .notRequired: 0
        case .absent: 1
        default: 2
        }
    }
}
