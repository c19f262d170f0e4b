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
        let maximumAge = refresh ? .zero : maximumAge
        let state = try state(under: maximumAge)
        let resolved = try state.resolved(service, under: scope.profile)
        guard resolved.sites.hasKeyHooks else { return try examined(answer(of: resolved), of: resolved) }
        return try await ask(resolved.request(scope, maximumAge), of: resolved, in: state)
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
        let answer = try await resolve(service: service, scope: scope, maximumAge: maximumAge, refresh: refresh)
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
        switch try await resolve(service: service, scope: scope, maximumAge: maximumAge, refresh: refresh) {
        case .found(let key): return key
        case .notRequired: throw KeyResolutionError(notRequiredBy: catalogue.canonical(service))
        case .absent(let absence): throw KeyResolutionError(absence, of: catalogue.canonical(service))
        }
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
        let answer = try await resolveSecret(
            service: service,
            field: field,
            scope: scope,
            maximumAge: maximumAge,
            refresh: refresh
        )
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
    public func resolveSecret(
        service: Service,
        field: String,
        scope: KeyScope = KeyScope(),
        maximumAge: Duration? = nil,
        refresh: Bool = false
    ) async throws -> KeyAnswer {
        let maximumAge = refresh ? .zero : maximumAge
        let state = try state(under: maximumAge)
        let resolved = try state.resolved(service, under: scope.profile)
        try check(field, of: resolved.definition)
        let request = resolved.request(scope, field: field, maximumAge)
        return try await ask(request, of: resolved, in: state)
    }
}
