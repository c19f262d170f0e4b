#if AWS
import Foundation
import HTTPTransport
import KeyHooks
import OpenBaoTestSupport
import ServerSettings
import Testing

@testable import AWSSecretsManager

@Suite("The check of the way to Secrets Manager", .timeLimit(.minutes(5)))
struct AWSCheckTests {
    private static func findings(
        _ text: String,
        _ variables: [String: String],
        for services: [Service] = [],
        _ transport: FakeTransport? = nil
    ) async throws -> [String] {
        let configuration = try KeyConfiguration(parsing: "{\(text)}", environment: [:])
        let context = PluginContext(configuration: configuration, environment: variables)
        return try await AWSPlugin.check(in: context, for: services, transport: transport)
            .map { finding in
                let code = finding.code.map { " (\($0))" } ?? ""
                return "\(finding.step): \(finding.outcome.rawValue)\(code): \(finding.reason)"
            }
    }

    /// What a fake of AWS answers: STS, and Secrets Manager by the secret's name and the version asked for.
    private static func fake(
        identity: HTTPTransportResponse = .success(
            "<R><Arn>arn:aws:iam::123456789012:user/app</Arn><Account>123456789012</Account></R>"
        ),
        describing: @escaping @Sendable (String) -> HTTPTransportResponse = { _ in .error("AccessDeniedException") },
        reading: @escaping @Sendable (String) -> HTTPTransportResponse = { _ in .error("ResourceNotFoundException") }
    ) -> FakeTransport {
        FakeTransport { request, _ in
            let body = String(decoding: request.body ?? [], as: UTF8.self)
            if body.contains("GetCallerIdentity") { return identity }
            guard request.headers["X-Amz-Target"]?.hasSuffix(".GetSecretValue") == true else { return describing(body) }
            // A value never comes back, whoever may read it.
            #expect(body.contains(#""VersionId":"00000000-0000-0000-0000-000000000000""#))
            return reading(body)
        }
    }

    private static let variables = [
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "fake-secret-key", "AWS_REGION": "us-east-1",
        "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
    ]

    @Test("says what is configured, whose the credentials are, and whether secrets are there and may be read")
    func whole() async throws {
        let there = #"{"VersionIdsToStages": {"v1": ["AWSCURRENT"]}, "KmsKeyId": "alias/app"}"#
        let transport = Self.fake(describing: {
            $0.contains("prod/") ? .success(there) : .error("AccessDeniedException")
        })
        let findings = try await Self.findings(
            "plugins: {aws: {secret: 'prod/{service}', fips: true}}, providers: {openai: {}, groq: {aws: {version: '1'}}}",
            Self.variables,
            transport
        )
        #expect(
            findings == [
                "region: passed: us-east-1, by AWS_REGION",
                "endpoint: passed: https://secretsmanager-fips.us-east-1.amazonaws.com, AWS's own of the partition aws, FIPS",
                "credentials: the section 'aws': skipped: names none",
                "credentials: the environment: passed: answers: an access key",
                "identity: passed: arn:aws:iam::123456789012:user/app of the account 123456789012",
                "Secrets Manager: passed: answers, and accepts the credentials; they may not describe secrets, which reading "
                    + "doesn't need",
                "secret prod/groq: failed (absent): it has no version 1",
                "secret prod/openai: passed: is there, encrypted with the KMS key alias/app, and may be read",
            ]
        )
        for value in ["AKIAEXAMPLE", "fake-secret-key"] { #expect(!findings.joined().contains(value)) }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var describing: HTTPTransportResponse = .error("AccessDeniedException")
        var reading: HTTPTransportResponse = .error("ResourceNotFoundException")
        var access = "read-only"
        let says: String
    }

