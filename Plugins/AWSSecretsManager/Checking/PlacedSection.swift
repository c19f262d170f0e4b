#if AWS
import JSON5Syntax
import KeyHooks

/// A section with what is known of its region without asking anybody, and what it must be allowed.
struct PlacedSection: Sendable {
    let section: AWSSection

    /// The region; nil if only the instance would say it.
    private let region: String?

    /// Why the profile can't be looked at; nil if it can, or isn't there by anybody's wish.
    private let fault: String?

    init(_ section: AWSSection, in context: PluginContext) throws(KeyResolutionError) {
        self.section = section
        let environment = AWSEnvironment(context.environment)
        let profile: AWSProfile
        do throws(KeyResolutionError) {
            profile = try AWSProfiles(environment).chosen(section.configuration.profile, environment)
            fault = nil
        } catch {
            // Whoever writes policies need not have the profiles of those who use them.
            profile = AWSProfile(name: "default")
            fault = error.message
        }
        region = try EndpointSettings(environment: environment, profile: profile)
            .region(section.configuration.region)?
            .name
    }

    private var partition: AWSPartition { AWSPartition.of(region ?? "us-east-1") }

    private var anyRegion: String { region ?? "*" }

    /// Whether an identity that may do what the one needs can be that of the other: one section's credentials are those of
    /// the other, and no policy reaches into two partitions.
    func signsLike(_ other: PlacedSection) -> Bool {
        section.configuration.profile == other.section.configuration.profile
            && section.configuration.accessKey == other.section.configuration.accessKey
            && partition == other.partition
    }

    /// What is to be said of it.
    func remarks(_ options: SecretsPolicy.Options) -> [String] {
        var remarks: [String] = []
        let (name, access) = (section.name, section.settings.access)
        if region == nil {
            let why = fault.map { " (\($0))" } ?? ""
            remarks.append(
                "\(name): no region is set\(why), so the policy is for all regions of the partition aws: set 'region', or "
                    + "AWS_REGION."
            )
        }
        if section.places.isEmpty {
            let narrower = section.settings.prefix.isEmpty ? ": 'prefix' or 'secret' there makes it narrower" : ""
            remarks.append(
                "\(name): the configuration names no secret, so it is for all that programs may name\(narrower)."
            )
        }
        if options.isWriting, !access.isWritable {
            remarks.append("\(name): 'access' is \(access), so that nothing is written until it is read-write.")
        }
        if section.configuration.kmsKey == nil, hasForeignSecrets {
            remarks.append(
                "\(name): if a secret is of another account, name the KMS key that its owner shares in 'kmsKey': AWS's own can't "
                    + "be used from elsewhere."
            )
        }
        return remarks
    }

    private var hasForeignSecrets: Bool { patterns.contains { SecretARN($0) != nil } }

    /// The names of secrets, as patterns.
    private var patterns: [String] {
        let prefix = section.settings.prefix
        let named = section.places.map { $0.pattern(behind: prefix) }
        return named.isEmpty ? ["\(AWSPlace.literal(prefix))*"] : named
    }

    /// The resources that patterns of names stand for; AWS puts a hyphen and six characters behind a name.
    private func resources(_ patterns: [String]) -> [String] {
        let texts = patterns.map { pattern in
            guard let arn = SecretARN(pattern) else {
                return "arn:\(partition.id):secretsmanager:\(anyRegion):*:secret:\(pattern)-??????"
            }
            return arn.hasSuffix ? pattern : "\(pattern)-??????"
        }
        return Set(texts).sorted()
    }

    /// What it must be allowed.
    func statements(_ options: SecretsPolicy.Options) -> [SecretsPolicy.Statement] {
        typealias Purpose = SecretsPolicy.Purpose
        func statement(
            _ id: String,
            _ actions: [String],
            _ resources: [String],
            _ conditions: [SecretsPolicy.Condition] = []
        ) -> SecretsPolicy.Statement {
            SecretsPolicy.Statement(id: id, actions: actions, resources: resources, conditions: conditions)
        }
        let issued = section.settings.issuedKeys.map { [AWSPlace.literal(section.settings.prefix + $0) + "*"] } ?? []
        let secrets = resources(patterns + (options.isWriting ? issued : []))
        let replicas = section.configuration.replicas
        var statements: [SecretsPolicy.Statement] = []
        let key = section.configuration.kmsKey.flatMap { KMSKey($0, in: anyRegion, partition) }
        if section.settings.access.isReadable {
            statements.append(statement(Purpose.read, ["secretsmanager:GetSecretValue"], secrets))
            if options.warmsUp {
                // By tags they are listed first.
                let actions = ["secretsmanager:BatchGetSecretValue", "secretsmanager:ListSecrets"]
                statements.append(statement(Purpose.readTogether, actions, ["*"]))
            }
            if let key, !options.isWriting {
                statements.append(statement(Purpose.decrypt, ["kms:Decrypt"], [key.resource], key.conditions))
            }
        }
        guard options.isWriting else { return statements }
        statements.append(statement(Purpose.write, Self.writing, secrets))
        statements.append(statement(Purpose.list, ["secretsmanager:ListSecrets"], ["*"]))
        if !replicas.isEmpty { statements.append(statement(Purpose.replicate, Self.replicating, secrets)) }
        if let key { statements.append(statement(Purpose.encrypt, Self.encrypting, [key.resource], key.conditions)) }
        for replica in replicas {
            guard let key = replica.kmsKey.flatMap({ KMSKey($0, in: replica.region, partition) }) else { continue }
            statements.append(
                statement(Purpose.encryptReplicas, Self.encryptingReplicas, [key.resource], key.conditions)
            )
        }
        return statements
    }

    private static let writing = [
        "CreateSecret", "DeleteSecret", "DescribeSecret", "PutSecretValue", "RestoreSecret", "TagResource",
        "UpdateSecret", "UpdateSecretVersionStage",
    ]
    .map { "secretsmanager:\($0)" }

    private static let replicating = ["RemoveRegionsFromReplication", "ReplicateSecretToRegions"]
        .map { "secretsmanager:\($0)" }

    /// What `CreateSecret` and `UpdateSecret` ask of a key that isn't AWS's own, as their reference has it.
    private static let encrypting = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]

    /// What `ReplicateSecretToRegions` asks of the replica's key.
    private static let encryptingReplicas = ["kms:Encrypt", "kms:GenerateDataKey"]
}
#endif
