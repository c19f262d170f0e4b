#if AWS
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import OpenBaoTestSupport
import Testing

@testable import AWSSecretsManager

/// What LiteLLM's own tests show of its manager for AWS, and what ours does on a real moto_server that checks
/// signatures and permissions.
@Suite("LiteLLM's behaviours: AWS", .timeLimit(.minutes(5)))
struct LiteLLMBehaviourTests {
    @Test(
        "Each has our decision",
        arguments: AWSBehaviour.use + AWSBehaviour.rotation + AWSBehaviour.replication + AWSBehaviour.settings
    )
    func decided(_ behaviour: AWSBehaviour) async throws {
        try await behaviour.check()
    }

    @Test("There are twelve of use, six of rotation, eleven of replication, and four of settings that came later")
    func counted() {
        let tables = [AWSBehaviour.use, AWSBehaviour.rotation, AWSBehaviour.replication, AWSBehaviour.settings]
        #expect(tables.map(\.count) == [12, 6, 11, 4])
    }
}

/// One behaviour of LiteLLM, and ours.
struct AWSBehaviour: CustomTestStringConvertible, Sendable {
    let theirs: String
    let ours: String
    let check: @Sendable () async throws -> Void
    var testDescription: String { "\(theirs): \(ours)" }
}

extension AWSBehaviour {
    static let use = values + identities

