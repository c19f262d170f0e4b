import JSON5Syntax
import KeyHooks
package import LightFoundation

/// A key at the proxy as it is listed; never the key.
package struct ListedKey: Hashable, Sendable, Encodable {
    /// The SHA-256 of the key, as the proxy calls it.
    package let hash: String

    /// What it is called; nil for none, and for one that looks like a key.
    package let alias: String?

    /// The role that KeyHooks made it for; nil for a key of somebody else.
    package let role: String?

    /// The machine that it was made for.
    package let host: String?

    /// `active`, `expired`, `revoked` or `deleted`.
    package let status: String

    package let createdAt: Date?
    package let expiresAt: Date?

    /// In US dollars.
    package let spend: Double?
    package let maxBudget: Double?

    package let models: [String]
    package let userID: String?
    package let teamID: String?

    /// The parts of the scope that it was made for, by their names.
    package let scope: [String: String]

    /// Whether KeyHooks made it.
    package var isOwn: Bool { role != nil }

    init(_ info: VirtualKeyInfo) {
        hash = info.token
        alias = info.alias.flatMap { $0.hasPrefix("sk-") && PastedKey.isIn($0) ? nil : $0 }
        role = info.stamps["keyhooks_role"]
        host = info.stamps["keyhooks_host"]
        status = info.status.rawValue
        (createdAt, expiresAt) = (info.createdAt, info.expiresAt)
        (spend, maxBudget) = (info.spend, info.maxBudget)
        models = info.models
        (userID, teamID) = (info.userID, info.teamID)
        var scope: [String: String] = [:]
        for part in ["profile", "project", "tenant", "purpose"] { scope[part] = info.stamps["keyhooks_\(part)"] }
        self.scope = scope
    }
}

extension [ListedKey] {
    /// The keys that a name means: an alias, a hash, or the beginning of a hash.
    ///
    /// - Parameter name: At least eight digits of a hash.
    /// - Returns: Several only for a beginning that isn't clear.
    package func named(_ name: String) -> [ListedKey] {
        let digits = name.lowercased()
        let exact = filter { $0.alias.map { $0.hasSameBytes(as: name) } ?? false || $0.hash == digits }
        guard exact.isEmpty, digits.utf8.count >= 8, digits.allSatisfy(\.isHexDigit) else { return exact }
        return filter { $0.hash.hasPrefix(digits) }
    }
}
