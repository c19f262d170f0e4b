#if AWS
import KeyHooks
import LightFoundation
import ServerSettings

/// Something of AWS that is asked.
enum AWSService: String, Hashable, Sendable {
    case secretsManager = "secretsmanager"
    case tokens = "sts"
    case singleSignOn = "sso"
    case signOnTokens = "sso-oauth"

    /// What its host names begin with.
    var host: String {
        switch self {
        case .secretsManager, .tokens: rawValue
        case .singleSignOn: "portal.sso"
        case .signOnTokens: "oidc"
        }
    }

    /// The end of the variable `AWS_ENDPOINT_URL_…`, and in lower case the name in a profile's `services`.
    var variable: String {
        switch self {
        case .secretsManager: "SECRETS_MANAGER"
        case .tokens: "STS"
        case .singleSignOn: "SSO"
        case .signOnTokens: "SSO_OIDC"
        }
    }
}

/// The scheme, host, port and path of what is asked.
struct EndpointURL: Hashable, Sendable {
    /// Scheme, host and port, as they are shown.
    let origin: String

    /// Host and port as a request's field `Host` has them: without the port that is usual for the scheme.
    let host: String

    /// From its first slash on.
    let path: String

    var text: String { origin + path }

    private init(origin: String, host: String, path: String) {
        (self.origin, self.host, self.path) = (origin, host, path)
    }

    /// A host of AWS's own.
    init(host: String) { self.init(origin: "https://\(host)", host: host, path: "/") }

    /// Reads one that somebody set.
    ///
    /// - Parameters:
    ///   - text: The URL.
    ///   - setting: The variable or setting that said it.
    /// - Throws: A `KeyResolutionError` that doesn't show it.
    init(_ text: String, setting: String) throws(KeyResolutionError) {
        let address = try ServerAddress(text, setting: setting, of: Self.kind)
        guard let parts = URLComponents(string: address.base), let host = parts.percentEncodedHost, !host.isEmpty else {
            throw .invalidConfiguration("\(setting) isn't a valid address", remedy: "write it as https://HOST:PORT")
        }
        let isUsual = parts.port == (address.isTLS ? 443 : 80)
        let shown = parts.port.flatMap { isUsual ? nil : "\(host):\($0)" } ?? host
        self.init(
            origin: "\(address.isTLS ? "https" : "http")://\(shown)",
            host: shown.lowercased(),
            // As it was written, but for a path that has none.
            path: parts.percentEncodedPath + (parts.percentEncodedPath.isEmpty || text.hasSuffix("/") ? "/" : "")
        )
    }

    /// The same with more of a path.
    func appending(_ part: String) -> EndpointURL {
        EndpointURL(origin: origin, host: host, path: path + (path.hasSuffix("/") ? "" : "/") + part)
    }

    private static let kind = ServerKind(
        "AWS",
        host: "secretsmanager.us-east-1.amazonaws.com",
        credential: "the access key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        port: 4566,
        endings: [],
        page: "/ui/"
    )
}

/// Where a service is, and for which region its requests are signed.
struct AWSEndpoint: Hashable, Sendable {
    let url: EndpointURL
    let signingRegion: String

    /// Which setting said it; nil for AWS's own.
    let setting: String?

    /// The endpoint of AWS's own (botocore's endpoint rule sets).
    init(_ service: AWSService, in region: String, fips isFIPS: Bool, dualStack isDualStack: Bool) {
        let partition = AWSPartition.of(region)
        setting = nil
        if service == .tokens, region == "aws-global", !isFIPS, !isDualStack {
            url = EndpointURL(host: "sts.amazonaws.com")
            signingRegion = "us-east-1"
            return
        }
        // In these partitions the usual names lead to both protocols.
        let isBoth =
            service == .secretsManager
            && (isFIPS ? ["aws", "aws-us-gov"] : ["aws", "aws-cn", "aws-us-gov"]).contains(partition.id)
        // The usual endpoints of the government's regions are FIPS's.
        let isNamed = isFIPS && (isDualStack || service == .secretsManager || partition.id != "aws-us-gov")
        let suffix = isDualStack && !isBoth ? partition.dualStackSuffix : partition.suffix
        url = EndpointURL(host: "\(service.host)\(isNamed ? "-fips" : "").\(region).\(suffix)")
        signingRegion = region
    }

    /// One that somebody set.
    init(_ url: EndpointURL, in region: String, setting: String) {
        (self.url, signingRegion, self.setting) = (url, region, setting)
    }
}
#endif
