package import ExtensionHooks
package import JSON5Syntax

/// Where in a secret manager the keys of services are.
///
/// What the configuration says of a single service under the manager's name stands over it:
/// `"openai": { "team": { "secret": "openai", "field": "key" } }`.
public struct SecretLocator: Sendable {
    /// The secret's name, with `{service}`, `{profile}`, `{project}`, `{tenant}` and `{purpose}` for parts of the
    /// request, as in `prod/{service}/api_key`; nil if only services that the configuration points at a secret have
    /// one.
    let template: PathTemplate?

    /// What holds the key: the name of a field or a JSON pointer, with `{service}` for the service; nil for the
    /// service's variables, and in a secret of its own also for the secret as a whole.
    let field: String?

    /// The services that the manager is asked for; nil for all.
    let hosted: ServiceFilter?

    /// The version of the secret; nil for the newest.
    private var version: String?

    /// Makes a locator.
    ///
    /// - Parameters:
    ///   - secret: The secret's name, with parts of the request in braces; nil if the configuration says it of each
    ///     service.
    ///   - field: The name of a field, or a JSON pointer; nil for what is usual.
    ///   - hosted: The services that the manager is asked for; nil for all.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`.
    public init(
        secret: String?,
        field: String? = nil,
        hosted: ServiceFilter? = nil
    ) throws(KeyResolutionError) {
        if let field { try SecretFields.validate(field) }
        template = try Self.template(secret)
        self.field = field
        self.hosted = hosted
    }

    /// Makes a locator of what was checked where it was read.
    package init(template: PathTemplate?, field: String?, hosted: ServiceFilter? = nil, version: String? = nil) {
        self.template = template
        self.field = field
        self.hosted = hosted
        self.version = version
    }

    private static func template(_ secret: String?) throws(KeyResolutionError) -> PathTemplate? {
        guard let secret else { return nil }
        return try PathTemplate(secret, setting: "secret")
    }
}

extension SecretLocator {
    /// What is known of a request's key before the secret is read.
    package struct Location: Sendable {
        /// The name of the secret, without what the manager puts before it.
        package let segments: [String]

        /// Whether the name begins with a slash.
        let isRooted: Bool

        /// The name as it was written.
        var name: String { (isRooted ? "/" : "") + segments.joined(separator: "/") }

        package let version: String?
        package let parameters: [String: String]

        /// The names of the fields that may hold it, in order.
        package let names: [String]

        /// Whether the secret is the service's own, and nobody else is pointed at it.
        package let isAlone: Bool

        /// Whether the secret as a whole may be the key.
        let mayBeWhole: Bool

        /// Whether somebody said that this very service's key is there.
        package let isSaid: Bool
    }

    /// Where the answer to a request is.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - plugin: What the configuration says of single services stands under; nil for nothing.
    ///   - words: The members there that say which secret it is.
    ///   - read: Reads what is said of a service.
    /// - Returns: The location; nil if the manager has nothing to do with it.
    /// - Throws: A ``KeyResolutionError`` for what is wrong there, or for a scope without what the name needs.
    package func location(
        for request: KeyRequest,
        of plugin: PluginID?,
        words: [String] = ["secret", "parameters"],
        reading read: (inout JSONObjectReader) -> SecretServiceSettings = { SecretServiceSettings(from: &$0) }
    ) throws(KeyResolutionError) -> Location? {
        var request = request
        // A hook may have written an alias.
        request.service = request.catalogue.canonical(request.service)
        if let hosted, !hosted.contains(request.service) { return nil }
        let rule = request.rule
        let own = try plugin.flatMap { plugin throws(KeyResolutionError) in
            try rule?
                .section(of: plugin) { node throws(KeyResolutionError) in
                    try Self.settings(node, of: request.service, in: plugin, read)
                }
        }
        guard let template = own?.template ?? template else { return nil }
        // Where another service is pointed at the same secret, it is nobody's own.
        let isShared = own != nil && plugin.map { rule?.isShared(words, in: $0) == true } ?? false
        let isAlone = own?.template != nil && !isShared || template.namesService
        let field = own?.field ?? field
        return Location(
            segments: try template.expanded(for: request.service, request.scope),
            isRooted: template.isRooted,
            // The version of another secret says nothing of this one.
            version: own?.version ?? (own?.template == nil ? version : nil),
            parameters: own?.parameters ?? [:],
            names: SecretFields.names(for: request, field: field, isOwn: isAlone),
            isAlone: isAlone,
            mayBeWhole: field == nil && (own?.template != nil || template.namesService),
            isSaid: isAlone || field != nil || plugin.map { rule?.countsOn($0) == true } ?? false
        )
    }

    private static func settings(
        _ node: JSONNode,
        of service: Service,
        in plugin: PluginID,
        _ read: (inout JSONObjectReader) -> SecretServiceSettings
    ) throws(KeyResolutionError) -> SecretServiceSettings {
        var reader = JSONObjectReader(node, path: .root.appending(plugin.rawValue))
        let settings = read(&reader)
        let mistakes = reader.finish()
        guard !mistakes.isEmpty else { return settings }
        throw .invalidConfiguration(
            "what '\(plugin)' is told of '\(service)' is wrong: \(firstLines(of: mistakes) { $0.withoutPosition })",
            remedy: "fix the override"
        )
    }
}
