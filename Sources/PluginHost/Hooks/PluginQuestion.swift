import ExtensionHooks
import JSON5Syntax
import KeyHooks

/// What a plugin is asked: all that may make a difference to its answer.
struct PluginQuestion: Hashable, Sendable {
    let point: PluginManifest.Hook.Point
    let service: Service
    let field: String?
    let scope: KeyScope

    /// What the user tells the plugin of the service.
    let settings: JSONNode?

    /// The question as it goes over the wire.
    func request(_ phase: PluginRequest.Phase, outcome: JSONNode? = nil) -> PluginRequest {
        var arguments = [JSONMember("service", .string(service.id))]
        if let field { arguments.append(JSONMember("field", .string(field))) }
        let names = [
            ("profile", scope.profile), ("project", scope.project), ("tenant", scope.tenant),
            ("purpose", scope.purpose),
        ]
        let scope = names.compactMap { name, value in value.map { JSONMember(name, .string($0)) } }
        arguments.append(JSONMember("scope", JSONNode(.object(scope))))
        if let settings { arguments.append(JSONMember("settings", settings)) }
        return PluginRequest(
            point: point.rawValue,
            phase: phase,
            arguments: JSONNode(.object(arguments)),
            outcome: outcome
        )
    }
}

extension PluginQuestion {
    init(_ request: KeyRequest, for plugin: PluginID) {
        self.init(
            point: request.field == nil ? .getAPIKey : .getSecret,
            service: request.service,
            field: request.field,
            scope: request.scope,
            settings: request.rule?.section(of: plugin)
        )
    }
}
