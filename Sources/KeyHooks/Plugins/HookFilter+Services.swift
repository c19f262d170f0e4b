public import ExtensionHooks

extension HookFilter where Arguments == KeyRequest {
    /// Runs a hook for some services only.
    ///
    /// A start hook is also asked for a service for which the user names its plugin: see ``ProviderSettings/plugins``. A
    /// user who says that a plugin has the keys of a service must not find that its author thought of others.
    ///
    /// - Parameter services: The services, as ids and patterns, such as `["openai", "azure*"]`.
    /// - Returns: The filter.
    @inlinable
    public static func services(_ services: ServiceFilter) -> Self {
        Self("for other services") { request, phase in
            phase == .start ? request.isFor(services) : services.contains(request.service)
        }
    }
}
