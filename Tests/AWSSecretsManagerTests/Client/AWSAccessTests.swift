#if AWS
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import Testing

@testable import AWSSecretsManager

@Suite("The way to Secrets Manager")
struct AWSAccessTests {
    private static func access(
        _ variables: [String: String],
        _ settings: AWSSettings = AWSSettings(),
        _ clock: SourceClock = .real,
        _ transport: FakeTransport? = nil
    ) -> AWSAccess {
        let context = PluginContext(configuration: KeyConfiguration(), environment: variables)
        return AWSAccess(settings, context, clock, transport: transport)
    }

    private static func read(_ access: AWSAccess, _ clock: SourceClock = .real) async throws -> String? {
        let deadline = clock.now() + .seconds(30)
        let body = JSONNode.object(["SecretId": .string("prod/openai")])
        return try await
            access.client(by: deadline)
            .send("GetSecretValue", body, "reading it", of: "prod/openai", by: deadline)["SecretString"]?
            .string
    }

    @Test("a read against a real server, from nothing but an environment")
    func reading() async throws {
        let moto = try await MotoServer.shared
        let access = Self.access(moto.variables(of: "reader"))
        #expect(access.report == nil)
        #expect(try await Self.read(access) == "fake-openai")
        #expect(access.report?.answered == .environment)
    }

    @Test("an endpoint and a region of the section win over those of the environment")
    func section() async throws {
        let moto = try await MotoServer.shared
        var variables = moto.variables(of: "reader")
        variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
        variables["AWS_REGION"] = "eu-west-1"
        var settings = AWSSettings()
        settings.endpoint = moto.url
        settings.credentials.region = moto.region
        #expect(try await Self.read(Self.access(variables, settings)) == "fake-openai")
    }

    @Test("the file of authorities that AWS_CA_BUNDLE names is the one that counts")
    func authorities() async throws {
        let variables = [
            "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S", "AWS_REGION": "us-east-1",
            "AWS_CA_BUNDLE": "/nonexistent/ca.pem",
        ]
        // It is read when a connection is made.
        var settings = AWSSettings()
        settings.endpoint = try await MotoServer.shared.url.replacing("http:", with: "https:")
        let access = Self.access(variables, settings)
        let failure = await #expect(throws: AWSFailure.self) { try await Self.read(access) }
        #expect(failure?.description.contains("/nonexistent/ca.pem") == true)
        #expect(failure?.error.code == .invalidConfiguration)
    }

    @Test("as many attempts as AWS_MAX_ATTEMPTS says", arguments: [("1", 1), ("2", 2), ("x", 3), ("0", 1)])
    func attempts(_ written: String, _ expected: Int) async throws {
        let time = TestTime()
        let transport = FakeTransport { _, _ in .error("InternalServiceError", 500) }
        let variables = [
            "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S", "AWS_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": written,
        ]
        let access = Self.access(variables, AWSSettings(), time.clock, transport)
        try await time.warm(try await access.client(by: .seconds(10)).credentials)
        let task = Task { try await Self.read(access, time.clock) }
        for number in 1..<max(expected, 1) {
            try await time.someoneSleeps(after: number, transport)
            time.advance(1)
        }
        await #expect(throws: AWSFailure.self) { try await task.value }
        #expect(transport.sent.count == expected)
    }

    @Test("what can't be found is looked for again: a region, a profile, credentials")
    func again() async throws {
        let moto = try await MotoServer.shared
        let home = try AWSHome()
        let access = Self.access(home.variables.merging(["AWS_PROFILE": "p"]) { $1 })
        await #expect(throws: KeyResolutionError.self) { try await Self.read(access) }
        let keys = moto.users["reader"] ?? []
        let text = """
            [profile p]
            region = \(moto.region)
            endpoint_url = \(moto.url)
            aws_access_key_id = \(keys[0])
            aws_secret_access_key = \(keys[1])
            """
        try FileManager.default.createDirectory(atPath: "\(home.path)/.aws", withIntermediateDirectories: true)
        try text.write(toFile: "\(home.path)/.aws/config", atomically: true, encoding: .utf8)
        #expect(try await Self.read(access) == "fake-openai")
    }
}
#endif
