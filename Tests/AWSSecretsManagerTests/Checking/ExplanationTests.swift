#if AWS
import Foundation
import KeyHooks
import OpenBaoTestSupport
import Testing

@testable import AWSSecretsManager

@Suite("What explanations say of the way to Secrets Manager")
struct ExplanationTests {
    @Test("which link would be asked first, and after a read which one answered")
    func explain() async throws {
        let moto = try await MotoServer.shared
        let text = "{plugins: {aws: {secret: 'prod/{service}'}}}"
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(parsing: text, environment: [:]),
            plugins: [AWSPlugin.plugin],
            environment: moto.variables(of: "reader")
        )
        let before = try resolver.explain(service: "openai").description
        #expect(
            before.contains("asks \(moto.url) (us-east-1 by AWS_REGION, the address by AWS_ENDPOINT_URL)"),
            "\(before)"
        )
        #expect(
            before.contains("credentials: not looked for yet; the first to be asked is: the environment"),
            "\(before)"
        )
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-openai")
        let after = try resolver.explain(service: "openai").description
        #expect(after.contains("    credentials: the environment: an access key\n"), "\(after)")
        #expect(after.contains("    passed over: the section 'aws': names none\n"), "\(after)")
        for value in (moto.users["reader"] ?? []) + ["fake-openai"] { #expect(!(before + after).contains(value)) }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var config = ""
        var credentials = ""
        var variables: [String: String] = [:]
        var profile: String?
    }

    static let rows = [
        Row(testDescription: "nothing has any"),
        Row(testDescription: "environment", variables: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]),
        Row(testDescription: "half of it", variables: ["AWS_ACCESS_KEY_ID": "a"]),
        Row(
            testDescription: "a profile passes it over",
            credentials: "[p]\naws_access_key_id = a\naws_secret_access_key = b\n",
            variables: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"],
            profile: "p"
        ),
        Row(testDescription: "a role", config: "[default]\nregion = us-east-1\nrole_arn = r\nsource_profile = none\n"),
        Row(
            testDescription: "web identity",
            variables: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent", "AWS_ROLE_ARN": "r", "AWS_REGION": "us-east-1"]
        ),
        Row(testDescription: "single sign-on", config: "[default]\nsso_account_id = 1\n"),
        Row(testDescription: "aws login", config: "[default]\nlogin_session = x\n"),
        Row(testDescription: "a process", config: "[default]\ncredential_process = /nonexistent\n"),
        Row(
            testDescription: "the configuration file",
            config: "[default]\naws_access_key_id = a\naws_secret_access_key = b\n"
        ),
        Row(
            testDescription: "a container",
            variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://other.example/"]
        ),
    ]

    @Test("the forecast names the link that is asked, and passes the others over in its words", arguments: rows)
    func forecast(row: Row) async throws {
        let home = try AWSHome(config: row.config, credentials: row.credentials)
        var settings = CredentialSettings()
        settings.profile = row.profile
        let chain = CredentialChain.test(home.variables.merging(row.variables) { $1 }, settings)
        let forecast = chain.forecast()
        let report = try await chain.find().report
        let passed = report.entries.filter { $0.outcome == .nothing }
        #expect(forecast.dropFirst().elementsEqual(passed.map { "passed over: \($0.link.words): \($0.text)" }))
        let asked = report.entries.last { $0.outcome != .nothing }
        let end = asked.map { "the first to be asked is: \($0.link.words)" } ?? "nothing has any"
        #expect(forecast.first == "credentials: not looked for yet; \(end)")
        #expect(report.lines.count == report.entries.count + (asked == nil ? 1 : 0))
        #expect(report.lines.dropFirst().elementsEqual(forecast.dropFirst()))
    }
}
#endif
