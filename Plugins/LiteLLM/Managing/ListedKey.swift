import JSON5Syntax
import KeyHooks
package import LightFoundation

/// A key at the proxy as it is listed; never the key.
package struct ListedKey: Hashable, Sendable {
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

    /// The hash of the admin key that it was made to replace.
    let replaces: String?

    /// The user whose key made it.
    let creator: String?

    /// Whether KeyHooks made it.
    package var isOwn: Bool { role != nil }

    /// Whether it is the key of a static role: such a key is called by its own hash.
    var isStatic: Bool { isOwn && (alias?.hasSuffix("-\(hash.prefix(24))") ?? false) }

    init(_ row: JSONNode, now: Date) {
        let info = VirtualKeyInfo(row, now: now)
        hash = info.token
        alias = info.alias.flatMap { Self.isShown($0, info.stamps["keyhooks_request"]) ? $0 : nil }
        role = info.stamps["keyhooks_role"]
        host = info.stamps["keyhooks_host"]
        status = info.status.rawValue
        (createdAt, expiresAt) = (info.createdAt, info.expiresAt)
        (spend, maxBudget) = (info.spend, info.maxBudget)
        models = info.models
        (userID, teamID) = (info.userID, info.teamID)
        replaces = info.stamps["keyhooks_replaces"]
        creator = row["created_by"]?.string
        var scope: [String: String] = [:]
        for part in ["profile", "project", "tenant", "purpose"] { scope[part] = info.stamps["keyhooks_\(part)"] }
        self.scope = scope
    }

    /// People give keys as names by mistake; the name of a loan looks like one, and is none.
    private static func isShown(_ alias: String, _ mark: String?) -> Bool {
        guard let mark, mark.utf8.count == 24, mark.allSatisfy(\.isHexDigit), alias.hasSuffix("-\(mark)") else {
            return !PastedKey.isIn(alias)
        }
        return !PastedKey.isIn(String(alias.dropLast(mark.count + 1)))
    }
}

extension ListedKey: Encodable {
    private enum CodingKeys: CodingKey {
        case hash, alias, role, host, status, createdAt, expiresAt, spend, maxBudget, models, userID, teamID, scope
    }
}

extension [ListedKey] {
    /// The keys that a name may mean: an alias, a hash, or the beginning of a hash.
    ///
    /// A whole hash is that key's alone, whatever others are called.
    ///
    /// - Parameter name: The alias, or at least eight digits of a hash.
    /// - Returns: Several where it isn't clear which one is meant.
    package func named(_ name: String) -> [ListedKey] {
        let digits = name.lowercased()
        if let key = first(where: { $0.hash == digits }) { return [key] }
        let isBeginning = digits.utf8.count >= 8 && digits.allSatisfy(\.isHexDigit)
        return filter { key in
            key.alias.map { $0.hasSameBytes(as: name) } ?? false || isBeginning && key.hash.hasPrefix(digits)
        }
    }
}
