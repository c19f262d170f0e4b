/// What host and plugin may use when both have it.
package enum PluginCapability: String, CaseIterable, Sendable {
    /// Several requests on one line.
    case batch
    /// The host tells that nobody waits for an answer any more.
    case cancel
    /// The plugin tells that it waits for somebody.
    case progress
    /// The host tells that a key was refused.
    case invalidate
}
