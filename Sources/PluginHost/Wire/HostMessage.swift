package import JSON5Syntax
import KeyHooks

/// What the host sends besides requests.
package enum HostMessage {
    package static func initialize(
        _ launch: PluginLaunch,
        capabilities: [PluginMessage.Capability],
        _ limits: SessionLimits
    ) -> JSONNode {
        .object([
            "type": .string("init"), "v": .integer(PluginManifest.api),
            "host": .object(["name": .string("keyhooks"), "version": .string(KeyHooksVersion.current)]),
            "capabilities": .array(capabilities.map { .string($0.rawValue) }),
            "interactive": .string(launch.interactive), "config": launch.configuration,
            "limits": .object([
                "line_bytes": .integer(limits.lineBytes), "in_flight": .integer(limits.inFlight),
            ]),
        ])
    }

    /// Nobody waits any more; the answer is still owed.
    package static func cancel(id: String) -> JSONNode {
        .object(["type": .string("cancel"), "id": .string(id)])
    }

    /// The provider refused a key.
    package static func invalidate(point: String, arguments: JSONNode, reason: String) -> JSONNode {
        .object([
            "type": .string("invalidate"), "point": .string(point), "arguments": arguments, "reason": .string(reason),
        ])
    }
}

extension JSONNode {
    /// The value as one line for the wire.
    package func wireLine() throws(JSONNode.OutputError) -> [UInt8] {
        var bytes = try jsonBytes()
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

extension JSONParser.Limits {
    /// What a message of so many bytes may cost.
    package static func message(_ size: Int) -> Self { Self(size: size, depth: 64) }
}

/// Puts requests that are sent at the same time on one line, where the plugin can take that and as far as it may be
/// long.
struct BatchLine {
    private static let opening = Array(#"{"type":"batch","requests":["#.utf8)
    private static let closing = Array("]}\n".utf8)

    private let limit: Int
    private let isOpen: Bool
    private var requests: [[UInt8]] = []
    private var size = 0

    /// Makes a line.
    ///
    /// - Parameters:
    ///   - limit: How many bytes it may have without its end.
    ///   - isOpen: Whether it may hold several requests.
    init(limit: Int, isOpen: Bool) {
        self.limit = limit
        self.isOpen = isOpen
    }

    /// Takes a request in, as JSON, and gives back the line that is complete by that.
    mutating func add(_ request: [UInt8]) -> [UInt8]? {
        // The end of the line does not count, nor does the comma after the last.
        let room = limit - Self.opening.count - (Self.closing.count - 1)
        let complete = isOpen && size + request.count <= room ? nil : finish()
        requests.append(request)
        size += request.count + 1
        return complete
    }

    /// The line of what was taken in so far.
    mutating func finish() -> [UInt8]? {
        defer {
            requests = []
            size = 0
        }
        guard requests.count > 1 else { return requests.first.map { $0 + [UInt8(ascii: "\n")] } }
        return Self.opening + requests.joined(separator: [UInt8(ascii: ",")]) + Self.closing
    }
}
