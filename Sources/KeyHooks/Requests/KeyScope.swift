/// For whom a key is wanted, so that hooks can answer per project, tenant or purpose.
///
/// The default look-up in `.env` and the environment knows no scopes and answers for all of them alike.
public struct KeyScope: Hashable, Sendable {
    private struct Parts: Sendable {
        var profile: String?
        var project: String?
        var tenant: String?
        var purpose: String?

        var all: [String?] { [profile, project, tenant, purpose] }
    }

    /// Kept out of line: nearly all calls have an empty scope, and each copies its request several times.
    private final class Storage: Sendable {
        let parts: Parts
        let byteCount: Int

        init(_ parts: Parts) {
            self.parts = parts
            byteCount = parts.all.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
        }
    }

    /// Nil if every part is nil.
    private var storage: Storage?

    /// Makes a scope.
    ///
    /// - Parameters:
    ///   - profile: The profile, such as `prod`.
    ///   - project: The project.
    ///   - tenant: The tenant of a program that serves several.
    ///   - purpose: What the key is for, such as `embedding`.
    public init(profile: String? = nil, project: String? = nil, tenant: String? = nil, purpose: String? = nil) {
        if profile == nil, project == nil, tenant == nil, purpose == nil { return }
        storage = Storage(Parts(profile: profile, project: project, tenant: tenant, purpose: purpose))
    }

    private mutating func set(_ part: WritableKeyPath<Parts, String?>, _ name: String?) {
        var parts = storage?.parts ?? Parts()
        parts[keyPath: part] = name
        storage = parts.all.contains { $0 != nil } ? Storage(parts) : nil
    }

    /// The profile, such as `prod`.
    public var profile: String? {
        get { storage?.parts.profile }
        set { set(\.profile, newValue) }
    }

    /// The project.
    public var project: String? {
        get { storage?.parts.project }
        set { set(\.project, newValue) }
    }

    /// The tenant of a program that serves several.
    public var tenant: String? {
        get { storage?.parts.tenant }
        set { set(\.tenant, newValue) }
    }

    /// What the key is for, such as `embedding`.
    public var purpose: String? {
        get { storage?.parts.purpose }
        set { set(\.purpose, newValue) }
    }

    /// How many bytes the names have together, for those who keep something for each scope.
    package var byteCount: Int { storage?.byteCount ?? 0 }

    /// Byte by byte: strings that are canonically equivalent, as `K` and the Kelvin sign are, name two tenants.
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func == (left: KeyScope, right: KeyScope) -> Bool {
        if left.storage === right.storage { return true }
        return left.byteCount == right.byteCount && zip(left.names, right.names).allSatisfy(isSame)
    }

    private static func isSame(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.utf8.elementsEqual(right.utf8)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func hash(into hasher: inout Hasher) {
        guard storage != nil else { return }
        for name in names {
            hasher.combine(name?.utf8.count)
            for byte in (name ?? "").utf8 { hasher.combine(byte) }
        }
    }

    private var names: [String?] { storage?.parts.all ?? Parts().all }
}

extension KeyScope: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        let named = [("profile", profile), ("project", project), ("tenant", tenant), ("purpose", purpose)]
        return named.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: ",")
    }
}
