package import JSON5Syntax
import KeyHooks

/// What the host sends besides requests.
package enum HostMessage: Sendable {
    case initialize(PluginLaunch, capabilities: [PluginMessage.Capability], SessionLimits)
    /// Nobody waits any more; the answer is still owed.
    case cancel(id: String)
    /// The provider refused a key.
    case invalidate(point: String, arguments: JSONNode, reason: String)

    package var node: JSONNode {
        switch self {
        case .initialize(let launch, let capabilities, let limits):
            .object([
                "type": .string("init"), "v": .integer(PluginManifest.api),
                "host": .object(["name": .string("keyhooks"), "version": .string(KeyHooksVersion.current)]),
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
