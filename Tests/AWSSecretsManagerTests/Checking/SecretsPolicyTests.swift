#if AWS
import Foundation
import KeyHooks
import Testing

@testable import AWSSecretsManager

@Suite("The least-privilege policy")
struct SecretsPolicyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        var variables: [String: String] = [:]
        var options: [String] = []

        /// Lines such as `ReadSecrets GetSecretValue arn:…`, with `if` before a condition.
        let policies: [[String]]
        var remarks: [String] = []
    }

    private static let read = "ReadSecrets secretsmanager:GetSecretValue"
    private static let write =
        "WriteSecrets secretsmanager:CreateSecret secretsmanager:DeleteSecret "
        + "secretsmanager:DescribeSecret secretsmanager:PutSecretValue secretsmanager:RestoreSecret "
        + "secretsmanager:TagResource secretsmanager:UpdateSecret secretsmanager:UpdateSecretVersionStage"
    private static let encrypt = "EncryptAndDecryptSecrets kms:Decrypt kms:Encrypt kms:GenerateDataKey"
    private static let list = "ListSecrets secretsmanager:ListSecrets *"

    private static func secret(_ name: String, _ region: String = "us-east-1", _ partition: String = "aws") -> String {
        "arn:\(partition):secretsmanager:\(region):*:secret:\(name)-??????"
    }

    private static func via(_ region: String) -> String {
        "if StringEquals kms:ViaService secretsmanager.\(region).amazonaws.com"
    }

    static let rows = [
        Row(
            testDescription: "one bundle",
            text: "plugins: {aws: {secret: 'prod/keys', region: 'us-east-1'}}",
            policies: [["\(read) \(secret("prod/keys"))"]]
        ),
        Row(
            testDescription: "parts of a request are a pattern",
            text: "plugins: {aws: {secret: '{tenant}/{service}-key', prefix: 'p/', region: 'us-east-1'}}",
            policies: [["\(read) \(secret("p/*/*-key"))"]]
        ),
        Row(
            testDescription: "the services of 'hosted' are known, unless one is a pattern",
            text: """
                plugins: {aws: {secret: 'prod/{service}', hosted: ['openai', 'groq'], region: 'us-east-1'}},
                managers: {m: {kind: 'aws', secret: 'team/{service}', hosted: ['openai', 'g*'], region: 'us-east-1'}}
                """,
            policies: [["\(read) \(secret("prod/groq")) \(secret("prod/openai")) \(secret("team/*"))"]]
        ),
        Row(
            testDescription: "a service's own secret, under a profile too, and one of another source",
            text: """
                plugins: {aws: {secret: 'prod/{service}', region: 'us-east-1'}},
                managers: {file: {kind: 'file', path: 'f.json'}},
                providers: {openai: {aws: {secret: 'own'}}, groq: {source: 'file', secret: 'groq'}},
                profiles: {work: {providers: {openai: {aws: {secret: '{profile}/own'}}}}}
                """,
            policies: [["\(read) \(secret("own")) \(secret("prod/*")) \(secret("work/own"))"]]
        ),
        Row(
            testDescription: "ARNs stay as they are, a partial one gets its end",
            text: """
                plugins: {aws: {region: 'us-east-1'}},
                providers: {
                    openai: {aws: {secret: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/b-AbC123'}},
                    groq: {aws: {secret: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:groq'}},
                }
                """,
            policies: [
                [
                    "\(read) arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/b-AbC123 "
                        + "arn:aws:secretsmanager:eu-west-1:123456789012:secret:groq-??????"
                ]
            ],
            remarks: ["name the KMS key that its owner shares"]
        ),
        Row(
            testDescription: "what IAM would take for a pattern is written as itself",
            text: "plugins: {aws: {secret: 'a*b?c$d', region: 'us-east-1'}}",
            policies: [["\(read) \(secret("a${*}b${?}c${$}d"))"]]
        ),
        Row(
            testDescription: "the region of the environment",
            text: "plugins: {aws: {secret: 's'}}",
            variables: ["AWS_REGION": "ap-south-1"],
            policies: [["\(read) \(secret("s", "ap-south-1"))"]]
        ),
        Row(
            testDescription: "a region that nothing says is any, and a profile that isn't here isn't needed",
            text: "plugins: {aws: {secret: 's', profile: 'elsewhere', kmsKey: 'k'}}",
            policies: [
                [
                    "\(read) \(secret("s", "*"))",
                    "DecryptSecrets kms:Decrypt arn:aws:kms:*:*:key/k if StringLike kms:ViaService "
                        + "secretsmanager.*.amazonaws.com",
                ]
            ],
            remarks: ["plugins.aws: no region is set (the profile 'elsewhere'"]
        ),
        Row(
            testDescription: "a KMS key by its ARN, its alias, and AWS's own",
            text: """
                plugins: {aws: {secret: 's', region: 'us-east-1', kmsKey: 'arn:aws:kms:us-east-1:123456789012:key/k'}},
                managers: {
                    a: {kind: 'aws', secret: 's', region: 'us-east-1', kmsKey: 'alias/app'},
                    b: {kind: 'aws', secret: 's', region: 'us-east-1', kmsKey: 'alias/aws/secretsmanager'},
                }
                """,
            policies: [
                [
                    "\(read) \(secret("s"))",
                    "DecryptSecrets kms:Decrypt arn:aws:kms:us-east-1:*:key/* if ForAnyValue:StringEquals "
                        + "kms:ResourceAliases alias/app \(via("us-east-1"))",
                    "DecryptSecrets2 kms:Decrypt arn:aws:kms:us-east-1:123456789012:key/k \(via("us-east-1"))",
                ]
            ]
        ),
        Row(
            testDescription: "writing, with a key and replicas",
            text: """
                plugins: {aws: {secret: 's', region: 'us-east-1', access: 'read-write', kmsKey: 'k', issuedKeys: 'issued/',
                                replicas: ['eu-west-1', {region: 'eu-central-1', kmsKey: 'r'}]}}
                """,
            options: ["write"],
            policies: [
                [
                    "\(read) \(secret("issued/*")) \(secret("s"))", "\(write) \(secret("issued/*")) \(secret("s"))",
                    "ReplicateSecrets secretsmanager:RemoveRegionsFromReplication secretsmanager:ReplicateSecretToRegions "
                        + "\(secret("issued/*")) \(secret("s"))",
                    list, "\(encrypt) arn:aws:kms:us-east-1:*:key/k \(via("us-east-1"))",
                    "EncryptReplicas kms:Encrypt kms:GenerateDataKey arn:aws:kms:eu-central-1:*:key/r "
                        + via("eu-central-1"),
                ]
            ]
        ),
        Row(
            testDescription: "what is asked for isn't what the section allows",
            text: "plugins: {aws: {secret: 's', region: 'us-east-1'}}",
            options: ["write"],
            policies: [["\(read) \(secret("s"))", "\(write) \(secret("s"))", list]],
            remarks: ["'access' is read-only, so that nothing is written until it is read-write"]
        ),
        Row(
            testDescription: "write-only is written and not read",
            text: "plugins: {aws: {secret: 's', region: 'us-east-1', access: 'write-only'}}",
            options: ["write", "warm-up"],
            policies: [["\(write) \(secret("s"))", list]]
        ),
        Row(
            testDescription: "warm-up",
            text: "plugins: {aws: {secret: 's', region: 'us-east-1'}}",
            options: ["warm-up"],
            policies: [
                [
                    "\(read) \(secret("s"))",
                    "ReadSecretsTogether secretsmanager:BatchGetSecretValue secretsmanager:ListSecrets *",
                ]
            ]
        ),
        Row(
            testDescription: "a name that begins with a slash",
            text: "plugins: {aws: {secret: '/prod/{service}', region: 'us-east-1'}}",
            policies: [["\(read) \(secret("/prod/*"))"]]
        ),
        Row(
            testDescription: "no secret is named",
            text: "plugins: {aws: {region: 'us-east-1'}}",
            policies: [["\(read) arn:aws:secretsmanager:us-east-1:*:secret:*-??????"]],
            remarks: ["the configuration names no secret, so it is for all that programs may name: 'prefix'"]
        ),
        Row(
            testDescription: "several regions of one identity, other identities, other partitions",
            text: """
                plugins: {aws: {secret: 's', region: 'us-east-1'}},
                managers: {
                    b: {kind: 'aws', secret: 's', region: 'eu-west-1'},
                    c: {kind: 'aws', secret: 's', region: 'cn-north-1', kmsKey: 'k'},
                    d: {kind: 'aws', secret: 's', region: 'us-east-1', accessKey: {id: 'env:ID', secret: 'env:SECRET'}},
                }
                """,
            policies: [
                ["\(read) \(secret("s", "eu-west-1")) \(secret("s"))"],
                [
                    "\(read) \(secret("s", "cn-north-1", "aws-cn"))",
                    "DecryptSecrets kms:Decrypt arn:aws-cn:kms:cn-north-1:*:key/k \(via("cn-north-1")) "
                        + "secretsmanager.cn-north-1.amazonaws.com.cn",
                ],
                ["\(read) \(secret("s"))"],
            ]
        ),
    ]

    private static func policies(_ row: Row, for names: [String] = []) throws -> [SecretsPolicy] {
        let configuration = try KeyConfiguration(parsing: "{\(row.text)}", environment: [:])
        let variables = ["HOME": "/nonexistent"].merging(row.variables) { $1 }
        var options = SecretsPolicy.Options()
        options.isWriting = row.options.contains("write")
        options.warmsUp = row.options.contains("warm-up")
        let context = PluginContext(configuration: configuration, environment: variables)
        return try AWSPlugin.policies(in: context, for: names, options)
    }

    @Test("has what is needed and no more", arguments: rows)
    func policies(row: Row) throws {
        let policies = try Self.policies(row)
        // Read from the document, as IAM would.
        let lines = try policies.map { policy -> [String] in
            let object = try JSONSerialization.jsonObject(with: Data(policy.document.utf8)) as? [String: Any]
            #expect(object?["Version"] as? String == "2012-10-17")
            let statements = try #require(object?["Statement"] as? [[String: Any]])
            let ids = statements.compactMap { $0["Sid"] as? String }
            #expect(
                Set(ids).count == statements.count && ids.allSatisfy { $0.allSatisfy { $0.isLetter || $0.isNumber } }
            )
            return try statements.map { statement in
                #expect(statement["Effect"] as? String == "Allow")
                let conditions = statement["Condition"] as? [String: [String: [String]]] ?? [:]
                let words = conditions.sorted { $0.key < $1.key }
                    .flatMap { test, keys in ["if", test] + keys.flatMap { [$0.key] + $0.value } }
                let id = try #require(statement["Sid"] as? String)
                let actions = try #require(statement["Action"] as? [String])
                let resources = try #require(statement["Resource"] as? [String])
                return ([id] + actions + resources + words).joined(separator: " ")
            }
        }
        #expect(lines == row.policies)
        let remarks = policies.flatMap(\.remarks)
        #expect(remarks.count == row.remarks.count, "\(remarks)")
        for remark in row.remarks { #expect(remarks.contains { $0.contains(remark) }, "\(remarks)") }
        #expect(try Self.policies(row).map(\.document) == policies.map(\.document))
        // The same by `--json`.
        for policy in policies {
            let encoded = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(policy)) as? [String: Any]
            let document = try JSONSerialization.jsonObject(with: Data(policy.document.utf8))
            #expect((encoded?["policy"] as? NSDictionary) == (document as? NSDictionary))
        }
    }

    @Test("is for the sections that are named")
    func named() throws {
        let row = try #require(Self.rows.last)
        #expect(try Self.policies(row, for: ["managers.b", "d"]).map(\.sections) == [["managers.b"], ["managers.d"]])
        let error = #expect(throws: KeyResolutionError.self) { try Self.policies(row, for: ["plugins.b"]) }
        #expect(error?.code == .invalidConfiguration && error?.message.contains("'plugins.b'") == true)
    }

    @Test("that would be empty is refused, and one that is too long says so")
    func bounds() throws {
        let only = Row(testDescription: "", text: "plugins: {aws: {secret: 's', access: 'write-only'}}", policies: [])
        let error = #expect(throws: KeyResolutionError.self) { try Self.policies(only) }
        #expect(error?.message.contains("'access' is write-only") == true)
        let names = (1...100).map { "'service-\($0)'" }.joined(separator: ", ")
        let text = "plugins: {aws: {secret: 'prod/{service}', region: 'us-east-1', hosted: [\(names)]}}"
        let long = try Self.policies(Row(testDescription: "", text: text, policies: []))
        #expect(long.first?.remarks.contains { $0.contains("IAM takes 6144") } == true)
        #expect(try Self.policies(Row(testDescription: "", text: "", policies: [])).isEmpty)
    }
}
#endif
