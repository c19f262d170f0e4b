import ExtensionHooks

/// The call sites that keys and named fields are asked for at.
///
/// An object, since taking it out of another one is then one reference and not eight.
final class KeyCallSites: Sendable {
    let registry: HookRegistry
    let keys: HookSite<KeyRequest, KeyAnswer>
    let secrets: HookSite<KeyRequest, KeyAnswer>
    private let context: KeyRequest.Context

    /// Makes call sites.
    init(in registry: HookRegistry, _ context: KeyRequest.Context) {
        self.registry = registry
        keys = HookSite(.getAPIKey, in: registry)
        secrets = HookSite(.getSecret, in: registry)
        self.context = context
    }

    /// Whether only the plugins are asked that the user named.
    var areLimited: Bool { context.isLimited }

    /// Whether anybody would be asked for a main key.
    var hasKeyHooks: Bool { keys.isUsed }

    /// Whether a hook may change an answer.
    var haveEnds: Bool { keys.hasEnds || secrets.hasEnds }

    /// What comes with a request; one object for all plain calls, which so allocate nothing.
    func context(field: String?, maximumAge: Duration?) -> KeyRequest.Context {
        field == nil && maximumAge == nil ? context : context.with(field: field, maximumAge: maximumAge)
    }

    /// Asks for a key or a field; a method, so that nothing is taken out of the object for the time of the call.
    func call(
        _ request: KeyRequest,
        noting note: ([HookError]) -> Void,
        body: (KeyRequest) async throws -> KeyAnswer
    ) async throws -> HookOutcome<KeyRequest, KeyAnswer> {
        guard request.field == nil else {
            return try await secrets.callReportingSource(request, noting: note, body: body)
        }
        return try await keys.callReportingSource(request, noting: note, body: body)
    }

    /// The same as another object, for threads that are not to share reference counts.
    func copy() -> KeyCallSites { KeyCallSites(in: registry, context.copy()) }
}
