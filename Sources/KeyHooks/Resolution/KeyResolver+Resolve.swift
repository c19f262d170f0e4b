import ExtensionHooks

extension KeyResolver {
    /// Asks for the main key of a service and gives the whole answer.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    /// - Returns: A key with its provenance, or that none is required, or what was tried in vain.
    /// - Throws: A ``KeyResolutionError`` if the key was denied, its source cannot be reached, or a hook failed; a
    ///   `CancellationError`.
    public func resolve(service: Service, scope: KeyScope = KeyScope()) async throws -> KeyAnswer {
        let state = state
        let resolved = try state.resolved(service, under: scope.profile)
        guard resolved.sites.hasKeyHooks else { return try examined(answer(of: resolved), of: resolved) }
        func note(_ failures: [HookError]) { report(failures, of: resolved.definition.service) }
        do {
            let request = KeyRequest(
                service: resolved.definition.service,
                scope: scope,
                rules: state.rules,
                isLimited: resolved.sites.isLimited
            )
            let outcome = try await resolved.sites.key(
                request,
                noting: note
            ) { request in
                if request.service == resolved.definition.service { return try self.answer(of: resolved) }
                let asked = try state.resolved(request.service, under: request.scope.profile)
                guard asked.mustBeAskedElsewhere(than: resolved) else {
                    return try self.answer(to: request, unlessChangedFrom: resolved, in: state)
                }
                return try await self.ask(asked, request)
            }
            warnOfCaches(askedFor: request.service)
            if outcome.arguments.service != resolved.definition.service {
                try state.checkAnswerer(outcome.answeredBy, of: outcome.arguments.service, scope, askedFor: resolved)
            }
            let answer = try outcome.output.attributed(
                to: outcome.answeredBy,
                service: request.service,
                passed: outcome.arguments.passed
            )
            if !outcome.arguments.passed.isEmpty {
                report(skipped: outcome.arguments.passed, before: answer, of: request.service)
            }
            return try examined(answer, of: resolved)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw KeyResolutionError(error, for: resolved.definition.service)
        }
    }

    /// Asks for the main key of a service.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    /// - Returns: The key; nil if nobody has one or none is required.
    /// - Throws: As ``resolve(service:scope:)``.
    public func getAPIKey(service: Service, scope: KeyScope = KeyScope()) async throws -> APIKey? {
        if case .found(let key) = try await resolve(service: service, scope: scope) { key } else { nil }
    }

    /// Asks for the main key of a service and insists on one.
    ///
    /// - Parameters:
    ///   - service: The service; an alias will do.
    ///   - scope: For whom the key is wanted.
    /// - Returns: The key; nil only if the service requires none.
    /// - Throws: As ``resolve(service:scope:)``, and a ``KeyResolutionError`` with the code `absent` that names what was
    ///   tried and the remedy.
    public func requireAPIKey(service: Service, scope: KeyScope = KeyScope()) async throws -> APIKey? {
        switch try await resolve(service: service, scope: scope) {
        case .found(let key): return key
        case .notRequired: return nil
        case .absent(let absence): throw KeyResolutionError(absence, of: catalogue.canonical(service))
        }
    }

    /// Asks the plugins that may answer for a service to which a hook changed the request.
    private func ask(_ resolved: ResolvedService, _ request: KeyRequest) async throws -> KeyAnswer {
        var request = request
        request.isLimited = resolved.sites.isLimited
        func note(_ failures: [HookError]) { report(failures, of: resolved.definition.service) }
        let outcome = try await resolved.sites.key(
            request,
            noting: note
        ) { request in
            guard request.service == resolved.definition.service else { throw ResolvedService.changedTwice(request) }
            return try self.answer(of: resolved)
        }
        let answer = try outcome.output.attributed(
            to: outcome.answeredBy,
            service: outcome.arguments.service,
            passed: outcome.arguments.passed
        )
        report(skipped: outcome.arguments.passed, before: answer, of: outcome.arguments.service)
        return answer
    }

    private func answer(of resolved: ResolvedService) throws(KeyResolutionError) -> KeyAnswer {
        if let failure = resolved.failure { throw failure }
        warn(about: resolved)
        return resolved.answer
    }

    /// What the environment answers, for another service if a hook changed it.
    func answer(
        to request: KeyRequest,
        unlessChangedFrom resolved: ResolvedService,
        in state: ResolverState
    ) throws(KeyResolutionError) -> KeyAnswer {
        if request.service == resolved.definition.service { return try answer(of: resolved) }
        let changed = try state.resolved(request.service, under: request.scope.profile)
        guard case .absent(var absence) = try answer(of: changed) else { return changed.answer }
        absence.rewrittenTo = changed.definition.service
        return .absent(absence)
    }
}
