import ExtensionHooks
import JSON5Syntax

extension KeyResolver {
    /// Asks for a named field of a service whose credentials are more than one value.
    ///
    /// ```swift
    /// let region = try await resolver.getSecret(service: "bedrock", field: "region")
    /// ```
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - field: The field; ``ServiceDefinition/fields`` lists those of a service.
    ///   - scope: For whom the secret is wanted.
    /// - Returns: The secret; nil if nobody has it.
    /// - Throws: As ``resolve(service:scope:)``, and a ``KeyResolutionError`` with the code `unknownField`.
    public func getSecret(
        service: Service,
        field: String,
        scope: KeyScope = KeyScope()
    ) async throws -> APIKey? {
        let answer = try await resolveSecret(service: service, field: field, scope: scope)
        return if case .found(let key) = answer { key } else { nil }
    }

    /// Asks for a named field of a service and gives the whole answer.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - field: The field.
    ///   - scope: For whom the secret is wanted.
    /// - Returns: The secret with its provenance, or what was tried in vain.
    /// - Throws: As ``getSecret(service:field:scope:)``.
    public func resolveSecret(
        service: Service,
        field: String,
        scope: KeyScope = KeyScope()
    ) async throws -> KeyAnswer {
        let state = state
        let resolved = try state.resolved(service, under: scope.profile)
        let definition = resolved.definition
        try check(field, of: definition)
        var request = SecretRequest(service: definition.service, field: field, scope: scope)
        request.rules = state.rules
        request.isLimited = resolved.sites.isLimited
        func note(_ failures: [HookError]) { report(failures, of: definition.service) }
        do {
            let outcome = try await resolved.sites.secrets.callReportingSource(
                request,
                noting: note
            ) { request in
                let asked = try state.resolved(request.service, under: request.scope.profile)
                let definition = asked.definition
                if asked.mustBeAskedElsewhere(than: resolved) { return try await self.ask(asked, request, in: state) }
                let variables = try self.check(request.field, of: definition)
                return try self.answer(from: variables, in: state.environment)
            }
            warnOfCaches(askedFor: request.service)
            try state.checkAnswerer(outcome.answeredBy, of: outcome.arguments.service, scope, askedFor: resolved)
            let answer = try outcome.output.attributed(
                to: outcome.answeredBy,
                service: request.service,
                passed: outcome.arguments.passed
            )
            // A field such as a region is kept elsewhere than the key without any mistake, so nothing is reported.
            return try examined(answer, of: resolved, isField: true)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw KeyResolutionError(error, for: definition.service)
        }
    }

    /// Asks the plugins that may answer for a service to which a hook changed the request.
    private func ask(
        _ resolved: ResolvedService,
        _ request: SecretRequest,
        in state: ResolverState
    ) async throws -> KeyAnswer {
        let service = resolved.definition.service
        var request = request
        request.isLimited = resolved.sites.isLimited
        let outcome = try await resolved.sites.secrets.callReportingSource(request) { request in
            guard request.service == service else {
                throw ResolvedService.changedTwice(KeyRequest(service: request.service))
            }
            let variables = try self.check(request.field, of: resolved.definition)
            return try self.answer(from: variables, in: state.environment)
        }
        return try outcome.output.attributed(
            to: outcome.answeredBy,
            service: service,
            passed: outcome.arguments.passed
        )
    }

    private func answer(
        from variables: [ServiceDefinition.VariableName],
        in environment: KeyEnvironment
    ) throws(KeyResolutionError) -> KeyAnswer {
        let lookup = VariableLookup(variables, in: environment)
        if let failure = lookup.failure { throw failure }
        return lookup.answer(isRequired: true, placesTried: environment.placesTried)
    }

    @discardableResult
    private func check(
        _ field: String,
        of definition: ServiceDefinition
    ) throws(KeyResolutionError) -> [ServiceDefinition.VariableName] {
        if definition.fields[field] != nil { return definition.readVariables(of: field) }
        let known = definition.fields.keys.sorted()
        let question = closestMatch(to: field, among: known).map { "did you mean '\($0)'? " }
        throw KeyResolutionError(
            .unknownField,
            "'\(definition.service)' has no field '\(displayText(field))'",
            remedy: known.isEmpty
                ? "it has no fields"
                : "\(question.map { "\($0)Its" } ?? "its") fields are \(known.joined(separator: ", "))",
            service: definition.service
        )
    }
}
