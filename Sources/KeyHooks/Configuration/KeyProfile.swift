/// What differs under one profile, such as `prod`.
///
/// A call is under a profile if its ``KeyScope/profile`` names it.
public struct KeyProfile: Hashable, Sendable {
    /// What differs for single services.
    public var providers: [Service: ProviderSettings]

    /// Describes a profile.
    ///
    /// - Parameter providers: What differs for single services.
    public init(providers: [Service: ProviderSettings] = [:]) {
        self.providers = providers
    }
}
