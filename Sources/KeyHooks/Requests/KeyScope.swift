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
        let byteCount: Int

        init(profile: String?, project: String?, tenant: String?, purpose: String?) {
            byteCount = [profile, project, tenant, purpose].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
            self.profile = profile
            self.project = project
            self.tenant = tenant
            self.purpose = purpose
        }
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
        guard [profile, project, tenant, purpose].contains(where: { $0 != nil }) else { return }
        parts = Parts(profile: profile, project: project, tenant: tenant, purpose: purpose)
    }

    private func with(
        profile: String?? = nil,
        project: String?? = nil,
        tenant: String?? = nil,
        purpose: String?? = nil
    ) -> KeyScope {
        KeyScope(
            profile: profile ?? self.profile,
            project: project ?? self.project,
            tenant: tenant ?? self.tenant,
            purpose: purpose ?? self.purpose
        )
    }

    /// The profile, such as `prod`.
    public var profile: String? {
        get { parts?.profile }
        set { self = with(profile: .some(newValue)) }
    }

    /// The project.
    public var project: String? {
        get { parts?.project }
        set { self = with(project: .some(newValue)) }
    }

    /// The tenant of a program that serves several.
    public var tenant: String? {
        get { parts?.tenant }
        set { self = with(tenant: .some(newValue)) }
    }

    /// What the key is for, such as `embedding`.
    public var purpose: String? {
        get { parts?.purpose }
        set { self = with(purpose: .some(newValue)) }
    }

    /// How many bytes the names have together, for those who keep something for each scope.
    package var byteCount: Int { parts?.byteCount ?? 0 }

    /// Byte by byte: strings that are canonically equivalent, as `K` and the Kelvin sign are, name two tenants.
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func == (left: KeyScope, right: KeyScope) -> Bool {
        if left.parts === right.parts { return true }
        return left.byteCount == right.byteCount && zip(left.names, right.names).allSatisfy(isSame)
    }

    private static func isSame(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.utf8.elementsEqual(right.utf8)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func hash(into hasher: inout Hasher) {
        guard parts != nil else { return }
        for name in names {
            hasher.combine(name?.utf8.count)
            for byte in (name ?? "").utf8 { hasher.combine(byte) }
        }
    }

    private var names: [String?] { [profile, project, tenant, purpose] }
}

extension KeyScope: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        let named = [("profile", profile), ("project", project), ("tenant", tenant), ("purpose", purpose)]
        return named.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: ",")
    }
}