    static let rows = [
        Row(
            testDescription: "only reading is allowed",
            says: "skipped: may be read; whether it exists isn't known"
        ),
        Row(
            testDescription: "reading is denied of a secret that nobody may describe",
            reading: .error("AccessDeniedException"),
            says:
                "denied (denied): AWS refuses reading the secret 's': the credentials may not do that (AccessDeniedException, "
                + "HTTP 400), or there is no such secret: AWS answers alike"
        ),
        Row(
            testDescription: "reading is denied of a secret that is there",
            describing: .success(#"{"VersionIdsToStages": {"v1": ["AWSCURRENT"]}}"#),
            reading: .error("AccessDeniedException"),
            says: "denied (denied): AWS refuses reading the secret 's': the credentials may not do that"
        ),
        Row(
            testDescription: "there is no such secret",
            describing: .error("ResourceNotFoundException"),
            says: "failed (absent): AWS refuses describing the secret 's': there is no such secret"
        ),
        Row(
            testDescription: "it is scheduled for deletion",
            describing: .success(#"{"DeletedDate": 1800000000.5, "VersionIdsToStages": {"v1": ["AWSCURRENT"]}}"#),
            says: "failed (absent): it is scheduled for deletion"
        ),
        Row(
            testDescription: "it is scheduled for deletion, which reading says",
            reading: .error("InvalidRequestException", message: "it was marked deleted"),
            says: "failed (absent): AWS refuses reading the secret 's': it is scheduled for deletion"
        ),
        Row(
            testDescription: "it has no value yet",
            describing: .success(#"{"Name": "s"}"#),
            says: "failed (absent): it has no version with the label AWSCURRENT"
        ),
        Row(
            testDescription: "nothing is read where the access is write-only",
            describing: .success(#"{"VersionIdsToStages": {"v1": ["AWSCURRENT"]}}"#),
            reading: .error("AccessDeniedException"),
            access: "write-only",
            says: "passed: is there"
        ),
    ]

    @Test("a secret that can't be read is found", arguments: rows)
    func secrets(row: Row) async throws {
        let transport = Self.fake(
            describing: { $0.contains("keyhooks-check") ? .error("AccessDenied") : row.describing },
            reading: { _ in row.reading }
        )
        let text = "plugins: {aws: {secret: 's', access: '\(row.access)'}}"
        let last = try await Self.findings(text, Self.variables, transport).last
        #expect(last?.hasPrefix("secret s: \(row.says)") == true, "\(last ?? "")")
    }

    @Test("which secrets are looked at")
    func choice() async throws {
        func steps(_ text: String, _ services: [Service] = []) async throws -> [String] {
            try await Self.findings(text, Self.variables, for: services, Self.fake())
                .filter { $0.hasPrefix("secret") }.map { String($0.prefix { $0 != ";" }) }
        }
        let seen = ": skipped: may be read"
        let general = "plugins: {aws: {secret: 'p/{service}'}}"
        #expect(try await steps("\(general), providers: {openai: {}}") == ["secret p/openai\(seen)"])
        #expect(try await steps("\(general), providers: {openai: {}}", ["groq"]) == ["secret p/groq\(seen)"])
        #expect(
            try await steps(general) == [
                "secret p/*: skipped: not looked at: no service is named under 'providers' or in 'hosted'"
            ]
        )
        #expect(
            try await steps("plugins: {aws: {secret: '{tenant}/x'}}")
                == ["secret */x: skipped: not looked at: its name depends on the request"]
        )
        #expect(
            try await steps("plugins: {aws: {secret: 'p/{service}', hosted: ['groq', 'openai']}}")
                == ["secret p/groq\(seen)", "secret p/openai\(seen)"]
        )
        #expect(
            try await steps("plugins: {aws: {}}, providers: {openai: {aws: {secret: 'own'}}}") == ["secret own\(seen)"]
        )
        #expect(try await steps("plugins: {aws: {}}").first?.contains("those that programs name") == true)
        // Whoever names a service is told if nothing is asked for it.
        for text in ["{aws: {secret: 's', hosted: ['groq']}}", "{aws: {secret: 'p/{service}', hosted: ['groq']}}"] {
            let findings = try await Self.findings("plugins: \(text)", Self.variables, for: ["mistral"], Self.fake())
            #expect(findings.contains { $0.hasPrefix("service mistral: skipped: isn't asked for here") })
        }
    }

