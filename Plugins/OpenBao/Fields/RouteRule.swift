import KeyHooks

/// Where keys are, for all services or for one.
struct RouteRule: Sendable {
    var path: PathTemplate
    var field: String?
    var version: Int?
    var mount: [String]
    var namespace: String?

    /// Whether the path belongs to the service alone.
    var isOwn: Bool

    init(_ configuration: OpenBaoConfiguration, namespace: String?) throws(KeyResolutionError) {
        path = try PathTemplate(configuration.path, setting: "path")
        if let field = configuration.field { try FieldChoice.validate(field) }
        field = configuration.field
        version = configuration.version
        mount = try PathTemplate(configuration.mount, setting: "mount").fixed()
        self.namespace = namespace
        isOwn = path.namesService
    }

    /// The rule for one service.
    func overlaid(
        with settings: OpenBaoServiceSettings,
        of service: Service
    ) throws(KeyResolutionError) -> RouteRule {
        var rule = self
        if let text = settings.path {
            rule.path = try PathTemplate(text, setting: "path of '\(service)'")
            // The version of another secret says nothing of this one.
            rule.version = nil
            rule.isOwn = true
        }
        if let field = settings.field {
            try FieldChoice.validate(field)
            rule.field = field
        }
        rule.version = settings.version ?? rule.version
        if let mount = settings.mount { rule.mount = try PathTemplate(mount, setting: "mount").fixed() }
        if let namespace = settings.namespace { rule.namespace = try BaoKeys.namespace(namespace) }
        return rule
    }
}
