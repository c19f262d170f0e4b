#if AWS
import Foundation
import HTTPTransport
import KeyHooks
import Testing

@testable import AWSSecretsManager

@Suite("Endpoints beside botocore's")
struct EndpointTests {
    @Test(
        "asks where botocore does, with the same header fields signed and the same signature",
        arguments: EndpointCase.usual + EndpointCase.set
    )
    func asBotocore(_ each: EndpointCase) async throws {
        let home = try AWSHome(config: each.config)
        let variables = home.variables.merging(each.variables) { $1 }
        let answer = try await Botocore.shared.ask(
            "endpoint",
            ["environment": variables, "service": each.service.rawValue, "region": each.region]
        )
        let endpoint = Result { try Self.endpoint(each, AWSEnvironment(variables)) }
        guard let url = answer.text("url") else {
            #expect(answer.text("error") != nil)
            #expect(throws: KeyResolutionError.self) { try endpoint.get() }
            return
        }
        #expect(try endpoint.get().url.text == url)
        #expect(try endpoint.get().signingRegion == answer.text("region"))
        let ours = try await Self.request(each, AWSEnvironment(variables), answer)
        #expect(ours.headers["Authorization"] == answer.text("authorization"))
        #expect(ours.url == url)
    }

    /// The request that we send with botocore's body in its second.
    private static func request(
        _ each: EndpointCase,
        _ environment: AWSEnvironment,
        _ answer: [String: any Sendable]
    ) async throws -> HTTPTransportRequest {
        let written = try #require(answer.text("date"))
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withYear, .withMonth, .withDay, .withTime, .withTimeZone]
        let date = try #require(formatter.date(from: written))
        let body = Array(try #require(answer.text("body")).utf8)
        let transport = FakeTransport { _, _ in .success("{}") }
        let caller = AWSCaller(transport, SourceClock(ContinuousClock()) { date })
        let settings = EndpointSettings(
            environment: environment,
            profile: try AWSProfiles(environment).chosen(nil, environment)
        )
        let region = try AWSRegion(each.region, from: "the test")
        let client = try AWSClient(
            caller: caller,
            credentials: CredentialKeeper(.test(environment.variables)),
            settings: settings,
            region: region
        )
        let call =
            each.service == .secretsManager
            ? try client.call("GetSecretValue", body, "reading it", of: "x")
            : AWSCall(
                service: .tokens,
                endpoint: try settings.endpoint(of: .tokens, in: region),
                headers: AWSCall.form,
                body: body,
                doing: "asking who we are"
            )
        let credentials = AWSCredentials(accessKeyID: "id", secretKey: APIKey("secret"))
        _ = try await caller.send(call, with: credentials, by: caller.clock.now() + .seconds(60))
        return try #require(transport.sent.first)
    }

    private static func endpoint(_ each: EndpointCase, _ environment: AWSEnvironment) throws -> AWSEndpoint {
        let profile = try AWSProfiles(environment).chosen(nil, environment)
        let settings = EndpointSettings(environment: environment, profile: profile)
        return try settings.endpoint(of: each.service, in: try AWSRegion(each.region, from: "the test"))
    }

    @Test(
        "a region comes from the section, AWS_REGION, AWS_DEFAULT_REGION or the profile, in this order",
        arguments: [
            ([:], "", nil, nil), (["AWS_REGION": "a-1"], "", nil, "a-1"),
            (["AWS_DEFAULT_REGION": "b-1"], "", nil, "b-1"),
            (["AWS_REGION": "a-1", "AWS_DEFAULT_REGION": "b-1"], "[default]\nregion=c-1", nil, "a-1"),
            (["AWS_REGION": "", "AWS_DEFAULT_REGION": "b-1"], "[default]\nregion=c-1", nil, "b-1"),
            ([:], "[default]\nregion=c-1", nil, "c-1"),
            (["AWS_PROFILE": "x"], "[default]\nregion=c-1\n[profile x]\nregion = d-1", nil, "d-1"),
            (["AWS_PROFILE": "x"], "[default]\nregion=c-1\n[profile x]\noutput = json", nil, nil),
            (["AWS_REGION": "a-1"], "", "e-1", "e-1"),
        ] as [([String: String], String, String?, String?)]
    )
    func regions(_ variables: [String: String], _ config: String, _ section: String?, _ expected: String?) async throws
    {
        let home = try AWSHome(config: config)
        let environment = AWSEnvironment(home.variables.merging(variables) { $1 })
        let profile = try AWSProfiles(environment).chosen(nil, environment)
        let region = try EndpointSettings(environment: environment, profile: profile).region(section)
        #expect(region?.name == expected)
        // botocore has no AWS_REGION, and the section is ours.
        guard variables["AWS_REGION"] == nil, section == nil else { return }
        let answer = try await Botocore.shared.ask("region", ["environment": environment.variables])
        #expect(answer.text("region") == expected)
    }

