package import JSON5Syntax
package import KeyHooks

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

extension PluginManifest.Hook {
    /// The request that the host would make of the hook.
    package func trialRequest(
        for service: Service,
        field: String?,
        scope: KeyScope,
        in configuration: KeyConfiguration
    ) -> PluginRequest {
        let question = PluginQuestion(
            point: point,
            service: service,
            field: field,
            scope: scope,
            settings: configuration.section(for: id.plugin, about: service, under: scope.profile)
        )
        return question.request(phase, outcome: phase == .end ? .object(["status": .string("absent")]) : nil)
    }
}