    private static let values: [AWSBehaviour] = [
        .init(
            theirs: "a text with a description is written, answered with its name, read back and deleted",
            ours: "the same; the result is the version"
        ) {
            let moto = try await MotoSecrets()
            let secrets = try moto.secrets()
            let options = SecretWriteOptions(description: "a test")
            let version = try await secrets.write(.text("test_value_123"), to: "simple", options)
            let stored = try #require(try await secrets.read("simple"))
            #expect(stored.content.text == "test_value_123")
            #expect(version != nil && stored.version == version)
            #expect(try await moto.described("simple")["Name"]?.string == moto.prefix + "simple")
            try await secrets.delete("simple")
            #expect(try await secrets.read("simple") == nil)
        },
        .init(
            theirs: "a JSON document is read back as the same document",
            ours: "byte for byte, and its fields can be picked"
        ) {
            let secrets = try await MotoSecrets().secrets()
            let text = #"{"api_key" : "test_key","temperature":0.70, "metadata": {"team": "ml"}}"#
            try await secrets.write(.text(text), to: "json")
            let content = try #require(try await secrets.read("json")?.content)
            #expect(content.text == text)
            #expect(content["api_key"] == "test_key" && content["temperature"] == "0.70")
        },
        .init(
            theirs: "a name that isn't there is None, and so is a denial",
            ours: "nil for what isn't there only: a denial, a wrong signature and a failure are errors of their own"
        ) {
            let moto = try await MotoSecrets()
            #expect(try await moto.secrets().read("none") == nil)
            for (user, code) in [("stranger", KeyResolutionError.Code.denied), ("nobody", .unauthenticated)] {
                let error = await #expect(throws: KeyResolutionError.self) {
                    try await moto.secrets(as: user).read("none")
                }
                #expect(error?.code == code)
            }
            let failing = try await MotoSecrets { action, _ in
                action == "GetSecretValue" ? .error("InternalFailure", 500) : nil
            }
            let error = await #expect(throws: KeyResolutionError.self) { try await failing.secrets().read("none") }
            #expect(error?.code == .unavailable)
        },
        .init(
            theirs: "one secret holds many keys; a text inside it stays a text, and a key it hasn't is None",
            ours: "the same, as keys of services, and one read serves them all"
        ) {
            let moto = try await MotoSecrets()
            let nested = #"{"key": "value", "number": 42}"#
            try await moto.secrets()
                .write(
                    .fields(["OPENAI_API_KEY": "secret_value_1", "GROQ_API_KEY": "secret_value_2", "nested": nested]),
                    to: "primary"
                )
            let content = try #require(try await moto.secrets().read("primary")?.content)
            #expect(content["nested"] == nested && content["none"] == nil)
            let section = "{plugins: {aws: {secret: '\(moto.prefix)primary'}}}"
            let resolver = try KeyResolver(
                configuration: try KeyConfiguration(parsing: section),
                plugins: [AWSPlugin.plugin],
                environment: moto.moto.variables(of: "reader")
            )
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "secret_value_1")
            #expect(try await resolver.getAPIKey(service: "groq")?.value == "secret_value_2")
            #expect(try await resolver.getAPIKey(service: "xai") == nil)
            #expect(resolver.cacheStatistics["aws"]?.loads == 1)
        },
        .init(theirs: "a description and tags are kept with the secret", ours: "the same") {
            let moto = try await MotoSecrets()
            let tags = ["Environment": "Test", "Owner": "IntelligenceLayer", "Purpose": "UnitTest"]
            let options = SecretWriteOptions(description: "with tags", tags: tags)
            let secrets = try moto.secrets()
            try await secrets.write(.text("test_value_with_tags"), to: "tags", options)
            let described = try await moto.described("tags")
            #expect(described["Description"]?.string == "with tags")
            let pairs = (described["Tags"]?.elements ?? []).map { ($0["Key"]?.string ?? "", $0["Value"]?.string ?? "") }
            #expect(Dictionary(pairs) { $1 } == tags)
            #expect(try await secrets.read("tags")?.content.text == "test_value_with_tags")
        },
    ]

    /// Whose credentials they are: LiteLLM's tests look at its settings only, these at what was asked of STS.
    private static let identities: [AWSBehaviour] = [
        .init(
            theirs: "a role and the name of its session are settings",
            ours: "they are the profile's, as in AWS's tools"
        ) {
            let moto = try await MotoSecrets()
            let home = try moto.home("role_session_name = test-session")
            #expect(try await moto.reads(home))
            #expect(moto.assumed?["RoleSessionName"] == "test-session")
            #expect(moto.assumed?["RoleArn"] == moto.moto.writingRole)
        },
        .init(
            theirs: "a role of another account has an external id",
            ours: "it is the profile's, and a wrong one is refused as that, not as a secret that isn't there"
        ) {
            let moto = try await MotoSecrets()
            #expect(try await moto.reads(try moto.home("external_id = unique-external-id")))
            #expect(moto.assumed?["ExternalId"] == "unique-external-id")
            let error = await #expect(throws: KeyResolutionError.self) {
                try await moto.reads(try moto.home("external_id = another-id"))
            }
            #expect(error?.code == .unauthenticated)
        },
        .init(
            theirs: "a token of web identity (IRSA) is a setting",
            ours:
                "the platform's variables say it; on a moto_server without its checks, since the request has no signature"
        ) {
            let moto = try await MotoSecrets(try await MotoServer.open)
            let home = try AWSHome(files: ["token": "id-token"])
            let variables = [
                "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home.path)/token", "AWS_ROLE_ARN": moto.moto.writingRole,
                "AWS_ROLE_SESSION_NAME": "eks-session",
            ]
            #expect(try await moto.reads(home, home.variables.merging(variables) { $1 }))
            let form = try #require(moto.transport.sent.first { $0.action == "AssumeRoleWithWebIdentity" }?.form)
            #expect(form["WebIdentityToken"] == "id-token" && form["RoleSessionName"] == "eks-session")
        },
        .init(
            theirs: "an STS endpoint of one's own is a setting",
            ours: "AWS_ENDPOINT_URL_STS says it, as in AWS's tools, and the secrets are asked for at theirs"
        ) {
            let moto = try await MotoSecrets()
            let home = try moto.home()
            let own = moto.moto.url.replacing("127.0.0.1", with: "localhost")
            #expect(try await moto.reads(home, home.variables.merging(["AWS_ENDPOINT_URL_STS": own]) { $1 }))
            let places = moto.transport.sent.map { $0.url.hasPrefix(own) }
            #expect(places == [true, false])
        },
        .init(theirs: "a profile is a setting", ours: "the same, and it wins over the environment's access key") {
            let moto = try await MotoSecrets()
            let keys = moto.moto.users["writer"] ?? []
            let text = "[litellm-dev]\naws_access_key_id = \(keys[0])\naws_secret_access_key = \(keys[1])\n"
            let home = try AWSHome(credentials: text)
            let stranger = moto.moto.variables(of: "stranger").merging(home.variables) { $1 }
            #expect(try await moto.reads(home, stranger, profile: "litellm-dev"))
        },
        .init(
            theirs: "the proxy's configuration makes the manager with these settings",
            ours: "keyhooks.json does, and a key is found with them"
        ) {
            let moto = try await MotoSecrets()
            try await moto.secrets().write(.text("sk-loaded"), to: "openai")
            let home = try moto.home("role_session_name = test-session", profile: "profile loaded")
            let text = """
                {managers: {prod: {kind: 'aws', region: 'us-east-1', profile: 'loaded', endpoint: '\(moto.moto.url)',
                    prefix: '\(moto.prefix)', secret: '{service}'}}}
                """
            let resolver = try KeyResolver(
                configuration: try KeyConfiguration(parsing: text),
                plugins: [AWSPlugin.plugin],
                environment: home.variables.merging(["AWS_ENDPOINT_URL_STS": moto.moto.url]) { $1 }
            )
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-loaded")
        },
        .init(theirs: "a secret is written and read back with a role", ours: "the same, and the two share one session")
        {
            let moto = try await MotoSecrets()
            let home = try moto.home()
            let secrets = moto.secrets(in: try moto.manager(AWSConfiguration(), in: home.variables))
            try await secrets.write(.text("test_value_iam_role"), to: "iam")
            #expect(try await secrets.read("iam")?.content.text == "test_value_iam_role")
            #expect(moto.actions == ["AssumeRole", "PutSecretValue", "CreateSecret", "GetSecretValue"])
            try await secrets.delete("iam")
        },
    ]
}

extension MotoSecrets {
    /// A home folder in which a profile has the writing role, on the reader's behalf.
    fileprivate func home(_ lines: String = "", profile: String = "default") throws -> AWSHome {
        let keys = moto.users["reader"] ?? []
        return try AWSHome(
            config: "[\(profile)]\nrole_arn = \(moto.writingRole)\nsource_profile = base\n\(lines)\n",
            credentials: "[base]\naws_access_key_id = \(keys[0])\naws_secret_access_key = \(keys[1])\n"
        )
    }

    /// Whether what is found in an environment may read: a secret that isn't there is nil.
    fileprivate func reads(
        _ home: AWSHome,
        _ variables: [String: String]? = nil,
        profile: String? = nil
    ) async throws -> Bool {
        var configuration = AWSConfiguration()
        configuration.profile = profile
        let manager = try manager(configuration, in: variables ?? home.variables)
        defer { withExtendedLifetime(home) {} }
        return try await secrets(in: manager).read("none") == nil
    }

    /// What STS was last asked for.
    fileprivate var assumed: [String: String]? { transport.sent.last { $0.action == "AssumeRole" }?.form }
}
#endif
