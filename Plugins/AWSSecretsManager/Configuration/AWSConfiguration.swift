#if AWS
public import HTTPTransport
public import KeyHooks
import LightFoundation

/// Which Secrets Manager is asked, by which credentials, and how secrets are written.
///
/// The members are those of the section `aws` in `keyhooks.json`, beside the words that every manager has. What isn't
/// said is taken from AWS's own variables and files, as by AWS's SDKs. No member holds a secret.
public struct AWSConfiguration: Hashable, Sendable {
    /// The region, such as `us-east-1`; nil for that of `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile or the instance.
    public var region: String?

    /// The profile in `~/.aws/config`; one that is named here puts an access key in the environment out of the chain, as
    /// in boto3.
    public var profile: String?

    /// The address of Secrets Manager, where it isn't AWS's own; nil for that of `AWS_ENDPOINT_URL_SECRETS_MANAGER`,
    /// `AWS_ENDPOINT_URL` or the profile.
    public var endpoint: String?

    /// An access key of its own; nil for the credentials that AWS's chain finds.
    public var accessKey: AWSAccessKeyReference?

    /// Whether endpoints validated by FIPS 140 are asked; nil for what `AWS_USE_FIPS_ENDPOINT` or the profile says.
    public var usesFIPS: Bool?

    /// Whether endpoints are asked that IPv6 reaches too; nil for what `AWS_USE_DUALSTACK_ENDPOINT` or the profile says.
    public var usesDualStack: Bool?

    /// The staging label of the versions that are read.
    public var stage = "AWSCURRENT"

    /// The KMS key of secrets that are created: its id, ARN or alias; nil for AWS's own.
    public var kmsKey: String?

    /// The regions that secrets are replicated to when they are created.
    public var replicas: [AWSReplica] = []

    /// For how long deleted secrets can be restored, where a call doesn't say: 7 to 30 whole days, or zero for not at
    /// all; nil for what AWS does by itself, 30 days.
    public var recoveryWindow: Duration?

    /// TLS trust, a client certificate and an HTTP proxy on the way; not used by a transport of your own.
    public var transport = HTTPTransportSettings()

    /// Says nothing: all is taken from AWS's variables and files.
    public init() {}
}

/// Where an access key of AWS is found.
public struct AWSAccessKeyReference: Hashable, Sendable {
    /// Where its id is.
    public var id: SecretReference

    /// Where its secret is.
    public var secret: SecretReference

    /// Where the token of its session is; nil for a key that has none.
    public var sessionToken: SecretReference?

    /// Says where an access key is.
    ///
    /// - Parameters:
    ///   - id: Where its id is.
    ///   - secret: Where its secret is.
    ///   - sessionToken: Where the token of its session is.
    public init(id: SecretReference, secret: SecretReference, sessionToken: SecretReference? = nil) {
        self.id = id
        self.secret = secret
        self.sessionToken = sessionToken
    }
}

/// A region that a secret is replicated to.
public struct AWSReplica: Hashable, Sendable {
    /// The region.
    public var region: String

    /// The KMS key there: its id, ARN or alias; nil for AWS's own.
    public var kmsKey: String?

    /// Names a region.
    ///
    /// - Parameters:
    ///   - region: The region.
    ///   - kmsKey: The KMS key there.
    public init(_ region: String, kmsKey: String? = nil) {
        self.region = region
        self.kmsKey = kmsKey
    }
}

extension AWSConfiguration {
    /// The way to the server.
    var settings: AWSSettings {
        var settings = AWSSettings()
        settings.credentials = CredentialSettings(
            profile: profile,
            accessKeyID: accessKey?.id,
            secretAccessKey: accessKey?.secret,
            sessionToken: accessKey?.sessionToken,
            region: region
        )
        settings.endpoint = endpoint
        settings.usesFIPS = usesFIPS
        settings.usesDualStack = usesDualStack
        settings.transport = transport
        return settings
    }

    /// Refuses what no request could be made of.
    func check() throws(KeyResolutionError) {
        if let region { _ = try AWSRegion(region, from: "'region'") }
        if let endpoint { _ = try EndpointURL(endpoint, setting: "'endpoint'") }
        _ = try RecoveryWindow(recoveryWindow)
        var seen: Set<String> = []
        for replica in replicas {
            let name = try AWSRegion(replica.region, from: "'replicas'").name
            guard name != region else {
                throw .invalidConfiguration(
                    "'replicas' has \(name), which is the region of the secrets themselves",
                    remedy: "take it out of 'replicas'"
                )
            }
            guard seen.insert(name).inserted else {
                throw .invalidConfiguration("'replicas' has \(name) twice", remedy: "take one out")
            }
        }
    }
}
#endif
