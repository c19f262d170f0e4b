/// For whom a key is wanted, so that hooks can answer per project, tenant or purpose.
///
/// The default look-up in `.env` and the environment knows no scopes and answers for all of them alike.
public struct KeyScope: Hashable, Sendable {
    /// Kept out of line: nearly all calls have an empty scope, and each copies its request several times.
    private final class Parts: Sendable {
        let profile: String?
        let project: String?
        let tenant: String?
        let purpose: String?

        init(profile: String?, project: String?, tenant: String?, purpose: String?) {
            self.profile = profile
            self.project = project
            self.tenant = tenant
            self.purpose = purpose
        }

        var all: [String?] { [profile, project, tenant, purpose] }
    }

    /// Nil if every part is nil.
    private var parts: Parts?

    /// Makes a scope.
    ///
    /// - Parameters:
    ///   - profile: The profile, such as `prod`.
    ///   - project: The project.
    ///   - tenant: The tenant of a program that serves several.
    ///   - purpose: What the key is for, such as `embedding`.
    public init(profile: String? = nil, project: String? = nil, tenant: String? = nil, purpose: String? = nil) {
        guard profile != nil || project != nil || tenant != nil || purpose != nil else { return }
        parts = Parts(profile: profile, project: project, tenant: tenant, purpose: purpose)
    }

    /// The profile, such as `prod`.
    public var profile: String? {
        get { parts?.profile }
        set { self = KeyScope(profile: newValue, project: project, tenant: tenant, purpose: purpose) }
    }

    /// The project.
    public var project: String? {
        get { parts?.project }
        set { self = KeyScope(profile: profile, project: newValue, tenant: tenant, purpose: purpose) }
    }

    /// The tenant of a program that serves several.
    public var tenant: String? {
        get { parts?.tenant }
        set { self = KeyScope(profile: profile, project: project, tenant: newValue, purpose: purpose) }
    }

    /// What the key is for, such as `embedding`.
    public var purpose: String? {
        get { parts?.purpose }
        set { self = KeyScope(profile: profile, project: project, tenant: tenant, purpose: newValue) }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func == (left: KeyScope, right: KeyScope) -> Bool {
        left.parts === right.parts || left.parts?.all == right.parts?.all
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func hash(into hasher: inout Hasher) {
        hasher.combine(parts?.all)
    }
}

extension KeyScope: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        let named = [("profile", profile), ("project", project), ("tenant", tenant), ("purpose", purpose)]
        return named.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: ",")
    }
}
