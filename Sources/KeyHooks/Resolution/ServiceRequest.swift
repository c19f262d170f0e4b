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

    /// Whether only the plugins are asked that the user named for the service.
    var isLimited: Bool { get }
}

extension ServiceRequest {
    /// Whether a hook that may answer is asked: its filter has the service, or the user named its plugin for the service.
    ///
    /// Who is told that a plugin has the keys of a service must not find that its author thought of others.
    @inlinable
    package func isFor(_ filter: ServiceFilter) -> Bool {
        filter.contains(service) || isLimited
    }
}
