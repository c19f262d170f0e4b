import ExtensionHooks
import JSON5Syntax
import KeyHooks

/// What a plugin is asked.
struct PluginQuestion: Hashable, Sendable {
    let point: PluginManifest.Hook.Point
    let service: Service
    let field: String?
    let scope: KeyScope
    let rule: KeyRule?

    /// The question as it goes over the wire.
    func request(
        _ phase: PluginRequest.Phase,
        for plugin: HookID? = nil,
        outcome: JSONNode? = nil
    ) -> PluginRequest {
        var arguments = [JSONMember("service", .string(service.id))]
        if let field { arguments.append(JSONMember("field", .string(field))) }
        let names = [
            ("profile", scope.profile), ("project", scope.project), ("tenant", scope.tenant),
            ("purpose", scope.purpose),
        ]
        let scope = names.compactMap { name, value in value.map { JSONMember(name, .string($0)) } }
        arguments.append(JSONMember("scope", JSONNode(.object(scope))))
        if let settings = plugin.flatMap({ rule?.section(of: $0) { $0 } }) {
            arguments.append(JSONMember("settings", settings))
        }
        return PluginRequest(
            point: point.rawValue,
            phase: phase,
            arguments: JSONNode(.object(arguments)),
            outcome: outcome
        )
    }
}

extension KeyRequest {
    var question: PluginQuestion {
        PluginQuestion(
            point: field == nil ? .getAPIKey : .getSecret,
            service: service,
            field: field,
            scope: scope,
            rule: rule
        )
    }
}
