import ExtensionHooks
import JSON5Syntax
import LightFoundation
import KeyHooks

/// What a plugin's answer means for a key.
enum KeptAnswer: Sendable {
    case key(APIKey)
    case notRequired
    /// It is the plugin's to know, and it does not exist.
    case absent
    /// The next one is asked.
    case proceed
    /// The next one is asked, for another service.
    case rewrite(Service)

    /// The answer with how long it is kept: as long as the plugin says, and no longer than the service's rule.
    static func load(
        _ answer: PluginAnswer,
        of plugin: HookID,
        _ timeToLive: Duration?
    ) throws(PluginError) -> CacheLoad<KeptAnswer> {
        switch answer {
        case .finish(let result):
            var load = CacheLoad.value(try Self(result, of: plugin), expiresAt: result.cache?.expiresAt)
            load.timeToLive = kept(result.cache, timeToLive)
            return load
        case .proceed(nil): return passing(.proceed)
        case .proceed(let arguments?):
            guard let name = arguments["service"]?.string, Service(name).isValid else {
                throw violation(plugin, "it changes the arguments to something that has no service")
            }
            // Errors name the service that was looked up in the end.
            guard !PastedKey.isInPlaceOfService(name) else {
                throw violation(plugin, "it changes the service to what looks like a key")
            }
            return passing(.rewrite(Service(name)))
        case .notFound(let cache):
            var load = CacheLoad.absence(KeptAnswer.absent)
            load.expiresAt = cache?.expiresAt
            load.timeToLive = cache.map { kept($0, timeToLive) } ?? .zero
            return load
        // As long as the plugin is loaded.
        case .notMine: return .absence(.proceed)
        case .keep, .replace: throw violation(plugin, "it answers a question that was not asked")
        }
    }

    private init(_ result: PluginResult, of plugin: HookID) throws(PluginError) {
        if let value = result.value["key"]?.string, !value.isEmpty {
            let provenance = KeyProvenance(
                source: .hook(plugin, detail: result.source),
                version: result.version,
                expiresAt: result.cache?.expiresAt
            )
            self = .key(APIKey(value, provenance: provenance))
        } else if result.value["not_required"]?.kind == .bool(true) {
            self = .notRequired
        } else {
            throw Self.violation(plugin, "its result has neither a 'key' nor 'not_required'")
        }
    }

    private static func passing(_ answer: KeptAnswer) -> CacheLoad<KeptAnswer> {
        var load = CacheLoad.value(answer)
        load.timeToLive = .zero
        return load
    }

    /// How long an answer is kept: not at all if neither the plugin nor a rule says.
    private static func kept(_ hint: PluginCacheHint?, _ rule: Duration?) -> Duration {
        guard let hint else { return rule ?? .zero }
        return min(hint.timeToLive ?? (hint.expiresAt == nil ? .zero : .century), rule ?? .century)
    }

    private static func violation(_ plugin: HookID, _ message: String) -> PluginError {
        PluginError(.protocolViolation, plugin: plugin.rawValue, message)
    }
}

extension KeptAnswer: CustomReflectable {
    /// Leaves the key out.
    var customMirror: Mirror { Mirror(self, children: []) }
}
