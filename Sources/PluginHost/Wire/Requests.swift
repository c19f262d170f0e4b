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

/// One question to a plugin.
package struct PluginRequest: Sendable {
    /// Which side of the function the hook is on.
    package enum Phase: String, Sendable, Codable, CaseIterable {
        case start
        case end
    }

    /// The name of the hook point.
    package var point: String
    package var phase = Phase.start
    /// What the function was called with, an object.
    package var arguments: JSONNode
    /// At the end, what the function came to; without values unless the user granted them.
    package var outcome: JSONNode?
    /// Counted from 1 when the same question is asked again.
    var attempt = 1
    /// What a session gets once, and a one-shot plugin with each request: its section, and whether it may ask the user.
    var settings: (configuration: JSONNode, interactive: String)?
    /// How long the caller waits; nil for what the manifest says, counted from when the plugin is ready.
    var deadline: Duration?

    /// The message for the wire.
    package func message(id: String, deadline: Duration) -> JSONNode {
        var members = [
            JSONMember("type", .string("request")),
            JSONMember("id", .string(id)),
            JSONMember("point", .string(point)),
            JSONMember("phase", .string(phase.rawValue)),
            JSONMember("deadline_ms", .integer(deadline.roundedUpMilliseconds)),
            JSONMember("attempt", .integer(attempt)),
            JSONMember("arguments", arguments),
        ]
        if let outcome { members.append(JSONMember("outcome", outcome)) }
        // After the rest: a shell script takes the first 'service' that it finds.
        if let settings {
            members.append(JSONMember("interactive", .string(settings.interactive)))
            members.append(JSONMember("config", settings.configuration))
        }
        return JSONNode(.object(members))
    }
}
