import ExtensionHooks
import JSON5Syntax

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
    init(template: PathTemplate?, field: String?, hosted: ServiceFilter?) {
        self.template = template
        self.field = field
        self.hosted = hosted
    }

    private static func template(_ secret: String?) throws(KeyResolutionError) -> PathTemplate? {
        guard let secret else { return nil }
        return try PathTemplate(secret, setting: "secret")
    }
}

/// Where the key of one request is.
struct SecretPlace: Hashable, Sendable {
    let name: SecretName
    let version: String?
    let parameters: [String: String]
}

extension SecretLocator {
    /// What is known of a request's key before the secret is read.
    struct Location {
        let place: SecretPlace

        /// The names of the fields that may hold it, in order; none for the secret as a whole.
        let names: [String]

        /// Whether the secret is the service's own, so that as a whole it may be the key.
        let isOwn: Bool

        /// Whether somebody said that this very service's key is there.
        let isSaid: Bool
    }

    /// Where the answer to a request is; nil if the manager has nothing to do with it.
    func location(for request: KeyRequest, in secrets: ManagedSecrets) throws(KeyResolutionError) -> Location? {
        var request = request
        // A hook may have written an alias.
        request.service = request.catalogue.canonical(request.service)
        if let hosted, !hosted.contains(request.service) { return nil }
        let plugin = secrets.name.map { PluginID($0) }
        let own = try plugin.flatMap { plugin throws(KeyResolutionError) in try settings(for: request, of: plugin) }
        guard let template = own?.template ?? template else { return nil }
        let segments = try template.expanded(for: request.service, request.scope)
        let isOwn = own?.template != nil && own?.field == nil || template.namesService
        // Where another service is pointed at the same secret, common names don't say whose key they are for.
        let isShared = plugin.map { request.rule?.isShared(["secret", "parameters"], in: $0) == true } ?? false
        let isAlone = isOwn && (!isShared || template.namesService)
        let field = own?.field ?? field
        return Location(
            place: SecretPlace(
                name: try secrets.fullName(segments.joined(separator: "/")),
                version: own?.version,
                parameters: own?.parameters ?? [:]
            ),
            names: SecretFields.names(for: request, field: field, isOwn: isAlone),
            isOwn: isOwn && field == nil,
            isSaid: own != nil || field != nil || plugin.map { request.rule?.countsOn($0) == true } ?? false
        )
    }

    private func settings(
        for request: KeyRequest,
        of plugin: PluginID
    ) throws(KeyResolutionError) -> SecretServiceSettings? {
        guard let rule = request.rule else { return nil }
        return try rule.section(of: plugin) { node throws(KeyResolutionError) in
            var reader = JSONObjectReader(node, path: .root.appending(plugin.rawValue))
            let settings = SecretServiceSettings(from: &reader)
            let mistakes = reader.finish()
            guard !mistakes.isEmpty else { return settings }
            throw .invalidConfiguration(
                "what '\(plugin)' is told of '\(request.service)' is wrong: \(firstLines(of: mistakes) { $0.withoutPosition })",
                remedy: "fix it, or take it out"
            )
        }
    }
}
