import JSON5Syntax
package import KeyHooks
import ServerSettings

/// The least that a token must be allowed, for those sections of a configuration that use the same one.
package struct LeastPrivilegePolicy: Sendable, Encodable {
    /// A rule for one path.
    package struct Rule: Sendable, Encodable {
        /// The path as it is seen from the policy's namespace.
        package let path: String

        package let capabilities: [BaoCapability]

        /// What it is for, and where it is wider than it should be.
        package let remarks: [String]
    }

    /// The sections that it is for, by their paths in the file.
    package let sections: [String]

    /// The servers, or how they are found.
    package let servers: [String]

    /// The namespace that it is to be written in, which is the token's; nil for the root.
    package let namespace: String?

    package let rules: [Rule]

    /// What no policy can allow, as sentences.
    package let problems: [String]
}

extension LeastPrivilegePolicy {
    init(_ group: SectionGroup, writing: Bool, _ version: (BaoMount) -> KVVersion) {
        sections = group.sections.map(\.name)
        namespace = group.tokenNamespace
        servers = group.sections.first?.configuration.addresses?.map { (try? ServerAddress($0))?.shown ?? "" } ?? []
        var problems: [String] = []
        var rules: [Rule] = []
        for rule in group.sections.flatMap({ $0.rules(writing: writing, version) }).combined() {
            guard let way = group.way(to: rule.namespace) else {
                let problem = Self.unreachable(rule.namespace, from: group)
                if !problems.contains(problem) { problems.append(problem) }
                continue
            }
            rules.append(
                Rule(
                    path: rule.path.within(way).text,
                    capabilities: BaoCapability.allCases.filter(rule.capabilities.contains),
                    remarks: rule.reasons + rule.path.remarks
                )
            )
        }
        self.rules = rules
        self.problems = problems
    }

    /// That a token of the one namespace can't reach into the other.
    static func unreachable(_ namespace: String?, from group: SectionGroup) -> String {
        let token = group.tokenNamespace.map { "of the namespace '\($0)'" } ?? "of the root"
        let secrets = namespace.map { "in the namespace '\($0)'" } ?? "in the root"
        return
            "A token \(token) can't reach secrets \(secrets), which isn't below: set 'loginNamespace' to a namespace above "
            + "both."
    }
}

extension LeastPrivilegePolicy.Rule {
    /// As a policy writes it, on one line.
    var line: String { "path \(Self.quoted(path)) { capabilities = [\(words)] }" }

    fileprivate var block: String { "path \(Self.quoted(path)) {\n  capabilities = [\(words)]\n}" }

    private var words: String { capabilities.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") }

    /// A text in HCL, in ASCII: nothing in it acts on a terminal, and no editor normalises it.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default:
                let hex = String(scalar.value, radix: 16)
                let width = scalar.value > 0xFFFF ? 8 : 4
                quoted += (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - hex.count) + hex
            }
        }
        return quoted + "\""
    }
}

extension LeastPrivilegePolicy {
    /// The policy as `bao policy write` takes it, with what to know of it in comments.
    package var text: String {
        let server = servers.isEmpty ? "" : " (\(servers.joined(separator: ", ")))"
        let place = namespace.map { " -namespace='\($0.replacing("'", with: #"'\''"#))'" } ?? ""
        var head = ["The least that KeyHooks needs for \(sections.joined(separator: " and "))\(server)."]
        head.append("To write it: bao policy write\(place) keyhooks -")
        if let namespace { head.append("It belongs into the namespace '\(namespace)', which the token is of.") }
        head += problems.map { "PROBLEM: \($0)" }
        let blocks = rules.map { rule in Self.comment(rule.remarks) + "\n" + rule.block }
        return ([Self.comment(head)] + blocks + [Self.comment(Self.ofItself)]).joined(separator: "\n\n") + "\n"
    }

    /// What the policy `default` allows, for tokens without it.
    private static var ofItself: [String] {
        ["A token without the policy 'default' needs these too, to be looked up, renewed, revoked and checked:"]
            + itself.map(\.line)
    }

    static let itself: [Rule] = [
        Rule(path: "auth/token/lookup-self", capabilities: [.read], remarks: []),
        Rule(path: "auth/token/renew-self", capabilities: [.update], remarks: []),
        Rule(path: "auth/token/revoke-self", capabilities: [.update], remarks: []),
        Rule(path: "sys/capabilities-self", capabilities: [.update], remarks: []),
    ]

    private static func comment(_ lines: [String]) -> String {
        lines.map { "# \(displayText($0, limit: 8192))" }.joined(separator: "\n")
    }
}

extension OpenBaoPlugin {
    /// The policies that a configuration needs, one for each token that it uses.
    ///
    /// - Parameters:
    ///   - context: The configuration and the process environment.
    ///   - isWriting: Whether secrets are to be written, rotated, deleted and listed as well.
    ///   - version: The version of all mounts; nil for what the setting 'kv' says, and 2 where it isn't said.
    /// - Returns: The policies; none if OpenBao isn't asked by it.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    package static func policies(
        in context: PluginContext,
        writing isWriting: Bool,
        _ version: KVVersion?
    ) throws(KeyResolutionError) -> [LeastPrivilegePolicy] {
        try SectionGroup.all(try BaoSection.all(in: context))
            .map { group in
                let said = group.sections.compactMap(\.configuration.kv).first.flatMap { KVVersion(rawValue: $0) }
                return LeastPrivilegePolicy(group, writing: isWriting) { _ in version ?? said ?? .two }
            }
    }
}
