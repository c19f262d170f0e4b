/// The arguments of ``ExtensionHooks/HookPoint/getAPIKey``.
public struct KeyRequest: Hashable, ServiceRequest {
    /// The service, as its canonical id.
    public var service: Service

    /// For whom the key is wanted.
    public var scope: KeyScope

    /// The sources that were asked and did not answer, in order; see ``ExtensionHooks/StartCall/pass(_:absent:remedy:isUsual:)``.
    public var passed: [PassedSource] = []

    /// The rules of the resolver that asks; nil if none of them differs from what holds for all services.
    package var rules: KeyRules?

    /// Whether only the plugins are asked that the user named for the service.
    public internal(set) var isLimited = false

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - scope: For whom the key is wanted.
    public init(service: Service, scope: KeyScope = KeyScope()) {
        self.service = service
        self.scope = scope
    }

    init(service: Service, scope: KeyScope, rules: KeyRules?, isLimited: Bool) {
        self.service = service
        self.scope = scope
        self.rules = rules
        self.isLimited = isLimited
    }
}

/// The arguments of ``ExtensionHooks/HookPoint/getSecret``: one named field of a service with several.
public struct SecretRequest: Hashable, ServiceRequest {
    /// The service, as its canonical id.
    public var service: Service

    /// The field, such as `region`.
    public var field: String

    /// For whom the secret is wanted.
    public var scope: KeyScope

    /// The sources that were asked and did not answer, in order.
    public var passed: [PassedSource] = []

    /// The rules of the resolver that asks; nil if none of them differs from what holds for all services.
    package var rules: KeyRules?

    /// Whether only the plugins are asked that the user named for the service.
    public internal(set) var isLimited = false

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - field: The field, such as `region`.
    ///   - scope: For whom the secret is wanted.
    public init(service: Service, field: String, scope: KeyScope = KeyScope()) {
        self.service = service
        self.field = field
        self.scope = scope
    }
}

extension KeyRequest {
    /// What the configuration or the program says of the service under the scope's profile; nil for nothing.
    public var rule: KeyRule? { rules?.rule(of: service, under: scope.profile) }
}

extension SecretRequest {
    /// What the configuration or the program says of the service under the scope's profile; nil for nothing.
    public var rule: KeyRule? { rules?.rule(of: service, under: scope.profile) }
}
