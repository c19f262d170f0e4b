import JSON5Syntax
import KeyHooks

/// Whose key it is: all callers of one role and one scope share it.
struct RoleLocation: Sendable {
    let role: String
    let scope: KeyScope

    /// The service, where a name in the role says which it is for.
    let service: Service?

    /// What the key is called, without the name of the loan.
    let stem: String

    /// Whose it is in LiteLLM, as members of the request.
    let owners: [JSONMember]

    /// Whether it is that of the proxy's address, and of no key.
    var isAddress = false

    /// Where the proxy's address is, which is the same for all.
    static let address = RoleLocation(
        role: "",
        scope: KeyScope(),
        service: nil,
        stem: "",
        owners: [],
        isAddress: true
    )
}

extension RoleLocation: Hashable {
    // The rest follows from these. A role's name is ASCII; scope and service are compared byte by byte.
    static func == (left: Self, right: Self) -> Bool {
        left.role == right.role && left.scope == right.scope && left.service == right.service
            && left.isAddress == right.isAddress
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(role)
        hasher.combine(scope)
        hasher.combine(service)
        hasher.combine(isAddress)
    }
}

/// A role with its templates read.
struct MintingRole: Sendable {
    let name: String
    let role: VirtualKeyRole
    private let alias: IdentityTemplate?
    private let owners: [(member: String, template: IdentityTemplate)]

    init(_ name: String, _ role: VirtualKeyRole) throws(KeyResolutionError) {
        self.name = name
        self.role = role
        guard LiteLLMConfiguration.isRoleName(name) else {
            throw .invalidConfiguration(
                "'\(displayText(name))' isn't a valid name for a role of LiteLLM",
                remedy: "use letters, digits, '.', '_' and '-', at most 64"
            )
        }
        if let fault = role.fault {
            throw .invalidConfiguration("the role '\(displayText(name))' of LiteLLM \(fault)", remedy: "fix the role")
        }
        func template(_ text: String?, _ setting: String) throws(KeyResolutionError) -> IdentityTemplate? {
            guard let text else { return nil }
            return try IdentityTemplate(text, setting: "'\(setting)' of the role '\(displayText(name))'", role: name)
        }
        alias = try template(role.alias, "alias")
        var owners: [(member: String, template: IdentityTemplate)] = []
        let texts = [
            ("user_id", "userID", role.userID), ("team_id", "teamID", role.teamID),
            ("organization_id", "organizationID", role.organizationID),
        ]
        for (member, setting, text) in texts {
            if let template = try template(text, setting) { owners.append((member, template)) }
        }
        self.owners = owners
    }

    /// Where the key of a request is.
    ///
    /// - Throws: A `KeyResolutionError` for a scope that lacks what a name needs.
    func location(for service: Service, _ scope: KeyScope) throws(KeyResolutionError) -> RoleLocation {
        var members: [JSONMember] = []
        for (member, template) in owners {
            members.append(JSONMember(member, .string(try template.expanded(for: service, scope))))
        }
        let namesService = alias?.namesService == true || owners.contains { $0.template.namesService }
        let parts = [scope.profile, scope.project, scope.tenant, scope.purpose].compactMap(\.self)
        let stem = try alias?.expanded(for: service, scope) ?? (["keyhooks", name] + parts).joined(separator: "/")
        return RoleLocation(
            role: name,
            scope: scope,
            service: namesService ? service : nil,
            stem: Self.fit(stem),
            owners: members
        )
    }

    /// A name of which LiteLLM's strictest pattern takes every character, with room for the name of the loan.
    private static func fit(_ stem: String) -> String {
        var name = ""
        for scalar in stem.unicodeScalars.prefix(200) {
            let isFit = scalar.isASCII && (UInt8(scalar.value).isWordByte || "-/.@".unicodeScalars.contains(scalar))
            name.unicodeScalars.append(isFit ? scalar : "_")
        }
        // Two dots are refused as a step up, and so is a mark at the beginning.
        name = name.replacing("..", with: "__")
        return name.utf8.first.map { $0.isWordByte && $0 != UInt8(ascii: "_") } == true ? name : "k\(name)"
    }
}
