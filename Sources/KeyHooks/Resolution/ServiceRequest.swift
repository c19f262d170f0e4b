package import ExtensionHooks

/// The arguments of a call that asks for something of a service.
public protocol ServiceRequest: Sendable {
    /// The service, as its canonical id.
    var service: Service { get set }

    /// For whom it is wanted.
    var scope: KeyScope { get }

    /// The sources that were asked and did not answer, in order.
    var passed: [PassedSource] { get set }

    /// What the configuration or the program says of the service; nil for nothing.
    var rule: KeyRule? { get }
}

extension ServiceRequest {
    /// Whether a hook that may answer is asked: its filter has the service, or the user names it for the service.
    ///
    /// Who is told that a plugin has the keys of a service must not find that its author thought of others.
    package func isFor(_ filter: ServiceFilter, _ hook: HookID) -> Bool {
        filter.contains(service) || rule?.names(hook) == true
    }
}
