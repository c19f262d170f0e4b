#if AWS
/// A customer's KMS key, as far as a policy can name it.
struct KMSKey {
    let resource: String
    let conditions: [SecretsPolicy.Condition]

    /// Nil for AWS's own, which needs no permission.
    ///
    /// - Parameters:
    ///   - text: Its id, ARN or alias.
    ///   - region: The region of what it encrypts, or `*`.
    ///   - partition: The partition of the region.
    init?(_ text: String, in region: String, _ partition: AWSPartition) {
        var (partition, region, account, name) = (partition.id, region, "*", text)
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 6, parts[0] == "arn" {
            (partition, region, account, name) = (parts[1], parts[3], parts[4], parts[5])
        }
        guard name != "alias/aws/secretsmanager" else { return nil }
        let isAlias = name.hasPrefix("alias/")
        // An alias as a resource is the alias, and not the key that it means.
        let last = isAlias ? "key/*" : (name.hasPrefix("key/") ? "" : "key/") + AWSPlace.literal(name)
        resource = "arn:\(partition):kms:\(region):\(account):\(last)"
        // The key is used for secrets alone; in China AWS's services go by two names.
        let suffixes = ["amazonaws.com", (AWSPartition.named(partition) ?? .of(region)).suffix]
        let services = Set(suffixes.map { "secretsmanager.\(region).\($0)" }).sorted()
        let test = region.contains("*") ? "StringLike" : "StringEquals"
        var conditions = [SecretsPolicy.Condition(test: test, key: "kms:ViaService", values: services)]
        if isAlias {
            let alias = SecretsPolicy.Condition(
                test: "ForAnyValue:StringEquals",
                key: "kms:ResourceAliases",
                values: [name]
            )
            conditions.insert(alias, at: 0)
        }
        self.conditions = conditions
    }
}
#endif
