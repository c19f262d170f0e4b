import ExtensionHooks
import JSON5Syntax

// The one path of every question, for a main key or a field: the hooks, then the environment, then a look at the
// answer.

extension KeyResolver {
    /// Asks the hooks, and then whoever answers in the end.
    func ask(
        _ request: KeyRequest,
        of resolved: ResolvedService,
        in state: ResolverState
    ) async throws -> KeyAnswer {
        do {
            let outcome = try await resolved.sites.call(
                request,
                noting: { self.report($0, of: resolved.definition.service) },
                body: { request in
                    guard let asked = try self.changed(request, from: resolved, in: state) else {
                        return try self.environmentAnswer(to: request, of: resolved, in: state)
                    }
                    guard asked.mustBeAskedElsewhere(than: resolved) else {
                        return try self.environmentAnswer(to: request, changedTo: asked, in: state)
                    }
                    return try await self.ask(request, changedTo: asked, in: state)
                }
            )
            return try conclude(outcome, of: request, askedOf: resolved, in: state)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw KeyResolutionError(error, for: resolved.definition.service)
        }
    }

    /// The answer if nobody has to be waited for; nil if somebody would.
    func askWithoutWaiting(
        _ request: KeyRequest,
        of resolved: ResolvedService,
        in state: ResolverState
    ) throws -> KeyAnswer? {
        do {
            let outcome = try resolved.sites.keys.callWithoutWaiting(request) { request in
                guard let asked = try self.changed(request, from: resolved, in: state) else {
                    return try self.environmentAnswer(to: request, of: resolved, in: state)
                }
                // Others would have to be asked, who may have to be waited for.
                if asked.mustBeAskedElsewhere(than: resolved) { throw ChangedService() }
                return try self.environmentAnswer(to: request, changedTo: asked, in: state)
            }
            return try outcome.map { try conclude($0, of: request, askedOf: resolved, in: state) }
        } catch is ChangedService {
            return nil
        } catch let error as CancellationError {
            throw error
        } catch {
            throw KeyResolutionError(error, for: resolved.definition.service)
        }
    }

    /// What the environment has for a service, without hooks.
    func answer(of resolved: ResolvedService) throws(KeyResolutionError) -> KeyAnswer {
        if let failure = resolved.failure { throw failure }
        warn(about: resolved)
        return resolved.answer
    }

    /// The variables of a field.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `unknownField`.
    @discardableResult
    func check(
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

extension KeyResolver {
    /// The service to which a hook changed the request; nil if none did.
    private func changed(
        _ request: KeyRequest,
        from first: ResolvedService,
        in state: ResolverState
    ) throws(KeyResolutionError) -> ResolvedService? {
        if request.service == first.definition.service { return nil }
        return try state.resolved(request.service, under: request.scope.profile)
    }

    /// Asks the plugins that may answer for a service to which a hook changed the request.
    private func ask(
        _ request: KeyRequest,
        changedTo asked: ResolvedService,
        in state: ResolverState
    ) async throws -> KeyAnswer {
        let outcome = try await asked.sites.call(
            request.with(asked.sites),
            noting: { self.report($0, of: asked.definition.service) },
            body: { request in
                guard request.service == asked.definition.service else {
                    throw ResolvedService.changedTwice(request)
                }
                return try self.environmentAnswer(to: request, of: asked, in: state)
            }
        )
        return try attributed(outcome, of: outcome.arguments.service)
    }

    private func environmentAnswer(
        to request: KeyRequest,
        changedTo asked: ResolvedService,
        in state: ResolverState
    ) throws(KeyResolutionError) -> KeyAnswer {
        let answer = try environmentAnswer(to: request, of: asked, in: state)
        guard case .absent(var absence) = answer else { return answer }
        absence.rewrittenTo = asked.definition.service
        return .absent(absence)
    }

    private func environmentAnswer(
        to request: KeyRequest,
        of resolved: ResolvedService,
        in state: ResolverState
    ) throws(KeyResolutionError) -> KeyAnswer {
        guard let field = request.field else { return try answer(of: resolved) }
        let lookup = VariableLookup(try check(field, of: resolved.definition), in: state.environment)
        if let failure = lookup.failure { throw failure }
        return lookup.answer(isRequired: true, placesTried: state.environment.placesTried)
    }

    private func conclude(
        _ outcome: HookOutcome<KeyRequest, KeyAnswer>,
        of request: KeyRequest,
        askedOf resolved: ResolvedService,
        in state: ResolverState
    ) throws(KeyResolutionError) -> KeyAnswer {
        warnOfCaches(askedFor: request.service)
        if outcome.arguments.service != request.service {
            try state.checkAnswerer(
                outcome.answeredBy,
                of: outcome.arguments.service,
                request.scope,
                askedFor: resolved
            )
        }
        return try examined(
            attributed(outcome, of: request.service),
            of: resolved,
            isField: request.field != nil
        )
    }

    private func attributed(
        _ outcome: HookOutcome<KeyRequest, KeyAnswer>,
        of service: Service
    ) throws(KeyResolutionError) -> KeyAnswer {
        let skipped = outcome.arguments.skipped
        let answer = try outcome.output.attributed(to: outcome.answeredBy, service: service, skipped: skipped)
        // A field such as a region is kept elsewhere than the key without any mistake, so nothing is reported.
        if !skipped.isEmpty, outcome.arguments.field == nil { report(skipped: skipped, before: answer, of: service) }
        return answer
    }
}

/// A hook changed the service to one that other plugins are to be asked for.
private struct ChangedService: Error {}
