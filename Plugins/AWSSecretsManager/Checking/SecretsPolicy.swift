#if AWS
import JSON5Syntax
package import KeyHooks
import LightFoundation

/// The least that an identity of AWS must be allowed, for those sections of a configuration that sign with it.
///
/// Which actions have resources is from AWS's Service Authorization Reference: `BatchGetSecretValue` and `ListSecrets` have
/// none, and all others that are used here have secrets.
package struct SecretsPolicy: Sendable {
    /// What is allowed, and why.
    package struct Statement: Hashable, Sendable {
        /// What it is for, in the letters that a `Sid` may have.
        package fileprivate(set) var id: String

        package let actions: [String]
        package fileprivate(set) var resources: [String]

        /// The operators, each with a condition key and the values that it may have.
        package let conditions: [Condition]
    }

    package struct Condition: Hashable, Sendable {
        let test: String
        let key: String
        let values: [String]
    }

    /// What is wanted beside reading.
    package struct Options: Sendable {
        /// Whether secrets are to be written, rotated, deleted, restored and listed as well.
        package var isWriting = false

        /// Whether many secrets are read by one request ahead of their use.
        package var warmsUp = false

        package init() {}
    }

    /// The sections that it is for, by their paths in the file.
    package let sections: [String]

    package private(set) var statements: [Statement] = []

    /// What to know of it, as sentences.
    package private(set) var remarks: [String] = []
}

extension SecretsPolicy {
    init(_ group: [PlacedSection], _ options: Options) {
        sections = group.map(\.section.name)
        for section in group {
            for statement in section.statements(options) { add(statement) }
            remarks += section.remarks(options)
        }
        statements.sort { Self.rank($0) < Self.rank($1) }
        number()
        let size = document.utf8.count { $0 > 0x20 }
        if size > 6_144 {
            remarks.append(
                "The policy has \(size) characters, and IAM takes 6144 of a managed policy: use a template with {service}, or "
                    + "spread the sections over several roles."
            )
        }
    }

    /// Adds what is allowed to what is allowed under the same conditions.
    private mutating func add(_ new: Statement) {
        guard !new.resources.isEmpty else { return }
        let known = statements.firstIndex {
            $0.id == new.id && $0.actions == new.actions && $0.conditions == new.conditions
        }
        guard let known else { return statements.append(new) }
        statements[known].resources = Set(statements[known].resources + new.resources).sorted()
    }

    private static func rank(_ statement: Statement) -> (Int, String) {
        (ids.firstIndex(of: statement.id) ?? ids.count, statement.resources.first ?? "")
    }

    /// The order of the statements.
    private static let ids = [
        Purpose.read, Purpose.readTogether, Purpose.decrypt, Purpose.write, Purpose.replicate, Purpose.list,
        Purpose.encrypt, Purpose.encryptReplicas,
    ]

    /// Tells statements of one purpose apart.
    private mutating func number() {
        var counts: [String: Int] = [:]
        for index in statements.indices {
            let count = counts[statements[index].id, default: 0] + 1
            counts[statements[index].id] = count
            if count > 1 { statements[index].id += "\(count)" }
        }
    }

    /// What statements are for.
    enum Purpose {
        static let read = "ReadSecrets"
        static let readTogether = "ReadSecretsTogether"
        static let decrypt = "DecryptSecrets"
        static let write = "WriteSecrets"
        static let replicate = "ReplicateSecrets"
        static let list = "ListSecrets"
        static let encrypt = "EncryptAndDecryptSecrets"
        static let encryptReplicas = "EncryptReplicas"
    }
}

extension SecretsPolicy {
    /// The policy as IAM takes it.
    package var document: String { Self.text(of: node, indent: "") + "\n" }

    private var node: JSONNode {
        .object([
            "Version": .string("2012-10-17"),
            "Statement": .array(statements.map(\.node)),
        ])
    }

