import ExtensionHooks
public import KeyHooks

extension OpenBaoConfiguration {
    /// The id of the plugin and the name of its section.
    static let pluginID: HookID = "openbao"

    /// Reads the section `openbao` of a configuration; nil if there is none.
    ///
    /// - Parameter configuration: The whole configuration.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration` that lists all mistakes.
    public init?(_ configuration: KeyConfiguration) throws(KeyResolutionError) {
        guard let section = configuration.plugins.first(where: { $0.id == Self.pluginID }) else { return nil }
        do {
            self = try JSONObjectReader.decode(section.settings, path: .root.appending("plugins").appending("openbao"))
            {
                Self(from: &$0)
            }
        } catch {
            throw KeyResolutionError(
                .invalidConfiguration,
                error.description(in: configuration.path ?? "the configuration"),
                remedy: "mend the file at the places named"
            )
        }
    }

    private init(from reader: inout JSONObjectReader) {
        reader.require("path")
        self.init(path: reader.string("path") ?? "")
        addresses = reader.stringArray("address", orSingle: true)
        mount = reader.string("mount") ?? mount
        namespace = reader.string("namespace")
        loginNamespace = reader.string("loginNamespace")
        token = reader.read("token") { $0.secretReference() }
        appRole = reader.object("appRole") { Self.appRole(from: &$0) }
        field = reader.string("field")
        version = reader.int("version", in: 1...Int.max)
        timeout = reader.duration("timeout") ?? timeout
        fallback = reader.oneOf("fallback", Fallback.self) ?? fallback
        cache.timeToLive = reader.duration("ttl") ?? cache.timeToLive
        cache.negativeTimeToLive = reader.duration("negativeTTL") ?? cache.negativeTimeToLive
        cache.staleIfError = reader.duration("staleIfError") ?? cache.staleIfError
        cache.refreshAhead = reader.read("refreshAhead") { $0.share() } ?? cache.refreshAhead
        cache.jitter = reader.read("jitter") { $0.share() } ?? cache.jitter
        cache.capacity = reader.int("capacity", in: 1...1_000_000) ?? cache.capacity
        if token != nil, appRole != nil { reader.reject("appRole", "use either token or appRole") }
        if timeout <= .zero { reader.reject("timeout", "expected more than 0") }
    }

    private static func appRole(from reader: inout JSONObjectReader) -> AppRoleCredentials? {
        reader.require("roleID", "secretID")
        let role = reader.read("roleID") { $0.roleID() }
        let secret = reader.read("secretID") { $0.secretReference() }
        let mount = reader.string("mount") ?? "approle"
        guard let role, let secret else { return nil }
        return AppRoleCredentials(roleID: role, secretID: secret, mount: mount)
    }
}

extension JSONValueReader {
    /// Where a credential is; a credential itself is refused, and not repeated.
    fileprivate mutating func secretReference() -> SecretReference? {
        guard let text = string() else { return nil }
        let reference = SecretReference(text)
        if reference == nil {
            reject("names where the secret is, and never holds it: write \"env:NAME\" or \"file:PATH\"")
        }
        return reference
    }

    fileprivate mutating func roleID() -> AppRoleCredentials.RoleID? {
        guard let text = string() else { return nil }
        if let reference = SecretReference(text) { return .reference(reference) }
        return .literal(text)
    }

    fileprivate mutating func share() -> Double? {
        guard let share = double() else { return nil }
        guard (0...1).contains(share) else {
            reject("expected a number from 0 to 1")
            return nil
        }
        return share
    }
}
