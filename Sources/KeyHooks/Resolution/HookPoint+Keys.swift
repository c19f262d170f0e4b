public import ExtensionHooks

extension HookPoint where Arguments == KeyRequest, Output == KeyAnswer {
    /// Asking for the main key of a service: the point that plugins hook.
    public static var getAPIKey: Self { Self("getAPIKey", describeRewrite: changes) }

    /// Asking for a named field of a service with several.
    ///
    /// A point of its own, so that a plugin that knows only main keys can never answer a field with the wrong value.
    public static var getSecret: Self { Self("getSecret", describeRewrite: changes) }
}

@Sendable
private func changes(_ old: KeyRequest, _ new: KeyRequest) -> [String] {
    (old.field == new.field ? [] : ["field \(old.field ?? "") -> \(new.field ?? "")"])
        + (old.service == new.service ? [] : ["service \(old.service) -> \(new.service)"])
        + (old.scope == new.scope ? [] : ["scope"])
}
