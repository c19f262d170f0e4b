#if AWS
import HTTPTransport
import JSON5Syntax
import KeyHooks
import Testing

@testable import AWSSecretsManager

extension AWSBehaviour {
    static let replication = replicas + refusals

    private static let replicas: [AWSBehaviour] = [
        .init(
            theirs: "regions for replicas are a setting, and a secret that is made or restored gets them",
            ours:
                "the same, and it is read in each of them; theirs can't delete it then, ours takes the replicas away first"
        ) {
            let moto = try await MotoSecrets()
            let secrets = try moto.secrets(.replicating("us-west-2"))
            let version = try await secrets.write(.text("sk-test-value"), to: "key")
            #expect(try await moto.replicas(of: "key") == ["us-west-2": "InSync"])
            #expect(!moto.actions.contains("ReplicateSecretToRegions"))
            var there = AWSConfiguration()
            there.region = "us-west-2"
            #expect(try await moto.described("key", in: "us-west-2")["PrimaryRegion"]?.string == "us-east-1")
            let stored = try #require(try await moto.secrets(there, as: "reader").read("key"))
            #expect(stored.content.text == "sk-test-value" && stored.version == version)
            try await secrets.delete("key")
            #expect(try await moto.isScheduled("key"))
            #expect(try await moto.secrets(there, as: "reader").read("key") == nil)
            try await secrets.write(.text("sk-again"), to: "key")
            #expect(try await moto.replicas(of: "key") == ["us-west-2": "InSync"])
        },
        .init(theirs: "without that setting nothing is replicated", ours: "the same") {
            let moto = try await MotoSecrets()
            try await moto.secrets().write(.text("sk-test-value"), to: "key")
            #expect(moto.actions == ["PutSecretValue", "CreateSecret"])
            #expect(try moto.sent("CreateSecret")?["AddReplicaRegions"] == nil)
            #expect(try await moto.replicas(of: "key") == [:])
        },
        .init(
            theirs: "a replication that fails is a warning in the log, and the write a success",
            ours:
                "replicas are made with the secret: what AWS refuses of them leaves no secret behind, and of a replica "
                + "that fails afterwards the error says that the secret is written"
        ) {
            let moto = try await MotoSecrets()
            // The home isn't known from the settings.
            let refused = await #expect(throws: KeyResolutionError.self) {
                try await moto.secrets(.replicating("us-east-1")).write(.text("sk-test-value"), to: "key")
            }
            #expect(refused?.code == .invalidConfiguration)
            #expect(try await moto.secrets().read("key") == nil)
            var there = AWSConfiguration()
            there.region = "us-west-2"
            try await moto.secrets(there).write(.text("somebody else's"), to: "key")
            let failed = await #expect(throws: KeyResolutionError.self) {
                try await moto.secrets(.replicating("us-west-2")).write(.text("sk-test-value"), to: "key")
            }
            #expect(
                failed?.message.contains("was written as version") == true
                    && failed?.message.contains("us-west-2") == true
            )
            // Any other code would say that nothing was written.
            #expect(failed?.code == .pluginFailed)
            #expect(try await moto.secrets().read("key")?.content.text == "sk-test-value")
            #expect(try await moto.secrets(there).read("key")?.content.text == "somebody else's")
        },
        .init(theirs: "replicating to no region sends nothing", ours: "the same") {
            let moto = try await MotoSecrets()
            try await moto.manager().replicate(SecretName(moto.prefix + "key"), to: [])
            #expect(moto.actions.isEmpty)
        },
        .init(
            theirs: "the regions are sent in their order",
            ours: "the same, each with the KMS key of that region where it has one; none is overwritten"
        ) {
            let moto = try await MotoSecrets()
            try await moto.secrets().write(.text("sk-test-value"), to: "key")
            let replicas = [AWSReplica("us-west-2"), AWSReplica("eu-west-1", kmsKey: "alias/there")]
            try await moto.manager().replicate(SecretName(moto.prefix + "key"), to: replicas)
            let sent = try #require(try moto.sent("ReplicateSecretToRegions"))
            #expect(sent["SecretId"]?.string == moto.prefix + "key")
            let regions = sent["AddReplicaRegions"]?.elements ?? []
            #expect(regions.map { $0["Region"]?.string } == ["us-west-2", "eu-west-1"])
            #expect(regions.map { $0["KmsKeyId"]?.string } == [nil, "alias/there"])
            #expect(sent["ForceOverwriteReplicaSecret"] == nil)
            #expect(try await moto.replicas(of: "key").keys.sorted() == ["eu-west-1", "us-west-2"])
        },
        .init(
            theirs: "a line in the log says that it is replicated",
            ours: "nothing is logged: what can't be replicated is an error that names the region"
        ) {
            let moto = try await MotoSecrets()
            var there = AWSConfiguration()
            there.region = "us-west-2"
            try await moto.secrets(there).write(.text("somebody else's"), to: "key")
            try await moto.secrets().write(.text("sk-test-value"), to: "key")
            // AWS answers with success, and says in it that the replica failed.
            let error = await #expect(throws: KeyResolutionError.self) {
                try await moto.manager().replicate(SecretName(moto.prefix + "key"), to: [AWSReplica("us-west-2")])
            }
            #expect(error?.code == .conflict && error?.message.contains("us-west-2") == true)
            #expect(try await moto.secrets(there).read("key")?.content.text == "somebody else's")
        },
        .init(theirs: "the proxy's configuration has the regions", ours: "keyhooks.json has them, with their keys") {
            let moto = try await MotoSecrets()
            let text = """
                {managers: {prod: {kind: 'aws', prefix: '\(moto.prefix)', access: 'read-write',
                    replicas: ['us-west-2', {region: 'eu-west-1', kmsKey: 'alias/there'}]}}}
                """
            let resolver = try KeyResolver(
                configuration: try KeyConfiguration(parsing: text),
                plugins: [AWSPlugin.plugin],
                environment: moto.moto.variables(of: "writer")
            )
            try await resolver.secrets(in: "prod").write(.text("sk-test-value"), to: "key")
            #expect(try await moto.replicas(of: "key").keys.sorted() == ["eu-west-1", "us-west-2"])
        },
    ]

    private static let refusals: [AWSBehaviour] = [
        .init(theirs: "a refused creation is raised as 'HTTP error occurred'", ours: "as the denial that it is") {
            let moto = try await MotoSecrets()
            let error = await #expect(throws: KeyResolutionError.self) {
                try await moto.secrets(as: "stranger").write(.text("sk-test-value"), to: "key")
            }
            #expect(error?.code == .denied)
            #expect(error.map { "\($0)".contains("sk-test") } == false)
            #expect(try await moto.secrets().read("key") == nil)
        },
        .init(
            theirs: "a creation that takes too long is raised",
            ours: "the same, as a time-out, after which it may have been written; no server shows that on demand"
        ) {
            let moto = try await MotoSecrets { action, _ in
                if action == "CreateSecret" { throw HTTPTransportError(.timedOut) }
                return nil
            }
            let error = await #expect(throws: KeyResolutionError.self) {
                try await moto.secrets().write(.text("sk-test-value"), to: "key")
            }
            #expect(error?.code == .timedOut)
        },
        .init(theirs: "a refused replication is raised", ours: "the same, as the denial that it is") {
            let moto = try await MotoSecrets()
            try await moto.secrets().write(.text("sk-test-value"), to: "key")
            let error = await #expect(throws: KeyResolutionError.self) {
                try await moto.manager(as: "keeper")
                    .replicate(SecretName(moto.prefix + "key"), to: [AWSReplica("us-west-2")])
            }
            #expect(error?.code == .denied)
            #expect(try await moto.replicas(of: "key") == [:])
        },
        .init(
            theirs: "a replication that takes too long is raised",
            ours: "the same, as a time-out; no server shows that on demand"
        ) {
            let moto = try await MotoSecrets { action, _ in
                if action == "ReplicateSecretToRegions" { throw HTTPTransportError(.timedOut) }
                return nil
            }
            try await moto.secrets().write(.text("sk-test-value"), to: "key")
            let error = await #expect(throws: KeyResolutionError.self) {
                try await moto.manager().replicate(SecretName(moto.prefix + "key"), to: [AWSReplica("us-west-2")])
            }
            #expect(error?.code == .timedOut)
        },
    ]

    /// Those of its tests that came later.
    static let settings: [AWSBehaviour] = [
        .init(theirs: "a KMS key of the settings goes with a creation", ours: "the same") {
            let moto = try await MotoSecrets()
            let key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
            var configuration = AWSConfiguration()
            configuration.kmsKey = key
            try await moto.secrets(configuration).write(.text("sk-test-value"), to: "key")
            #expect(try await moto.described("key")["KmsKeyId"]?.string == key)
        },
        .init(theirs: "without one the request has none", ours: "the same: AWS's own key is taken") {
            let moto = try await MotoSecrets()
            try await moto.secrets().write(.text("sk-test-value"), to: "key")
            #expect(try moto.sent("CreateSecret")?["KmsKeyId"] == nil)
        },
        .init(
            theirs: "China's regions have endpoints of their own, those of GovCloud have not",
            ours: "the same; nothing is sent there, a stand-in answers"
        ) {
            for (region, host) in [
                ("cn-north-1", "amazonaws.com.cn"), ("cn-northwest-1", "amazonaws.com.cn"),
                ("us-gov-west-1", "amazonaws.com"), ("us-east-1", "amazonaws.com"),
            ] {
                let place = try await placeOfRequest(in: region)
                #expect(place == "https://secretsmanager.\(region).\(host)/")
            }
        },
        .init(
            theirs: "an endpoint of Bedrock, set or in the environment, says where the secrets are",
            ours: "Bedrock's says nothing of them; 'endpoint' and AWS_ENDPOINT_URL_SECRETS_MANAGER do"
        ) {
            let bedrock = ["AWS_BEDROCK_RUNTIME_ENDPOINT": "https://bedrock-runtime.eu-west-1.amazonaws.com"]
            let usual = try await placeOfRequest(in: "us-east-1", bedrock)
            #expect(usual == "https://secretsmanager.us-east-1.amazonaws.com/")
            let own = "https://secretsmanager.my-vpce.example.com"
            let places = [
                try await placeOfRequest(in: "cn-north-1", ["AWS_ENDPOINT_URL_SECRETS_MANAGER": own]),
                try await placeOfRequest(in: "cn-north-1", endpoint: own),
            ]
            #expect(places == ["\(own)/", "\(own)/"])
        },
    ]

    /// Where a secret is asked for.
    private static func placeOfRequest(
        in region: String,
        _ variables: [String: String] = [:],
        endpoint: String? = nil
    ) async throws -> String? {
        let transport = FakeTransport { _, _ in .error("ResourceNotFoundException") }
        var configuration = AWSConfiguration()
        configuration.region = region
        configuration.endpoint = endpoint
        let own = ["HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S"]
        let manager = try AWSSecretManager(
            configuration,
            environment: own.merging(variables) { $1 },
            transport: transport
        )
        #expect(try await manager.secret(SecretName("my-secret"), SecretOptions()) == nil)
        return transport.sent.first?.url
    }
}

extension AWSConfiguration {
    fileprivate static func replicating(_ regions: String...) -> AWSConfiguration {
        var configuration = AWSConfiguration()
        configuration.replicas = regions.map { AWSReplica($0) }
        return configuration
    }
}

extension MotoSecrets {
    /// The state of each replica, by region.
    fileprivate func replicas(of name: String) async throws -> [String: String] {
        let states = try await described(name)["ReplicationStatus"]?.elements ?? []
        return Dictionary(states.map { ($0["Region"]?.string ?? "", $0["Status"]?.string ?? "") }) { $1 }
    }
}
#endif
