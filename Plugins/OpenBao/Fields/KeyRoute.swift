import KeyHooks

/// Where the key of one request is: the secret, and its fields.
struct KeyRoute: Hashable, Sendable {
    let address: SecretAddress
    let choice: FieldChoice

    /// Whether the path belongs to the service alone.
    let isOwn: Bool

    /// Whether the configuration says that this very service's key is there: by a path, a field, or the plugin's name.
    var isSaid = false
}

/// What is asked for: the main key of a service or a named field.
struct KeyQuestion: Hashable, Sendable {
    var service: Service
    let field: String?
    let scope: KeyScope

    /// What the resolver that asks says of the service.
    let rule: KeyRule?
}

extension KeyQuestion {
    init(_ request: KeyRequest) {
        self.init(service: request.service, field: request.field, scope: request.scope, rule: request.rule)
    }
}
