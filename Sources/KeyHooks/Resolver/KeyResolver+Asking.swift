import ExtensionHooks
import JSON5Syntax

// The one path of every question, for a main key or a field: the hooks, then the environment, then a look at the
// answer.

extension KeyResolver {
    /// The answer for a main key, or for a field.
    ///
    /// Inlined, since each asynchronous function on the way of a kept key costs as much as a hook.
    @inline(__always)
    func answer(
        for service: Service,
        field: String?,
        _ scope: KeyScope,
        _ maximumAge: Duration?
    ) async throws -> KeyAnswer {
        let state = try state(under: maximumAge)
        let resolved = try state.resolved(service, under: scope.profile)
        if let field {
            try check(field, of: resolved.definition)
        } else if !resolved.sites.hasKeyHooks {
            return try examined(answer(of: resolved), of: resolved)
        }
        return try await ask(resolved.request(scope, field: field, maximumAge), of: resolved, in: state)
    }

    /// Asks the hooks, and then whoever answers in the end.
    private func ask(
        _ request: KeyRequest,
        of resolved: ResolvedService,
        in state: ResolverState
    ) async throws -> KeyAnswer {
        do {
            let outcome = try await resolved.sites.call(
                request,
                noting: { self.report($0, of: resolved.definition.service) },
                body: { request in
                    let asked = try self.asked(request, insteadOf: resolved, in: state)
                    guard asked.mustBeAskedElsewhere(than: resolved) else {
                        return try self.environmentAnswer(to: request, of: asked, insteadOf: resolved, in: state)
                    }
                    return try await self.ask(request, changedTo: asked, from: resolved, in: state)
                }
            )
            return try conclude(outcome, of: request, askedOf: resolved, in: state)
        } catch {
            throw Self.shown(error, of: resolved)
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
                let asked = try self.asked(request, insteadOf: resolved, in: state)
                // Others would have to be asked, who may have to be waited for.
                if asked.mustBeAskedElsewhere(than: resolved) { throw ChangedService() }
                return try self.environmentAnswer(to: request, of: asked, insteadOf: resolved, in: state)
            }
            return try outcome.map { try conclude($0, of: request, askedOf: resolved, in: state) }
        } catch is ChangedService {
            return nil
        } catch {
            throw Self.shown(error, of: resolved)
        }
    }

    /// An error of a call as its caller gets it.
    private static func shown(_ error: any Error, of resolved: ResolvedService) -> any Error {
        error is CancellationError ? error : KeyResolutionError(error, for: resolved.definition.service)
    }

    /// What the environment has for a service, without hooks.
    private func answer(of resolved: ResolvedService) throws(KeyResolutionError) -> KeyAnswer {
        if let failure = resolved.failure { throw failure }
        for warning in resolved.warnings where remarks.isNew(.odd(warning)) { warn(warning) }
        return resolved.answer
    }

    /// The variables of a field.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `unknownField`.
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

extension KeyResolver {
    /// The service that is asked for, to which a hook may have changed the request.
    private func asked(
        _ request: KeyRequest,
        insteadOf first: ResolvedService,
        in state: ResolverState
    ) throws(KeyResolutionError) -> ResolvedService {
        if request.service == first.definition.service { return first }
        return try state.resolved(request.service, under: request.scope.profile)
    }

    /// Asks the plugins that may answer for a service to which a hook changed the request.
    private func ask(
        _ request: KeyRequest,
        changedTo asked: ResolvedService,
        from first: ResolvedService,
        in state: ResolverState
    ) async throws -> KeyAnswer {
        let outcome = try await asked.sites.call(
            request.with(asked.sites),
            noting: { self.report($0, of: asked.definition.service) },
            body: { request in
                guard request.service == asked.definition.service else { throw ResolvedService.changedTwice(request) }
                return try self.environmentAnswer(to: request, of: asked, insteadOf: first, in: state)
            }
        )
        let service = outcome.arguments.service
        try state.checkAnswerer(outcome.answeredBy, of: service, request.scope, askedFor: first)
        return try attributed(outcome, of: service, in: state)
    }

    private func environmentAnswer(
        to request: KeyRequest,
        of asked: ResolvedService,
        insteadOf first: ResolvedService,
        in state: ResolverState
    ) throws(KeyResolutionError) -> KeyAnswer {
        try state.checkEnvironment(of: asked, request.scope, askedFor: first)
        let answer: KeyAnswer
        if let field = request.field {
            let lookup = VariableLookup(try check(field, of: asked.definition), in: state.environment)
            if let failure = lookup.failure { throw failure }
            answer = lookup.answer(isRequired: true, placesTried: state.environment.placesTried)
        } else {
            answer = try self.answer(of: asked)
        }
        guard case .absent(var absence) = answer, request.service != first.definition.service else { return answer }
        absence.rewrittenTo = asked.definition.service
        return .absent(absence)
    }

    private func conclude(
        _ outcome: HookOutcome<KeyRequest, KeyAnswer>,
        of request: KeyRequest,
        askedOf resolved: ResolvedService,
        in state: ResolverState
    ) throws(KeyResolutionError) -> KeyAnswer {
        warnOfCaches(askedFor: request.service)
        if resolved.sites.areLimited || outcome.arguments.service != request.service {
            let service = outcome.arguments.service
            try state.checkAnswerer(outcome.answeredBy, of: service, request.scope, askedFor: resolved)
        }
        // Most keys were given before, and there is nothing more to say of them.
        if case .found(let key) = outcome.output, key.hasProvenance, !key.isUnexamined,
            outcome.arguments.skipped.isEmpty
        {
            return outcome.output
        }
        let answer = try attributed(outcome, of: request.service, in: state)
        return try examined(answer, of: resolved, isField: request.field != nil)
    }

    private func attributed(
        _ outcome: HookOutcome<KeyRequest, KeyAnswer>,
        of service: Service,
        in state: ResolverState
    ) throws(KeyResolutionError) -> KeyAnswer {
        let skipped = outcome.arguments.skipped
        let answer = try outcome.output.attributed(
            to: outcome.answeredBy,
            outcome.arguments,
            mayBeRemade: state.sites.haveEnds
        )
        // A field such as a region is kept elsewhere than the key without any mistake, so nothing is reported.
        if !skipped.isEmpty, outcome.arguments.field == nil { report(skipped: skipped, before: answer, of: service) }
        return answer
    }
}

/// A hook changed the service to one that other plugins are to be asked for.
private struct ChangedService: Error {}
