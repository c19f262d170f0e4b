import JSON5Syntax
import KeyHooks

/// What the host sends besides requests.
enum HostMessage: Sendable {
    case initialize(PluginLaunch, host: HostIdentity, capabilities: [PluginCapability], SessionLimits)
    /// Nobody waits any more; the answer is still owed.
    case cancel(id: String)
    /// The provider refused a key.
    case invalidate(point: String, arguments: JSONNode, reason: String)

    var node: JSONNode {
        switch self {
        case .initialize(let launch, let host, let capabilities, let limits):
            .object([
                "type": .string("init"), "v": .integer(PluginProtocol.version),
                "host": .object(["name": .string(host.name), "version": .string(host.version)]),
                "capabilities": .array(capabilities.map { .string($0.rawValue) }),
                "interactive": .string(launch.interactive), "config": launch.configuration,
                "limits": .object([
                    "line_bytes": .integer(limits.lineBytes), "in_flight": .integer(limits.inFlight),
                ]),
            ])
        case .cancel(let id): .object(["type": .string("cancel"), "id": .string(id)])
        case .invalidate(let point, let arguments, let reason):
            .object([
                "type": .string("invalidate"), "point": .string(point), "arguments": arguments,
                "reason": .string(reason),
            ])
        }
    }
}

/// Who the host says it is.
package struct HostIdentity: Sendable {
    package var name = "keyhooks"
    package var version = "0.1.0"

    package init() {}
}

/// What is the same in all messages.
enum PluginProtocol {
    static let version = 1
    static let versions = [1]
}

extension JSONNode {
    /// The value as one line for the wire.
    func wireLine() throws(JSONNode.OutputError) -> [UInt8] {
        var bytes = try jsonBytes()
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

extension JSONParser.Limits {
    /// What a message of so many bytes may cost.
    static func message(_ size: Int) -> Self { Self(size: size, depth: 64) }
}
