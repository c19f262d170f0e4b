import KeyHooks

/// One question to a plugin.
struct PluginRequest: Sendable {
    /// Which side of the function the hook is on.
    enum Phase: String, Sendable {
        case start
        case end
    }

    /// The name of the hook point.
    var point: String
    var phase = Phase.start
    /// What the function was called with, an object.
    var arguments: JSONNode
    /// At the end, what the function came to; without values unless the user granted them.
    var outcome: JSONNode?
    /// Counted from 1 when the same question is asked again.
    var attempt = 1
    /// How long the caller waits; nil for what the manifest says, counted from when the plugin is ready.
    var deadline: Duration?

    /// The message for the wire.
    func message(id: String, deadline: Duration) -> JSONNode {
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
        return JSONNode(.object(members))
    }
}