    @Test("STS that can't be reached is a remark, and so is a clock that is wrong")
    func remarks() async throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = format.string(from: Date().addingTimeInterval(3_600))
        let transport = FakeTransport { request, count in
            let body = String(decoding: request.body ?? [], as: UTF8.self)
            if body.contains("GetCallerIdentity") { throw HTTPTransportError(.cannotConnect) }
            let skewed = HTTPTransportResponse.error(
                "RequestTimeTooSkewed",
                headers: ["date": date]
            )
            return count < 2 ? skewed : .error("ResourceNotFoundException")
        }
        let findings = try await Self.findings("plugins: {aws: {}}", Self.variables, transport)
        #expect(findings.contains { $0.hasPrefix("identity: skipped: isn't known, which reading doesn't need: ") })
        #expect(findings.contains("Secrets Manager: passed: answers, and accepts the credentials"))
        let clock = findings.first { $0.hasPrefix("clock: skipped: this machine's clock is 3") }
        #expect(clock?.hasSuffix("s behind AWS's, which is allowed for") == true, "\(findings)")
    }

    @Test("a link that fails ends the chain, with what to do; nothing is sent")
    func chain() async throws {
        var variables = Self.variables
        variables["AWS_SECRET_ACCESS_KEY"] = nil
        let transport = Self.fake()
        let findings = try await Self.findings("plugins: {aws: {secret: 's'}}", variables, transport)
        #expect(
            findings.suffix(3) == [
                "credentials: the section 'aws': skipped: names none",
                "credentials: the environment: failed (unauthenticated): AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY isn't",
                "Secrets Manager: skipped: not looked at: there is nothing to sign a request with",
            ]
        )
        #expect(transport.sent.isEmpty)
        variables["AWS_ACCESS_KEY_ID"] = nil
        let none = try await Self.findings("plugins: {aws: {secret: 's'}}", variables, transport)
        #expect(none.count { $0.hasPrefix("credentials: ") } == CredentialLink.allCases.count + 1, "\(none)")
        #expect(
            none.contains { $0.hasPrefix("credentials: failed (unauthenticated): there are no credentials for AWS") }
        )
    }

    @Test("what is wrong before anybody is asked, and what is open to others")
    func settings() async throws {
        var variables = Self.variables
        variables["AWS_REGION"] = nil
        let nowhere = try await Self.findings("plugins: {aws: {secret: 's'}}", variables, Self.fake())
        #expect(
            nowhere.count == 1 && nowhere[0].hasPrefix("region and endpoint: failed (invalidConfiguration): no region")
        )
        variables["AWS_PROFILE"] = "nobody"
        let profile = try await Self.findings("plugins: {aws: {secret: 's'}}", variables, Self.fake())
        #expect(profile.count == 1 && profile[0].contains("the profile 'nobody', which AWS_PROFILE names"))
        let text = "plugins: {aws: {secret: 's', endpoint: 'http://vault.example:4566', region: 'eu-west-1'}}"
        let open = try await Self.findings(text, Self.variables, Self.fake())
        #expect(
            open.prefix(3) == [
                "region: passed: eu-west-1, by 'region'", "endpoint: passed: http://vault.example:4566, by 'endpoint'",
                "endpoint: skipped: secrets come back unencrypted: whoever sits in between reads them",
            ]
        )
    }

    @Test("a real server, with the sections of each manager")
    func server() async throws {
        let moto = try await MotoServer.shared
        let text = """
            plugins: {aws: {secret: 'prod/{service}'}}, managers: {other: {kind: 'aws', secret: 'prod/größe'}},
            providers: {openai: {}}
            """
        func last(_ user: String) async throws -> [String] {
            try await Self.findings(text, moto.variables(of: user)).filter { $0.hasPrefix("secret") }
        }
        #expect(
            try await last("writer") == [
                "secret prod/openai: passed: is there, and may be read",
                "secret prod/größe: passed: is there, and may be read",
            ]
        )
        #expect(try await last("reader").allSatisfy { $0.contains("skipped: may be read") })
        #expect(try await last("stranger").allSatisfy { $0.contains("denied (denied)") })
        #expect(try await last("nobody").isEmpty)
    }
}
#endif
