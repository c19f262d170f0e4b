#if AWS
import ExtensionHooks
import Foundation
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import AWSSecretsManager

@Suite("The section 'aws'", .timeLimit(.minutes(5)))
struct PluginTests {
    @Test("One bundle for all services, from a section of two words")
    func bundle() async throws {
        let account = try await Account()
        let text = #"{"OPENAI_API_KEY": "fake-o", "ANTHROPIC_API_KEY": "fake-a"}"#
        try await account.secrets().write(.text(text), to: "provider-keys")
        let resolver = try account.resolver(
            #"{"plugins": {"aws": {"secret": "PREFIX/provider-keys", "region": "us-east-1"}}}"#,
            of: "reader",
            environment: ["GROQ_API_KEY": "fake-env"]
        )
        let key = try await resolver.getAPIKey(service: "openai")
        #expect(key?.value == "fake-o")
        #expect(
            key?.provenance?.source
                == .hook("aws", detail: "\(account.prefix)/provider-keys, field OPENAI_API_KEY")
        )
        #expect(try await resolver.getAPIKey(service: "anthropic")?.value == "fake-a")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-env")
        #expect(resolver.cacheStatistics["aws"]?.loads == 1)
    }

    @Test("A secret for each service, with the words of every manager beside")
    func perService() async throws {
        let account = try await Account()
        try await account.secrets().write(.text("fake-o"), to: "prod/openai/api_key")
        try await account.secrets().write(.text(#"{"key": "fake-g"}"#), to: "prod/groq/api_key")
        let resolver = try account.resolver(
            """
            {"plugins": {"aws": {"secret": "prod/{service}/api_key", "prefix": "PREFIX/", "hosted": ["openai", "groq"],
              "ttl": "1h", "access": "read-write"}}, "providers": {"xai": {"aws": {"secret": "prod/groq/api_key"}}}}
            """,
            environment: ["MISTRAL_API_KEY": "fake-env"]
        )
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-o")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-g")
        #expect(try await resolver.getAPIKey(service: "mistral")?.value == "fake-env")
        // By the plugin's name programs have its secrets, and what they write is what is read next.
        #expect(resolver.secretManagers == ["aws"])
        try await resolver.secrets(in: "aws").write(.text("fake-new"), to: "prod/openai/api_key")
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-new")
    }

    @Test("A name that begins with a slash is another name at AWS, and a prefix before an ARN is a mistake")
    func names() async throws {
        let account = try await Account()
        let rooted = ManagedSecrets(in: try account.manager(), access: .readWrite, prefix: "/\(account.prefix)/")
        try await rooted.write(.text("fake-rooted"), to: "openai")
        try await account.secrets().write(.text("fake-other"), to: "openai")
        let resolver = try account.resolver(#"{"plugins": {"aws": {"secret": "/PREFIX/{service}"}}}"#)
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-rooted")
        let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"
        let mistaken = try account.resolver(
            #"{"plugins": {"aws": {"secret": "\#(arn)", "prefix": "PREFIX/"}}}"#,
            environment: ["OPENAI_API_KEY": "fake-env"]
        )
        let error = await #expect(throws: KeyResolutionError.self) {
            try await mistaken.getAPIKey(service: "openai")
        }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("Several regions or accounts are several managers, and a chain may have them")
    func managers() async throws {
        let account = try await Account()
        let east = try account.secrets()
        let west = try account.secrets { $0.region = "eu-west-1" }
        try await east.write(.text("fake-east"), to: "openai")
        try await west.write(.text("fake-west"), to: "groq")
        let resolver = try account.resolver(
            """
            {"managers": {"east": {"kind": "aws", "prefix": "PREFIX/"},
              "west": {"kind": "aws", "prefix": "PREFIX/", "region": "eu-west-1"},
              "both": {"kind": "chain", "of": ["east", "west"], "secret": "{service}"}}}
            """
        )
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-east")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-west")
    }

    @Test("A denial and an outage aren't answered by the environment", arguments: ["stranger", "away", "nobody"])
    func noFallThrough(_ user: String) async throws {
        let account = try await Account()
        var environment = ["OPENAI_API_KEY": "fake-env"]
        if user == "away" { environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:\(try freePort())" }
        let resolver = try account.resolver(
            #"{"plugins": {"aws": {"secret": "PREFIX/{service}"}}}"#,
            of: user == "away" ? "reader" : user,
            environment: environment
        )
        for _ in 1...2 {
            let error = await #expect(throws: KeyResolutionError.self) {
                try await resolver.getAPIKey(service: "openai")
            }
            let codes: [String: KeyResolutionError.Code] = [
                "stranger": .denied, "away": .unavailable, "nobody": .unauthenticated,
            ]
            #expect(error?.code == codes[user])
            #expect(error.map { "\($0)".contains("fake-") } == false)
        }
    }

    @Test("AWS's own rotation is seen when the TTL ends, at once after a refused key, and never the version before")
    func rotation() async throws {
        let account = try await Account()
        let secrets = try account.secrets()
        try await secrets.write(.text("fake-1"), to: "openai")
        let clock = ManualClock()
        let registry = HookRegistry()
        let reader = try account.secrets(of: "reader")
        var settings = SourceSettings()
        settings.cache.timeToLive = .seconds(300)
        settings.cache.jitter = 0
        try registry.register { [settings] hooks in
            hooks.answer(from: try reader.keys(at: "{service}"), id: "aws", settings: settings, clock: clock)
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        func value() async throws -> String? { try await resolver.getAPIKey(service: "openai")?.value }
        // As the four steps of a rotation function do: a pending version, and then the label.
        func rotate(to text: String) async throws {
            let current = try #require(try await secrets.read("openai")?.version)
            let id = UUID().uuidString.lowercased()
            try await account.ask(
                "PutSecretValue",
                "openai",
                [
                    "SecretString": .string(text), "ClientRequestToken": .string(id),
                    "VersionStages": .array([.string("AWSPENDING")]),
                ]
            )
            #expect(try await secrets.read("openai")?.version == current)
            try await account.ask(
                "UpdateSecretVersionStage",
                "openai",
                [
                    "VersionStage": .string("AWSCURRENT"), "MoveToVersionId": .string(id),
                    "RemoveFromVersionId": .string(current),
                ]
            )
        }
        #expect(try await value() == "fake-1")
        try await rotate(to: "fake-2")
        #expect(try await value() == "fake-1")
        clock.advance(by: .seconds(301))
        #expect(try await value() == "fake-2")
        try await rotate(to: "fake-3")
        let old = try #require(try await resolver.getAPIKey(service: "openai"))
        #expect(old.value == "fake-2")
        resolver.report(.unauthorized, for: old)
        #expect(try await value() == "fake-3")
    }

    @Test("A thousand services of one bundle are one read")
    func thousand() async throws {
        let account = try await Account()
        let members = (0..<1000).map { #""S\#($0)_API_KEY": "fake-\#($0)""# }.joined(separator: ",")
        try await account.secrets().write(.text("{\(members)}"), to: "bundle")
        let resolver = try account.resolver(#"{"plugins": {"aws": {"secret": "PREFIX/bundle"}}}"#, of: "reader")
        let values = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
            for number in 0..<1000 {
                group.addTask { (number, try await resolver.getAPIKey(service: "s\(number)")?.value) }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        #expect(values == Dictionary(uniqueKeysWithValues: (0..<1000).map { ($0, "fake-\($0)") }))
        #expect(resolver.cacheStatistics["aws"]?.loads == 1)
    }
}
#endif