    @Test("where nothing says a region, the instance does; without one it is an error that says what to do")
    func regionOfInstance() async throws {
        let url = try await AWSStandIns.url
        func region(_ variables: [String: String]) async throws -> AWSRegion {
            let environment = AWSEnvironment(["HOME": "/nonexistent"].merging(variables) { $1 })
            let settings = EndpointSettings(environment: environment, profile: AWSProfile(name: "default"))
            let clock = SourceClock.real
            let transport = HTTPTransportSettings().transport()
            return try await settings.region(nil, orOfInstance: transport, clock, by: clock.now() + .seconds(30))
        }
        let instance = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "\(url)/imds/two"]
        #expect(try await region(instance).name == "eu-north-1")
        #expect(try await region(instance.merging(["AWS_REGION": "a-1"]) { $1 }).name == "a-1")
        for variables in [
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "\(url)/imds/refused"], ["AWS_EC2_METADATA_DISABLED": "true"],
        ] {
            let error = await #expect(throws: KeyResolutionError.self) { try await region(variables) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.remedy.contains("AWS_REGION") == true)
        }
    }

    @Test("a secret named by an ARN is asked for where it is")
    func regionOfARN() throws {
        let usual = try AWSRegion("us-east-1", from: "the test")
        let settings = EndpointSettings(environment: AWSEnvironment([:]), profile: AWSProfile(name: "default"))
        let foreign = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:prod/openai-AbCdEf"
        let elsewhere = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/openai-AbCdEf"
        #expect(try settings.region(ofSecret: elsewhere, or: usual).name == "eu-west-1")
        let china = try AWSRegion("cn-northwest-1", from: "the test")
        #expect(try settings.region(ofSecret: foreign, or: china).name == "cn-north-1")
        // Credentials of one partition are nothing in another.
        for arn in [foreign, foreign.replacing("aws-cn", with: "aws"), elsewhere.replacing("aws", with: "aws-cn")] {
            #expect(throws: KeyResolutionError.self) { try settings.region(ofSecret: arn, or: usual) }
        }
        #expect(try settings.region(ofSecret: "prod/openai", or: usual) == usual)
        #expect(SecretARN(foreign)?.name == "prod/openai-AbCdEf")
        #expect(SecretARN("arn:aws:s3:::bucket") == nil)
        #expect(SecretARN("arn:aws:secretsmanager:us-east-1:12:secret:a") == nil)
        #expect(throws: KeyResolutionError.self) {
            try settings.region(ofSecret: "arn:aws:secretsmanager:a.b/:123456789012:secret:x", or: usual)
        }
    }
}

struct EndpointCase: Sendable, CustomTestStringConvertible {
    var region: String
    var service = AWSService.secretsManager
    var variables: [String: String] = [:]
    var config = ""

    var testDescription: String {
        "\(service.rawValue) \(region) \(variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }) \(config.isEmpty ? "" : "with a profile")"
    }
}

