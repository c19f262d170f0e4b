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

/// A request that a plugin may answer or rewrite.
protocol PluginArguments: ServiceRequest {
    var question: PluginQuestion { get }
}

extension PluginArguments {
    /// How old a kept answer may be.
    var maximumAge: Duration? { scope.maximumAge }
}

extension KeyRequest: PluginArguments {
    var question: PluginQuestion {
        PluginQuestion(point: .getAPIKey, service: service, field: nil, scope: scope.withoutAge, rule: rule)
    }
}

extension SecretRequest: PluginArguments {
    var question: PluginQuestion {
        PluginQuestion(point: .getSecret, service: service, field: field, scope: scope.withoutAge, rule: rule)
    }
}

extension KeyScope {
    /// The scope without how old an answer may be, which makes no other question.
    var withoutAge: KeyScope {
        guard maximumAge != nil else { return self }
        var scope = self
        scope.maximumAge = nil
        return scope
    }
}
