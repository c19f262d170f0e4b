#if AWS
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
