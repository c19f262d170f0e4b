#if AWS
import HTTPTransport
import KeyHooks
import LightFoundation

/// What the section, the environment and the profile say of endpoints.
struct EndpointSettings: Sendable {
    let environment: AWSEnvironment
    let profile: AWSProfile

    /// The endpoint of Secrets Manager in the section; it wins over all others.
    var endpoint: String?

    /// What the section says; nil for what the environment and the profile do.
    var usesFIPS: Bool?
    var usesDualStack: Bool?

    /// Where a service is.
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - region: The region.
    /// - Returns: Its endpoint.
    /// - Throws: A `KeyResolutionError` if what was set can't be obeyed.
    func endpoint(of service: AWSService, in region: AWSRegion) throws(KeyResolutionError) -> AWSEndpoint {
        guard let set = try configured(service) else {
            let kind = kind(in: region)
            return AWSEndpoint(service, in: region.name, fips: kind.isFIPS, dualStack: kind.isDualStack)
        }
        // An endpoint that was set wins over the two flags, as in botocore: it may well be of that kind.
        return AWSEndpoint(try EndpointURL(set.url, setting: set.setting), in: region.name, setting: set.setting)
    }

    /// Which of AWS's own endpoints are asked.
    func kind(in region: AWSRegion) -> (isFIPS: Bool, isDualStack: Bool) {
        (
            usesFIPS ?? flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint") || region.isFIPS,
            usesDualStack ?? flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
        )
    }

    /// What was set, in botocore's order; nil for AWS's own.
    private func configured(_ service: AWSService) throws(KeyResolutionError) -> (url: String, setting: String)? {
        if service == .secretsManager, let endpoint { return (endpoint, "'endpoint'") }
        if flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") { return nil }
        for name in ["AWS_ENDPOINT_URL_\(service.variable)", "AWS_ENDPOINT_URL"] {
            if let url = environment[name] { return (url, name) }
        }
        if let url = try profile.endpoint(of: service) {
            return (url, "endpoint_url in 'services' of the profile '\(profile.shownName)'")
        }
        return profile["endpoint_url"].map { ($0, "endpoint_url of the profile '\(profile.shownName)'") }
    }

    private func flag(_ variable: String, _ setting: String) -> Bool {
        (environment[variable] ?? profile[setting])?.lowercased() == "true"
    }
}

extension EndpointSettings {
    /// The region, as far as it can be had without asking the instance.
    ///
    /// - Parameter section: The region in the section.
    /// - Returns: The region; nil if nothing says one.
    /// - Throws: A `KeyResolutionError` for what isn't one.
    func region(_ section: String?) throws(KeyResolutionError) -> AWSRegion? {
        if let section { return try AWSRegion(section, from: "'region'") }
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            if let region = environment[name] { return try AWSRegion(region, from: name) }
        }
        guard let region = profile["region"] else { return nil }
        return try AWSRegion(region, from: "the profile '\(profile.shownName)'")
    }

    /// The region of a secret: that of its ARN, or else the usual one.
    func region(ofSecret id: String, or usual: AWSRegion) throws(KeyResolutionError) -> AWSRegion {
        guard let arn = SecretARN(id) else { return usual }
        let region = arn.region == usual.name ? usual : try AWSRegion(arn.region, from: "the ARN of a secret")
        let partition = AWSPartition.of(usual.name)
        guard AWSPartition.named(arn.partition) == partition, AWSPartition.of(region.name) == partition else {
            throw .invalidConfiguration(
                "the ARN of a secret names another partition than \(partition.id), whose credentials these are: those of "
                    + "one are nothing in another, and aren't sent there",
                remedy: "correct the ARN, or set 'region' to one of its partition"
            )
        }
        return region
    }
}

extension EndpointSettings {
    /// The region: what the section, the environment or the profile says, and else where the instance is.
    ///
    /// - Parameters:
    ///   - section: The region in the section.
    ///   - transport: How the instance's metadata is asked.
    ///   - clock: The clock.
    ///   - deadline: The moment on the clock at which it must be over.
    /// - Returns: The region.
    /// - Throws: A `KeyResolutionError` if there is none, or a `CancellationError`.
    func region(
        _ section: String?,
        orOfInstance transport: any HTTPTransport,
        _ clock: SourceClock,
        by deadline: Duration
    ) async throws -> AWSRegion {
        if let region = try region(section) { return region }
        var why = "AWS_EC2_METADATA_DISABLED says so"
        if let metadata = try InstanceMetadata.make(environment, profile, transport, clock, by: deadline) {
            switch try await metadata.region() {
            case .text(let response):
                return try AWSRegion(String(decoding: response.body, as: UTF8.self), from: "the instance's metadata")
            case .nothing(let reason): why = reason
            }
        }
        throw KeyResolutionError.invalidConfiguration(
            "no region is set, and the instance's metadata gives none: \(why)",
            remedy: "set 'region', AWS_REGION, or region in the profile"
        )
    }
}
#endif
