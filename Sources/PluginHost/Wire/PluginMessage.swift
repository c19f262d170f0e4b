import KeyHooks

/// What a plugin sends.
enum PluginMessage: Sendable {
    case hello(Hello)
    case response(id: String, PluginResponse)
    case progress(id: String, state: String?, message: String?)

    /// A plugin's first words.
    struct Hello: Sendable {
        let versions: [Int]
        let id: String?
        let capabilities: [PluginCapability]
    }

    /// A line that is no message, and what is wrong with it in words without a value.
    struct Violation: Error {
        let problem: String
    }

    /// Reads one line.
    init(line: ArraySlice<UInt8>) throws(Violation) {
        let node: JSONNode
        do {
            node = try JSON5.parse(line, limits: .message(line.count))
        } catch {
            throw Violation(problem: "a line that is no JSON")
        }
        guard node.members != nil else { throw Violation(problem: "a line that is no JSON object") }
        switch node["type"]?.string {
        case "hello": self = .hello(try Hello(node))
        case "response": self = .response(id: try Self.id(node), try PluginResponse(node))
        case "progress":
            self = .progress(id: try Self.id(node), state: node["state"]?.string, message: node["message"]?.string)
        case nil: throw Violation(problem: "a message without a type")
        case .some: throw Violation(problem: "a message of an unknown type")
        }
    }

    private static func id(_ node: JSONNode) throws(Violation) -> String {
        guard let id = node["id"]?.string else { throw Violation(problem: "a message without the id of a request") }
        return id
    }
}

extension PluginMessage.Hello {
    fileprivate init(_ node: JSONNode) throws(PluginMessage.Violation) {
        guard let elements = node["v"]?.elements else {
            throw PluginMessage.Violation(problem: "a hello without a list of versions")
        }
        versions = elements.compactMap { element in
            if case .number(let number) = element.kind { number.int } else { nil }
        }
        id = node["plugin"]?["id"]?.string
        capabilities = (node["capabilities"]?.elements ?? []).compactMap(\.string).compactMap(PluginCapability.init)
    }
}
