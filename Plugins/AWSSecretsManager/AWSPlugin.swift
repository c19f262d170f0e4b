#if AWS
public import ExtensionHooks
import HTTPTransport
import JSON5Syntax
public import KeyHooks
import LightFoundation
import ServerSettings

/// AWS Secrets Manager as a source of keys, and as a secret manager.
///
/// ```swift
/// let resolver = try KeyResolver(configuration: .discover(), plugins: [AWSPlugin.plugin])
/// ```
///
/// Its section has the words that every manager has, and those of ``AWSConfiguration``:
///
/// ```jsonc
/// { "plugins": { "aws": { "secret": "prod/{service}/api_key", "region": "us-east-1" } } }
/// ```
///
/// With `"access": "read-write"` programs write through `resolver.secrets(in: "aws")`. Several accounts or regions are
/// several managers of the kind `aws` under `managers`. In code, make an ``AWSSecretManager``.
public struct AWSPlugin: Sendable {
    /// The id of the plugin's hooks and the name of its section in `keyhooks.json`.
    public static let id: PluginID = "aws"

    package let manager: ConfiguredManager
}

extension AWSPlugin: ManagingPlugin {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(_ section: PluginSection, in context: PluginContext) throws {
        manager = try Self.manager(section, in: context)
    }

    /// What a section of `managers` names by `"kind": "aws"`.
    package static let kind = {
        var kind = SecretManagerKind(id.rawValue) { section, context in
            try AWSSecretManager(AWSConfiguration(section, in: context.configuration), context)
        }
        kind.effects = { section, whole in
            (try? AWSConfiguration(section, in: whole)).map { effects(of: $0) } ?? []
        }
        return kind
    }()

    /// Where signed requests go, whose credentials sign them, and which programs may be started for that.
    private static func effects(of configuration: AWSConfiguration) -> [ConfigurationEffect] {
        func shown(_ text: String) -> String { ConfigurationEffects.shown(text) }
        let place =
            configuration.endpoint.map {
                ConfigurationEffects.shown($0, as: (try? EndpointURL($0, setting: "endpoint"))?.origin)
            }
            ?? "Secrets Manager at AWS\(configuration.region.map { " in \(shown($0))" } ?? ""), or where AWS's variables and "
            + "the profile say,"
        var words: [String] = []
        if let key = configuration.accessKey {
            let (id, secret) = (Self.words(for: key.id), Self.words(for: key.secret))
            words.append("signs requests to \(place) with what is in \(id) and \(secret)")
            if let token = key.sessionToken { words.append("sends what is in \(Self.words(for: token)) to \(place)") }
        } else {
            let whose = configuration.profile.map { "the profile \(shown($0)) of ~/.aws/config" } ?? "AWS's usual chain"
            words.append("signs requests to \(place) with the credentials of \(whose)")
            words.append("starts the program in credential_process of the profile, if there is one")
        }
        if let text = configuration.endpoint,
            let address = try? ServerAddress(text, setting: "endpoint", of: EndpointURL.kind),
            !address.isTLS && !address.isLocal
        {
            words.append("sends secrets unencrypted: whoever sits in between reads them")
        }
        if let key = configuration.kmsKey {
            words.append("encrypts new secrets with the KMS key \(shown(key)), whose owner can make them unreadable")
        }
        for replica in configuration.replicas {
            let key = replica.kmsKey.map { ", encrypted with the KMS key \(shown($0))" } ?? ""
            words.append("copies new secrets to the region \(shown(replica.region))\(key)")
        }
        return words.map { ConfigurationEffect($0, isGrave: true) } + configuration.transport.effects(on: "AWS")
    }

    private static func words(for reference: SecretReference) -> String {
        switch reference.place {
        case .environment(let name): "the variable \(name)"
        case .file(let path), .identityToken(let path): "the file \(ConfigurationEffects.shown(path, asPath: true))"
        }
    }
}
#endif
