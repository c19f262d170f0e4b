import JSON5Syntax
package import KeyHooks

/// A plugin's process as a source of keys.
struct PluginKeySource: KeySource {
    /// What a plugin's answer means for a key.
    enum Content: Sendable {
        case key(String, source: String?)
        case notRequired
        /// It is the plugin's to know, and it does not exist.
        case absent
        /// The next one is asked.
        case proceed
        /// The next one is asked, for another service.
        case rewrite(Service)
    }

    let id: PluginID
    let runner: any PluginRunner

    func location(for request: KeyRequest) -> PluginQuestion? { PluginQuestion(request, for: id) }

    func read(_ question: PluginQuestion) async throws -> SourceReading<Content> {
        try Self.reading(of: await runner.answerRetrying(question.request(.start)), from: id)
    }

    func key(for request: KeyRequest, in content: Content) -> SourceKey {
        switch content {
        case .key(let value, let source): .found(value, detail: source)
        case .notRequired: .notRequired
        case .absent: .absent("not found")
        case .proceed: .proceed
        case .rewrite(let service): .rewritten(to: service)
        }
    }

    /// Only the plugin knows where it looks.
    func place(of question: PluginQuestion) -> String { "" }
}

extension PluginKeySource {
    /// An answer with how long it is kept: as long as the plugin says; where it doesn't, as long as the user says.
    static func reading(of answer: PluginAnswer, from plugin: PluginID) throws(PluginError) -> SourceReading<Content> {
        switch answer {
        case .finish(let result):
            var reading = SourceReading.found(
                try content(of: result, from: plugin),
                version: result.version,
                expiresAt: result.cache?.expiresAt
            )
            reading.timeToLive = result.cache.map(\.longest)
            return reading
        case .proceed(nil): return unkept(.found(.proceed))
        case .proceed(let arguments?):
            guard let name = arguments["service"]?.string, Service(name).isValid else {
                throw violation(plugin, "it changes the arguments to something that has no service")
            }
            // Errors name the service that was looked up in the end.
            guard !PastedKey.isInPlaceOfService(name) else {
                throw violation(plugin, "it changes the service to what looks like a key")
            }
            return unkept(.found(.rewrite(Service(name))))
        case .notFound(let cache):
            var reading = SourceReading.absent(content: Content.absent)
            reading.expiresAt = cache?.expiresAt
            reading.timeToLive = cache?.longest ?? .zero
            return reading
        // As long as the plugin is loaded, whatever the user says of keys.
        case .notMine:
            var reading = SourceReading.absent(content: Content.proceed)
            reading.obeysRules = false
            return reading
        case .keep, .replace: throw violation(plugin, "it answers a question that was not asked")
        }
    }

    /// What a result means: a key, or that none is required.
    static func content(of result: PluginResult, from plugin: PluginID) throws(PluginError) -> Content {
        if let value = result.value["key"]?.string, !value.isEmpty { return .key(value, source: result.source) }
        guard result.value["not_required"]?.kind == .bool(true) else {
            throw violation(plugin, "its result has neither a 'key' nor 'not_required'")
        }
        return .notRequired
    }

    private static func unkept(_ reading: SourceReading<Content>) -> SourceReading<Content> {
        var reading = reading
        reading.timeToLive = .zero
        return reading
    }

    private static func violation(_ plugin: PluginID, _ message: String) -> PluginError {
        PluginError(kind: .protocolViolation, plugin: plugin.rawValue, message: message)
    }
}

extension PluginCacheHint {
    /// How long an answer may be kept at most; not at all if the hint names no time.
    fileprivate var longest: Duration { timeToLive ?? (expiresAt == nil ? .zero : .century) }
}

extension PluginKeySource.Content {
    /// What it comes to where nobody else is asked.
    func answer(from plugin: PluginID) -> KeyAnswer {
        switch self {
        case .key(let value, let source):
            .found(APIKey(value, provenance: KeyProvenance(source: .hook(HookID(plugin), detail: source))))
        case .notRequired: .notRequired
        case .absent, .proceed, .rewrite: .absent(KeyAbsence())
        }
    }
}

extension PluginKeySource.Content: CustomReflectable {
    /// Leaves the key out.
    var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension PluginAnswer {
    /// What the resolver would make of the answer of a plugin if there were no other source.
    package func keyAnswer(of id: PluginID) throws -> KeyAnswer {
        switch self {
        case .keep: return .absent(KeyAbsence())
        case .replace(let outcome): return try RunningPlugin.result(from: outcome, of: id).get()
        default: break
        }
        return try PluginKeySource.reading(of: self, from: id).content?.answer(from: id) ?? .absent(KeyAbsence())
    }
}

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
