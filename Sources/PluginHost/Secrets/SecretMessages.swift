import JSON5Syntax
import KeyHooks

// What a plugin that manages secrets is asked, and what its results mean.

extension SecretOperation {
    /// The point of the request that asks for it.
    var point: String {
        switch self {
        case .read: "secret.read"
        case .write, .checkAndSet: "secret.write"
        case .list: "secret.list"
        case .rotate: "secret.retire"
        case .health: "secret.health"
        case .delete: "secret.delete"
        }
    }
}

extension PluginRequest {
    /// A question about secrets.
    init(_ operation: SecretOperation, _ arguments: [(String, JSONNode?)], parameters: [String: String] = [:]) {
        var members = arguments.compactMap { name, value in value.map { JSONMember(name, $0) } }
        if !parameters.isEmpty { members.append(JSONMember("parameters", JSONNode(texts: parameters))) }
        self.init(point: operation.point, arguments: JSONNode(.object(members)))
    }

    /// A question about a secret that nobody has.
    package static let aboutNothing = PluginRequest(.read, [("name", .string("keyhooks-check/nobody-has-this"))])
}

extension JSONNode {
    init(texts: [String: String]) {
        self.init(.object(texts.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }))
    }

    /// A secret's content as it goes over the wire.
    init(_ content: SecretContent) {
        switch content.form {
        case .text(let text): self = .object(["text": .string(text)])
        case .fields(let fields): self = .object(["fields": fields])
        }
    }

    /// What a write depends on as it goes over the wire.
    init(_ condition: SecretCondition) {
        guard let expected = condition.expected else {
            self = .object(["absent": .bool(true)])
            return
        }
        self = .object(
            expected.version.map { ["version": .string($0)] } ?? ["secret": JSONNode(expected.content)]
        )
    }
}

extension StoredSecret {
    /// Reads the result of `secret.read`.
    init(_ result: JSONNode) throws(PluginMessage.Violation) {
        let content: SecretContent
        switch (result["text"]?.string, result["fields"]) {
        case (let text?, nil): content = .text(text)
        case (nil, let fields?) where fields.members != nil: content = SecretContent(.fields(fields))
        default:
            throw PluginMessage.Violation(
                problem: "the result of 'secret.read' has neither a 'text' nor an object 'fields', or both"
            )
        }
        let end = result["expires_at"]
        guard end == nil || end?.kind == .null || end?.date != nil else {
            throw PluginMessage.Violation(problem: "its 'expires_at' isn't a time as ISO 8601 writes it")
        }
        self.init(
            content,
            version: try result.version(notIn: result.withoutRemarks.strings),
            createdAt: result["created_at"]?.date,
            expiresAt: end?.date
        )
    }
}

extension SecretPage {
    /// Reads the result of `secret.list`.
    init(_ result: JSONNode) throws(PluginMessage.Violation) {
        guard let names = result["names"]?.elements?.map(\.string), !names.contains(nil) else {
            throw PluginMessage.Violation(problem: "the result of 'secret.list' has no list of texts as 'names'")
        }
        // What can't be a name can't be asked for.
        self.init(names.compactMap { $0.flatMap { try? SecretName($0) } }, next: result["next"]?.string)
    }
}

extension JSONNode {
    /// The version in a result, which is shown and so must not be the secret itself.
    func version(notIn secret: [String]) throws(PluginMessage.Violation) -> String? {
        guard let version = self["version"], version.kind != .null else { return nil }
        guard let text = version.string, (1...256).contains(text.utf8.count), displayText(text, limit: 256) == text,
            !secret.contains(where: {
                $0.utf8.count >= 8 && (text.contains($0) || text.utf8.count >= 8 && $0.contains(text))
            })
        else {
            throw PluginMessage.Violation(
                problem:
                    "its 'version' isn't a text of up to 256 plain characters, or it holds the secret or a part of it"
            )
        }
        return text
    }
}
