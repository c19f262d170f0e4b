import ExtensionHooks

// A hook may change the service of a request to one whose plugins are limited by a rule. That rule holds all the same.

extension ResolvedService {
    /// Whether other plugins are to be asked than those that were asked before a hook changed the service.
    func mustBeAskedElsewhere(than first: ResolvedService) -> Bool {
        self !== first && sites !== first.sites && definition.service != first.definition.service
    }

    static func changedTwice(_ request: KeyRequest) -> KeyResolutionError {
        .invalidConfiguration(
            "plugins changed the service of one request twice, in the end to '\(request.service)'",
            remedy: "let one plugin change it"
        )
    }
}

extension ResolverState {
    /// Refuses an answer from a plugin that may not answer for the service to which the request was changed.
    func checkAnswerer(
        _ source: CallSource,
        of service: Service,
        _ scope: KeyScope,
        askedFor first: ResolvedService
    ) throws(KeyResolutionError) {
        guard case .hook(let hook) = source, service != first.definition.service,
            let rule = rules.rule(of: catalogue.canonical(service), under: scope.profile), rule.plugins != nil,
            !rule.names(hook.plugin)
        else { return }
        throw KeyResolutionError(
            .denied,
            "'\(hook)' answered for '\(service)', to which a plugin changed the request, and may not",
            remedy: "name its plugin in providers.\(service).plugins, or do not let the service be changed",
            service: first.definition.service
        )
    }
}