    /// JSON with a member or an element on each line.
    private static func text(of node: JSONNode, indent: String) -> String {
        let inner = indent + "  "
        func lines(_ parts: [String], _ open: String, _ close: String) -> String {
            parts.isEmpty
                ? open + close
                : "\(open)\n\(parts.map { inner + $0 }.joined(separator: ",\n"))\n\(indent)\(close)"
        }
        if let members = node.members {
            return lines(
                members.map { "\(quoted($0.name)): \(text(of: $0.value, indent: inner))" },
                "{",
                "}"
            )
        }
        if let elements = node.elements { return lines(elements.map { text(of: $0, indent: inner) }, "[", "]") }
        return quoted(node.string ?? "")
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: (try? JSONNode.string(text).jsonBytes()) ?? [], as: UTF8.self)
    }
}

extension SecretsPolicy.Statement {
    fileprivate var node: JSONNode {
        let texts = { (texts: [String]) in JSONNode.array(texts.map(JSONNode.string)) }
        var members = [
            JSONMember("Sid", .string(id)), JSONMember("Effect", .string("Allow")),
            JSONMember("Action", texts(actions)), JSONMember("Resource", texts(resources)),
        ]
        if !conditions.isEmpty {
            let tests = conditions.map {
                JSONMember($0.test, JSONNode(.object([JSONMember($0.key, texts($0.values))])))
            }
            members.append(JSONMember("Condition", JSONNode(.object(tests))))
        }
        return JSONNode(.object(members))
    }
}

extension SecretsPolicy: Encodable {
    private enum CodingKeys: CodingKey {
        case sections, policy, remarks
    }

    private struct Document: Encodable {
        let Version = "2012-10-17"
        let Statement: [Statement]
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sections, forKey: .sections)
        try container.encode(Document(Statement: statements), forKey: .policy)
        try container.encode(remarks, forKey: .remarks)
    }
}

extension SecretsPolicy.Statement: Encodable {
    private enum CodingKeys: String, CodingKey {
        case id = "Sid"
        case effect = "Effect"
        case actions = "Action"
        case resources = "Resource"
        case conditions = "Condition"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode("Allow", forKey: .effect)
        try container.encode(actions, forKey: .actions)
        try container.encode(resources, forKey: .resources)
        guard !conditions.isEmpty else { return }
        let tests = conditions.map { ($0.test, [$0.key: $0.values]) }
        try container.encode(Dictionary(uniqueKeysWithValues: tests), forKey: .conditions)
    }
}

extension AWSPlugin {
    /// The policies that a configuration needs, one for each identity that signs; nobody is asked for that.
    ///
    /// - Parameters:
    ///   - context: The configuration and the process environment.
    ///   - names: The sections that are meant, by their paths or names; none for all.
    ///   - options: What is wanted beside reading.
    /// - Returns: The policies; none if AWS isn't asked by the configuration.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    package static func policies(
        in context: PluginContext,
        for names: [String] = [],
        _ options: SecretsPolicy.Options
    ) throws(KeyResolutionError) -> [SecretsPolicy] {
        let all = try AWSSection.all(in: context.configuration)
        for name in names where !all.contains(where: { $0.isMeant(by: name) }) {
            throw .invalidConfiguration(
                "the configuration has no section '\(displayText(name))' of AWS",
                remedy: all.isEmpty ? "write it" : "name one of \(all.map(\.name).joined(separator: ", "))"
            )
        }
        var groups: [[PlacedSection]] = []
        for section in all where names.isEmpty || names.contains(where: section.isMeant) {
            let placed = try PlacedSection(section, in: context)
            if let known = groups.firstIndex(where: { $0[0].signsLike(placed) }) {
                groups[known].append(placed)
            } else {
                groups.append([placed])
            }
        }
        let policies = groups.map { SecretsPolicy($0, options) }
        for policy in policies where policy.statements.isEmpty {
            throw .invalidConfiguration(
                "\(policy.sections.joined(separator: " and ")): nothing is read there, as 'access' is write-only",
                remedy: "print what writing needs: keyhooks aws policy --write"
            )
        }
        return policies
    }
}

extension AWSSection {
    fileprivate func isMeant(by name: String) -> Bool { self.name == name || id.rawValue == name }
}
#endif
