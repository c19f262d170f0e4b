import JSON5Syntax
import KeyHooks

/// What a plugin sends.
enum PluginMessage: Sendable {
    case hello(Hello)
    case response(id: String, PluginResponse)
    case progress(id: String, state: ProgressState?, message: String?)

    /// What keeps a request waiting; other words are passed over.
    enum ProgressState: String, Sendable {
        case waitingForUser = "waiting-for-user"
    }

    /// A plugin's first words.
    struct Hello: Sendable {
        let versions: [Int]
        let id: String?
        let capabilities: [PluginCapability]
    }

    /// Reads one line.
    init(line: ArraySlice<UInt8>) throws(Violation) {
        let node = try Self.node(of: line)
        switch node["type"]?.string {
        case "hello": self = .hello(try Hello(node))
        case "response": self = .response(id: try Self.id(node), try PluginResponse(node))
        default:
            self = .progress(
                id: try Self.id(node),
                state: node["state"]?.string.flatMap(ProgressState.init),
                message: node["message"]?.string
            )
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
