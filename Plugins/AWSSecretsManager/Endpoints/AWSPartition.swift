#if AWS

/// A group of regions with its own domain and its own accounts.
struct AWSPartition: Hashable, Sendable {
    let id: String
    let suffix: String

    /// The domain of the endpoints that are reached by IPv6 too.
    let dualStackSuffix: String

    /// What the regions' names begin with, before the place and the number.
    private let beginning: [Substring]

    private init(_ id: String, _ suffix: String, _ dualStackSuffix: String, regions beginning: String) {
        self.id = id
        self.suffix = suffix
        self.dualStackSuffix = dualStackSuffix
        self.beginning = beginning.split(separator: "-")
    }

    /// The partition of a region; of one that nobody knows it is `aws`.
    static func of(_ region: String) -> AWSPartition {
        if let partition = all.first(where: { region == "\($0.id)-global" }) { return partition }
        let parts = region.split(separator: "-", omittingEmptySubsequences: false)
        // `aws` has every other region, new ones too.
        return all.dropFirst()
            .first { $0.beginning + parts.suffix(2) == parts && parts.last?.allSatisfy(\.isNumber) == true } ?? all[0]
    }

    /// The partition that an ARN names; nil if there is none of that name.
    static func named(_ id: some StringProtocol) -> AWSPartition? { all.first { $0.id == id } }

    // As botocore's partitions.json has them.
    private static let all = [
        AWSPartition("aws", "amazonaws.com", "api.aws", regions: ""),
        AWSPartition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", regions: "cn"),
        AWSPartition("aws-us-gov", "amazonaws.com", "api.aws", regions: "us-gov"),
        AWSPartition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", regions: "eusc-de"),
        AWSPartition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov", regions: "us-iso"),
        AWSPartition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", regions: "us-isob"),
        AWSPartition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", regions: "eu-isoe"),
        AWSPartition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", regions: "us-isof"),
    ]
}
#endif