extension EndpointCase {
    static let fips = ["AWS_USE_FIPS_ENDPOINT": "true"]
    static let dual = ["AWS_USE_DUALSTACK_ENDPOINT": "TRUE"]
    static let regions = [
        "us-east-1", "eu-central-1", "ap-southeast-7", "mx-central-1", "us-gov-west-1", "us-gov-east-1", "cn-north-1",
        "cn-northwest-1", "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1",
        "eusc-de-east-1", "xx-future-9", "us-west-99", "local",
    ]
    static let usual = regions.flatMap { region in
        [AWSService.secretsManager, .tokens]
            .flatMap { service in
                // botocore's older table knows no dual stack in two of the secret partitions.
                (["eu-isoe-west-1", "us-isof-south-1"].contains(region)
                    ? [[:], fips] : [[:], fips, dual, fips.merging(dual) { $1 }])
                    .map { EndpointCase(region: region, service: service, variables: $0) }
            }
    }
    static let set = [
        EndpointCase(region: "aws-global", service: .tokens),
        EndpointCase(region: "fips-us-east-1"),
        EndpointCase(region: "us-gov-west-1-fips"),
        EndpointCase(region: "us-east-1", variables: ["AWS_ENDPOINT_URL": "http://localhost:4566"]),
        EndpointCase(region: "us-east-1", variables: ["AWS_ENDPOINT_URL": "http://localhost:4566/"]),
        EndpointCase(region: "us-east-1", variables: ["AWS_ENDPOINT_URL": "https://gateway.example.org/aws"]),
        EndpointCase(
            region: "us-east-1",
            variables: ["AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://a.example.org:8443"]
        ),
        EndpointCase(
            region: "eu-west-1",
            variables: ["AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://a.org", "AWS_ENDPOINT_URL": "https://b.org"]
        ),
        EndpointCase(
            region: "eu-west-1",
            service: .tokens,
            variables: ["AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://a.org", "AWS_ENDPOINT_URL": "https://b.org"]
        ),
        EndpointCase(region: "eu-west-1", service: .tokens, variables: ["AWS_ENDPOINT_URL_STS": "https://a.org"]),
        EndpointCase(
            region: "eu-west-1",
            variables: ["AWS_ENDPOINT_URL": "https://b.org", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]
        ),
        EndpointCase(
            region: "eu-west-1",
            variables: ["AWS_ENDPOINT_URL": "https://b.org", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"]
        ),
        EndpointCase(region: "eu-west-1", variables: ["AWS_ENDPOINT_URL": ""]),
        EndpointCase(region: "us-east-1", config: "[default]\nendpoint_url = https://p.org\n"),
        EndpointCase(region: "us-east-1", config: "[default]\nuse_fips_endpoint = true\n"),
        EndpointCase(region: "us-iso-east-1", config: "[default]\nuse_dualstack_endpoint = true\n"),
        EndpointCase(
            region: "us-east-1",
            variables: ["AWS_USE_FIPS_ENDPOINT": "false"],
            config: "[default]\nuse_fips_endpoint = true\n"
        ),
        EndpointCase(
            region: "us-east-1",
            config:
                "[default]\nservices = s\nendpoint_url = https://p.org\n\n[services s]\nsecrets_manager =\n  endpoint_url = https://q.org\n"
        ),
        EndpointCase(
            region: "us-east-1",
            service: .tokens,
            config:
                "[default]\nservices = s\nendpoint_url = https://p.org\n[services s]\nsecrets_manager =\n  endpoint_url = https://q.org\n"
        ),
        EndpointCase(
            region: "us-east-1",
            variables: ["AWS_ENDPOINT_URL": "https://b.org"],
            config: "[default]\nservices = s\n[services s]\nsecrets_manager =\n  endpoint_url = https://q.org\n"
        ),
        EndpointCase(
            region: "us-east-1",
            config: "[default]\nendpoint_url = https://p.org\nignore_configured_endpoint_urls = true\n"
        ),
        EndpointCase(region: "us-east-1", config: "[default]\nservices = s\n"),
        EndpointCase(region: "us-east-1", variables: fips.merging(["AWS_ENDPOINT_URL": "https://b.org"]) { $1 }),
        EndpointCase(region: "us-east-1", variables: dual.merging(["AWS_ENDPOINT_URL": "https://b.org"]) { $1 }),
        EndpointCase(region: "us east"),
        EndpointCase(region: "evil.example.org/"),
        EndpointCase(region: "-a"),
    ]
}
#endif
