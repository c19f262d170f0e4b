import JSON5Syntax

extension KeyResolver {
    /// Asks for the main key of a service and gives the whole answer.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    ///   - refresh: Whether no kept value will do at all. A read that is under way will. `.env` files and files that
    ///     variables name are read again if they were changed.
    /// - Returns: A key with its provenance, or that none is required, or what was tried in vain.
    /// - Throws: A ``KeyResolutionError`` if the key was denied, its source cannot be reached, or a hook failed; a
    ///   `CancellationError`.
    public func resolve(
        service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> KeyAnswer {
        try await answer(for: service, field: nil, scope, refresh ? .zero : maximumAge)
    }

    /// Asks for the main key of a service.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    ///   - refresh: Whether no kept value will do at all, as after a provider refused one.
    /// - Returns: The key; nil if nobody has one or none is required.
    /// - Throws: As ``resolve(service:scope:maximumAge:refresh:)``.
    public func getAPIKey(
        service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> APIKey? {
        let answer = try await answer(for: service, field: nil, scope, refresh ? .zero : maximumAge)
        return if case .found(let key) = answer { key } else { nil }
    }

    /// Asks for the main key of a service and insists on one.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    ///   - refresh: Whether no kept value will do at all.
    /// - Returns: The key.
    /// - Throws: As ``resolve(service:scope:maximumAge:refresh:)``, and a ``KeyResolutionError`` with the code `absent`
    ///   that names what was tried and the remedy, or `notRequired` where the service works without a key.
    public func requireAPIKey(
        service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> APIKey {
        switch try await answer(for: service, field: nil, scope, refresh ? .zero : maximumAge) {
        case .found(let key): return key
        case .notRequired: throw KeyResolutionError(notRequiredBy: catalogue.canonical(service))
        case .absent(let absence): throw error(absence, of: service, nil, scope)
        }
    }

    /// The error for a caller who insists on what nobody has, with the sources that were asked and said nothing of
    /// themselves.
    package func error(_ absence: KeyAbsence, of service: Service, _ field: String?, _ scope: KeyScope)
        -> KeyResolutionError
    {
        var absence = absence
        if absence.rewrittenTo == nil, let resolved = try? state.resolved(service, under: scope.profile) {
            let request = resolved.request(scope, field: field)
            let said = absence.placesTried.prefix(absence.skippedCount)
            let silent = caches(askedFor: request, in: resolved.sites.registry)
                .filter { cache in cache.report(on: request) != nil && !said.contains { $0.hasPrefix(cache.title) } }
            absence.placesTried.insert(contentsOf: silent.map { "\($0.title) (has none)" }, at: said.count)
            absence.skippedCount += silent.count
        }
        return KeyResolutionError(absence, of: catalogue.canonical(service), field: field)
    }

    /// Asks for a named field of a service whose credentials are more than one value.
    ///
    /// ```swift
    /// let region = try await resolver.getSecret(service: "bedrock", field: "region")
    /// ```
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - field: The field; ``ServiceDefinition/fields`` lists those of a service.
    ///   - scope: For whom the field is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    ///   - refresh: Whether no kept value will do at all.
    /// - Returns: The field's value; nil if nobody has it.
    /// - Throws: As ``resolve(service:scope:maximumAge:refresh:)``, and a ``KeyResolutionError`` with the code
    ///   `unknownField`.
    public func getSecret(
        service: Service,
        field: String,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> SecretValue? {
        let answer = try await answer(for: service, field: field, scope, refresh ? .zero : maximumAge)
        return if case .found(let key) = answer { SecretValue(key) } else { nil }
    }

    /// Asks for a named field of a service and gives the whole answer.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - field: The field.
    ///   - scope: For whom the field is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    ///   - refresh: Whether no kept value will do at all.
    /// - Returns: The value with its provenance, or what was tried in vain.
    /// - Throws: As ``getSecret(service:field:scope:maximumAge:refresh:)``.
    package func resolveSecret(
        service: Service,
        field: String,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> KeyAnswer {
        try await answer(for: service, field: field, scope, refresh ? .zero : maximumAge)
    }
}

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
    /// - Throws: A ``KeyResolutionError`` that has a line with the reason for each service. Its code is that of the
    ///   strongest reason: `denied` before failures such as `unavailable`, and those before `absent`; `notRequired` if
    ///   that holds for all. A `CancellationError` as soon as the caller is cancelled.
    public func firstAPIKey(
        of services: [Service],
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> (service: Service, key: APIKey) {
        let maximumAge = refresh ? .zero : maximumAge
        var reasons: [(service: Service, error: KeyResolutionError)] = []
        for service in services {
            try Task.checkCancellation()
            do {
                return (service, try await requireAPIKey(service: service, scope: scope, maximumAge: maximumAge))
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
    /// How much it weighs among the reasons of several services: a refusal before what may pass, and that before
    /// nothing.
    fileprivate var weight: Int {
        switch self {
        case .denied: 3
        case .notRequired: 0
        case .absent: 1
        default: 2
        }
    }
}

extension KeyResolver {
    /// Asks for the main key of a service and blocks the thread until the answer is there; for scripts.
    ///
    /// Do not call it on a thread that a hook needs: not from an asynchronous function (the compiler refuses that), nor
    /// from an actor's thread. On the main thread a hook that needs the main actor would wait forever.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    ///   - maximumAge: The age from which a value that a source keeps will not do; nil for any age.
    ///   - refresh: Whether no kept value will do at all, as after a provider refused one.
    /// - Returns: The key; nil if nobody has one or none is required.
    /// - Throws: As ``resolve(service:scope:maximumAge:refresh:)``.
    @available(*, noasync, message: "Use 'await getAPIKey(service:)' in asynchronous code.")
    public func getAPIKeyBlocking(
        service: Service,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) throws -> APIKey? {
        let maximumAge = refresh ? .zero : maximumAge
        return try blocking { try await self.getAPIKey(service: service, scope: scope, maximumAge: maximumAge) }
    }
}
