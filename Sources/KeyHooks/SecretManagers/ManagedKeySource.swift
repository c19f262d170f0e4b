import ExtensionHooks
import JSON5Syntax
import LightFoundation

/// The secrets of a manager as a source of keys.
///
/// ```swift
/// hooks.answer(from: try safe.keys(at: "prod/{service}/api_key", hosted: ["openai"]), id: "safe")
/// ```
///
/// What is written, deleted or rotated through the same ``ManagedSecrets`` is read again by the next call; what is
/// changed elsewhere is seen when its TTL ends.
public struct ManagedKeySource: KeySource {
    let secrets: ManagedSecrets
    let locator: SecretLocator

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public struct Location: Hashable, Sendable {
        let name: SecretName
        private let exactVersion: ExactText?
        // To a store two parameters may differ that to Swift are one text.
        let exactParameters: [ExactText: ExactText]

        init(name: SecretName, version: String?, parameters: [String: String]) {
            self.name = name
            exactVersion = version.map { ExactText($0) }
            exactParameters = Dictionary(
                uniqueKeysWithValues: parameters.map { (ExactText($0.key), ExactText($0.value)) }
            )
        }

        var version: String? { exactVersion?.text }

        var parameters: [String: String] {
            Dictionary(uniqueKeysWithValues: exactParameters.map { ($0.key.text, $0.value.text) })
        }
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func location(for request: KeyRequest) throws -> Location? {
        guard secrets.access.isReadable else { return nil }
        return try located(request).map { try place(of: $0) }
    }

    private func located(_ request: KeyRequest) throws(KeyResolutionError) -> SecretLocator.Location? {
        do throws(KeyResolutionError) {
            return try locator.location(for: request, of: secrets.name.map { PluginID($0) })
        } catch {
            // Of several managers, nobody would know which one wants a profile.
            throw KeyResolutionError(
                error.code,
                "\(secrets.title): \(error.message)",
                remedy: error.remedy,
                service: error.service
            )
        }
    }

    private func place(of found: SecretLocator.Location) throws(KeyResolutionError) -> Location {
        Location(
            name: try secrets.fullName(found.name),
            version: found.version,
            parameters: found.parameters
        )
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func read(_ location: Location) async throws -> SourceReading<SecretContent> {
        let options = SecretOptions(version: location.version, parameters: location.parameters)
        return try reading(of: await secrets.read(location.name, options), at: location)
    }

    /// What is kept of a secret.
    func reading(
        of secret: StoredSecret?,
        at location: Location
    ) throws(KeyResolutionError) -> SourceReading<SecretContent> {
        guard let secret else {
            return .absent(
                "no such secret",
                remedy: "write \(displayText(location.name.rawValue)) in \(secrets.title), or correct 'secret'"
            )
        }
        if let end = secret.expiresAt, end <= Date() {
            throw KeyResolutionError(
                .outdated,
                "\(secrets.title): \(location.name) has ended, at \(end.formatted(.iso8601))",
                remedy: "write a new one there"
            )
        }
        var reading = SourceReading.found(secret.content, version: secret.version, expiresAt: secret.expiresAt)
        (reading.rank, reading.createdAt) = (secret.rank, secret.createdAt)
        return reading
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func key(for request: KeyRequest, in content: SecretContent) throws -> SourceKey {
        guard let location = try located(request) else { return .absent() }
        guard let fields = content.fields else { return whole(content, location, request) }
        switch try SecretFields.value(of: location.names, in: fields, at: place(of: place(of: location) as Location)) {
        case .value(let value, let name, _): return .found(value, name: name)
        case .missing(let unset):
            if unset.isEmpty, content.text != nil, location.mayBeWhole, request.field == nil {
                return whole(content, location, request)
            }
            let missing = location.names.filter { name in !unset.contains { $0.name == name } }
            let reasons =
                unset.map { "field \($0.name) is \($0.state)" }
                + (missing.isEmpty ? [] : ["no field \(missing.joined(separator: ", "))"])
            guard location.isSaid, let first = location.names.first else {
                return .absent(reasons.joined(separator: "; "), isUsual: unset.isEmpty && !location.isSaid)
            }
            let secret = displayText(location.name)
            return .absent(
                reasons.joined(separator: "; "),
                remedy: "write field \(displayText(first)) of \(secret) in \(secrets.title), or correct where it is "
                    + "looked for",
                isUsual: false
            )
        }
    }

    /// A text as a whole is the key of the service whose own it is, and never that of others or a field.
    private func whole(
        _ content: SecretContent,
        _ location: SecretLocator.Location,
        _ request: KeyRequest
    ) -> SourceKey {
        guard let text = content.text, location.mayBeWhole, request.field == nil else {
            return .absent("it is one text, and has no fields", isUsual: !location.isSaid)
        }
        // A document with the keys of others isn't a key, though some services' keys are documents.
        if let other = Self.variable(in: text, of: request) {
            return .absent("it is a document with \(other) in it, and not one key")
        }
        return text.allSatisfy(\.isWhitespace) ? .absent("it is empty") : .found(text)
    }

    /// The variable of a service that stands in a document, whether or not it can be understood: a JSON document, or
    /// lines such as `NAME=value` for another service.
    private static func variable(in text: String, of request: KeyRequest) -> String? {
        let isJSON =
            text.unicodeScalars.first { $0 != "\u{FEFF}" && !$0.properties.isWhitespace }
            .map { $0 == "{" || $0 == "[" } ?? false
        var rest = text.utf8[...]
        let isOfName = { (byte: UInt8) in byte.isWordByte || byte == UInt8(ascii: "_") }
        while let start = rest.firstIndex(where: isOfName) {
            let word = rest[start...].prefix(while: isOfName)
            rest = rest[word.endIndex...]
            let name = String(decoding: word, as: UTF8.self)
            guard request.catalogue.owners[name] != nil, !request.names.contains(name) || isJSON else { continue }
            if isJSON || rest.first(where: { $0 != UInt8(ascii: " ") }) == UInt8(ascii: "=") { return name }
        }
        return nil
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func place(of location: Location) -> String {
        let version = location.version.map { " version \($0)" } ?? ""
        return displayText(location.name.rawValue + version, limit: 512)
    }
}

extension ManagedKeySource {
    /// Adds what the manager says of itself to what is shown of a key.
    func complete(_ report: inout CachedKeyReport) {
        guard let manager = secrets.manager as? any ExplainedSecretManager else { return }
        let (servers, login) = (manager.servers, manager.login)
        if !servers.isEmpty { report.servers = servers }
        if !login.isEmpty { report.login = login }
    }
}

extension ManagedSecrets {
    /// The secrets as a source of keys.
    ///
    /// - Parameters:
    ///   - secret: The secret's name, with parts of the request in braces, as in `prod/{service}/api_key`; without
    ///     `{service}` it is one secret with the keys of many services in its fields.
    ///   - field: The name of a field, or a JSON pointer, with `{service}` for the service; nil for the service's
    ///     variables, and in a secret of its own also for `api_key`, `key`, `value` and a text as a whole.
    ///   - hosted: The services that the manager is asked for; nil for all.
    /// - Returns: The source.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` for a name or a field that can't be one.
    public func keys(
        at secret: String,
        field: String? = nil,
        hosted: ServiceFilter? = nil
    ) throws(KeyResolutionError) -> ManagedKeySource {
        keys(at: try SecretLocator(secret: secret, field: field, hosted: hosted))
    }

    /// The secrets as a source of keys, where a locator says that they are.
    ///
    /// - Parameter locator: Where the keys are.
    /// - Returns: The source.
    public func keys(at locator: SecretLocator) -> ManagedKeySource {
        ManagedKeySource(secrets: self, locator: locator)
    }
}

extension SecretManager {
    /// The manager as a source of keys; see ``ManagedSecrets/keys(at:field:hosted:)``.
    ///
    /// - Parameters:
    ///   - secret: The secret's name, with parts of the request in braces.
    ///   - field: The name of a field, or a JSON pointer.
    ///   - hosted: The services that the manager is asked for; nil for all.
    /// - Returns: The source.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` for a name or a field that can't be one.
    public func keys(
        at secret: String,
        field: String? = nil,
        hosted: ServiceFilter? = nil
    ) throws(KeyResolutionError) -> ManagedKeySource {
        try ManagedSecrets(in: self).keys(at: secret, field: field, hosted: hosted)
    }
}

/// A source that learns of changes, so that what is kept of a location doesn't outlive one.
protocol ChangingSource: KeySource {
    /// Says which locations were changed, to a listener that says whether it is still there.
    func onChange(_ forget: @escaping @Sendable (_ isChanged: (Location) -> Bool) -> Bool)
}

extension ManagedKeySource: ChangingSource {
    func onChange(_ forget: @escaping @Sendable (_ isChanged: (Location) -> Bool) -> Bool) {
        secrets.changes.listen { name in forget { $0.name == name } }
    }
}
