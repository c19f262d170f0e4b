#if AWS
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import OpenBaoTestSupport
import Testing

@testable import AWSSecretsManager

@Suite("Against a moto_server that checks signatures and permissions")
struct MotoTests {
    private static func client(_ variables: [String: String]) throws -> AWSClient {
        let environment = AWSEnvironment(variables)
        let profile = try AWSProfiles(environment).chosen(nil, environment)
        let settings = EndpointSettings(environment: environment, profile: profile)
        let chain = CredentialChain.test(variables)
        return try AWSClient(
            caller: chain.caller,
            credentials: CredentialKeeper(chain),
            settings: settings,
            region: try #require(try settings.region(nil))
        )
    }

    private static func read(_ client: AWSClient, _ name: String) async throws -> String? {
        let deadline = client.caller.clock.now() + .seconds(30)
        let body = JSONNode.object(["SecretId": .string(name)])
        return try await
            client.send("GetSecretValue", body, "reading the secret '\(name)'", of: name, by: deadline)[
                "SecretString"
            ]?
            .string
    }

    @Test("who may read gets the value, of a name in UTF-8 too, and by its ARN")
    func reading() async throws {
        let moto = try await MotoServer.shared
        let client = try Self.client(moto.variables(of: "reader"))
        #expect(try await Self.read(client, "prod/openai") == "fake-openai")
        #expect(try await Self.read(client, "prod/größe") == "fake-utf8")
        #expect(try await Self.read(client, "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/openai") != nil)
    }

    @Test("absent, denied, a wrong signature and an unknown access key are four things")
    func refusals() async throws {
        let moto = try await MotoServer.shared
        func failure(_ variables: [String: String], _ name: String) async throws -> AWSFailure? {
            let client = try Self.client(variables)
            return await #expect(throws: AWSFailure.self) { try await Self.read(client, name) }
        }
        var wrong = moto.variables(of: "reader")
        wrong["AWS_SECRET_ACCESS_KEY"] = "another-secret"
        let absent = try await failure(moto.variables(of: "reader"), "prod/none")
        let denied = try await failure(moto.variables(of: "stranger"), "prod/openai")
        let unsigned = try await failure(wrong, "prod/openai")
        let unknown = try await failure(moto.variables(of: "nobody"), "prod/openai")
        #expect(
            [absent, denied, unsigned, unknown].map { $0?.kind } == [.absent, .denied, .credentials, .credentials]
        )
        #expect(absent?.error.code == .absent)
        #expect(denied?.error.code == .denied)
        #expect(unsigned?.error.code == .unauthenticated)
        #expect(unsigned?.description.contains("SignatureDoesNotMatch") == true)
        for failure in [absent, denied, unsigned, unknown] {
            for text in (moto.users["reader"] ?? []) + ["another-secret"] {
                #expect(failure?.description.contains(text) == false)
            }
        }
    }

    @Test("a role's session reads what the role may, signed with its token")
    func role() async throws {
        let moto = try await MotoServer.shared
        let keys = moto.users["reader"] ?? []
        let home = try AWSHome(
            config: "[default]\nrole_arn = \(moto.role)\nsource_profile = base\n",
            credentials: "[base]\naws_access_key_id = \(keys[0])\naws_secret_access_key = \(keys[1])\n"
        )
        let more = ["AWS_ENDPOINT_URL": moto.url, "AWS_REGION": moto.region]
        let client = try Self.client(home.variables.merging(more) { $1 })
        #expect(try await Self.read(client, "prod/openai") == "fake-openai")
        #expect(client.credentials.report.answered == .role)
    }

    @Test("a role for a token of web identity is got without a signature")
    func webIdentity() async throws {
        let moto = try await MotoServer.open
        let home = try AWSHome(files: ["token": "id-token"])
        let more = [
            "AWS_ENDPOINT_URL": moto.url, "AWS_REGION": moto.region, "AWS_ROLE_ARN": moto.role,
            "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home.path)/token",
        ]
        let client = try Self.client(home.variables.merging(more) { $1 })
        #expect(try await Self.read(client, "prod/openai") == "fake-openai")
        #expect(client.credentials.report.answered == .webIdentity)
    }
}
#endif
