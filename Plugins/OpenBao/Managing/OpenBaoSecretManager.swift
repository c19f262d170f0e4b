public import HTTPTransport
import JSON5Syntax
public import KeyHooks
public import LightFoundation
import ServerSettings

/// The KV v2 engine of OpenBao or Vault as a secret manager.
///
/// ```swift
/// var configuration = OpenBaoConfiguration()
/// configuration.addresses = ["https://bao.example:8200"]
/// let team = ManagedSecrets(in: try OpenBaoSecretManager(configuration), named: "team", access: .readWrite)
/// ```
///
/// In `keyhooks.json` its kind is `openbao`, and its section has the words of the plugin's but for `path`, `field` and
/// `version`.
///
/// The name of a secret is its path below the mount. One text is kept in the field `value`, as the only one. Calls take
/// the parameters `namespace` and `mount`, which stand over the configuration's.
public struct OpenBaoSecretManager: Sendable {
    /// The field that holds a secret that is one text.
    static let textField = "value"

    let reader: SecretReader
    let mount: [String]
    let namespace: String?

    /// Makes a manager; nothing is asked of the servers yet.
    ///
    /// - Parameters:
    ///   - configuration: Which servers there are, as whom they are asked, and where in them secrets are; its path, its
    ///     field, its version and its settings of a cache don't count.
    ///   - environment: The process environment, for `BAO_ADDR` and its like and for credentials.
    ///   - transport: What sends the requests; nil for one of its own, as ``OpenBaoConfiguration/transport`` says.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    public init(
        _ configuration: OpenBaoConfiguration,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil
    ) throws(KeyResolutionError) {
        try self.init(configuration, BaoEnvironment(environment), transport)
    }

    init(
        _ configuration: OpenBaoConfiguration,
        _ environment: BaoEnvironment,
        _ transport: (any HTTPTransport)? = nil
    ) throws(KeyResolutionError) {
        let clock = ContinuousClock()
        namespace = try OpenBaoKeySource.configuredNamespace(configuration, environment)
        mount = try PathTemplate(configuration.mount, setting: "mount").fixed()
        reader = try SecretReader(
            configuration,
            environment,
            try ConfiguredServers(configuration, environment, transport),
            clock,
            SourceClock(clock, date: { Date() }),
            namespace: namespace
        )
    }
}

extension OpenBaoSecretManager {
    /// What a section of `managers` names by `"kind": "openbao"`.
    static let kind = {
        var kind = SecretManagerKind("openbao") { section, context in
            try OpenBaoSecretManager(configuration(section, in: context.configuration), BaoEnvironment(context))
        }
        kind.effects = { section, whole in
            (try? configuration(section, in: whole)).map { OpenBaoPlugin.sending($0) } ?? []
        }
        return kind
    }()

    static func configuration(
        _ section: PluginSection,
        in whole: KeyConfiguration
    ) throws(KeyResolutionError) -> OpenBaoConfiguration {
        try section.read(in: whole) { reader in
            var configuration = OpenBaoConfiguration()
            configuration.readServers(from: &reader, in: ConfigurationFolder(of: whole))
            return configuration
        }
    }

    /// Revokes the token that the manager logged in for, and one that is on its way; it gets no other.
    ///
    /// - Parameter time: After so long it is over, whatever came of it.
    public func shutdown(within time: Duration = .seconds(5)) async {
        await reader.tokens.shutdown(within: time)
    }

    /// Where a secret is, by its name and what the call says.
    func address(of name: SecretName, _ options: SecretOptions) throws(KeyResolutionError) -> SecretAddress {
        try options.refuseParameters(besides: ["mount", "namespace"])
        // As in the section's 'path', a slash in front means nothing.
        let segments = name.rawValue.dropFirst(name.rawValue.hasPrefix("/") ? 1 : 0)
            .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard segments.allSatisfy({ !$0.isEmpty }) else {
            throw KeyResolutionError(
                .invalidSecretName,
                "\(name) isn't a path below a mount: it begins or ends with '/', or has two in a row",
                remedy: "write it as in ai/providers"
            )
        }
        var version: Int?
        if let text = options.version {
            version = Int(text)
            guard let version, version > 0 else {
                throw .invalidConfiguration(
                    "'\(displayText(text))' isn't a version of a secret in OpenBao",
                    remedy: "write a whole number of 1 or more"
                )
            }
        }
        let named = options.parameters["namespace"]
        return SecretAddress(
            namespace: named == nil ? namespace : try OpenBaoKeySource.namespace(named),
            mount: try options.parameters["mount"]
                .map { text throws(KeyResolutionError) in try PathTemplate(text, setting: "mount").fixed() } ?? mount,
            path: segments,
            version: version
        )
    }

    /// Runs a call, and makes an error for callers of what the servers' client throws.
    func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as BaoFailure {
            throw failure.error
        }
    }
}

extension OpenBaoSecretManager: SecretManager {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        let address = try address(of: name, options)
        let reading = try await run { try await reader.read(address, within: options.timeout) }
        guard case .fields(let fields)? = reading.content else { return nil }
        var secret = StoredSecret(
            SecretContent(storedAs: fields, textIn: Self.textField),
            version: reading.version,
            createdAt: reading.rank?.createdAt,
            expiresAt: reading.expiresAt
        )
        secret.rank = reading.rank
        return secret
    }
}

extension OpenBaoSecretManager: HealthCheckable, ConfigurationValidating {
    /// Looks for the token where nobody logs in for it; asks no server.
    public func configurationMistakes() -> [String] {
        guard !reader.tokens.asksServer else { return [] }
        do {
            _ = try reader.tokens.immediateIdentity()
            return []
        } catch {
            return [
                "\((error as? KeyResolutionError) ?? .unauthenticated("there is no token", remedy: "configure one"))"
            ]
        }
    }

    /// Asks every server how it does, and whether the token is accepted.
    public func health(_ options: SecretOptions) async -> SecretManagerHealth {
        let client = reader.client
        let troubled = await withTaskGroup(of: (Int, Bool).self) { group in
            for (index, link) in client.links.enumerated() {
                group.addTask { (index, await ServerProbe.look(at: link, client.clock) != .well) }
            }
            return await group.reduce(into: [Int]()) { if $1.1 { $0.append($1.0) } }
        }
        let names = troubled.sorted().map { client.links[$0].address.shown }.joined(separator: ", ")
        if troubled.count == client.links.count {
            return .unreachable("OpenBao at \(names) can't be reached, or can't answer: is it sealed?")
        }
        // A look would cost a token with a limited number of uses one, and a login of a request's own says nothing.
        if reader.tokens.usesAreLimited || reader.tokens.isInline {
            return troubled.isEmpty ? .healthy : .degraded("\(names) can't be reached, or can't answer")
        }
        do {
            let request = BaoRequest(path: "/v1/auth/token/lookup-self", namespace: reader.tokenNamespace)
            _ = try await run {
                try await reader.send(request, within: options.timeout) { reply in
                    guard reply.status == 403, reply.isOwn else { return nil }
                    var failure = BaoFailure(
                        .unauthenticated,
                        "OpenBao does not accept the token",
                        remedy: "get a new one, or set 'login'"
                    )
                    // A policy may forget the look at one's own token.
                    guard reply.errors == ["permission denied"] else { return nil }
                    failure.isOfToken = true
                    return failure
                }
            }
        } catch {
            return .degraded((error as? KeyResolutionError)?.message ?? "the token can't be looked at")
        }
        return troubled.isEmpty ? .healthy : .degraded("\(names) can't be reached, or can't answer")
    }
}
