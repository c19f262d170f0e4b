public import ExtensionHooks

extension HookPoint where Arguments == KeyRequest, Output == KeyAnswer {
    /// Asking for the main key of a service: the point that plugins hook.
    public static var getAPIKey: Self {
        Self("getAPIKey") { old, new in
            changes(service: (old.service, new.service), scope: (old.scope, new.scope))
        }
    }
}

extension HookPoint where Arguments == SecretRequest, Output == KeyAnswer {
    /// Asking for a named field of a service with several.
    ///
    /// A point of its own, so that a plugin that knows only main keys can never answer a field with the wrong value.
    public static var getSecret: Self {
        Self("getSecret") { old, new in
            (old.field == new.field ? [] : ["field \(old.field) -> \(new.field)"])
                + changes(service: (old.service, new.service), scope: (old.scope, new.scope))
        }
    }
}

private func changes(service: (old: Service, new: Service), scope: (old: KeyScope, new: KeyScope)) -> [String] {
    (service.old == service.new ? [] : ["service \(service.old) -> \(service.new)"])
        + (scope.old == scope.new ? [] : ["scope"])
}
