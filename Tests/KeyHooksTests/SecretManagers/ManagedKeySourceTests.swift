import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@Suite("Keys from a secret manager", .timeLimit(.minutes(5)))
struct ManagedKeySourceTests {
    private let manager = MemorySecretManager()
    private let secrets: ManagedSecrets

    init() {
        secrets = ManagedSecrets(in: manager, named: "team-vault", access: .readWrite)
    }

    @Test("One secret for many services is read once, and picked by their variables")
    func bundle() async throws {
        try await secrets.write(.fields(["OPENAI_API_KEY": "sk-1", "GROQ_API_KEY": "gsk-1"]), to: "providers")
        let fixture = try SourceFixture(try secrets.keys(at: "providers"))
        #expect(await fixture.outcome() == "sk-1")
        #expect(await fixture.outcome("groq") == "gsk-1")
        #expect(await fixture.outcome("xai") == "nil")
        #expect(fixture.statistics.loads == 1)
        let key = try await fixture.resolver.getAPIKey(service: "openai")
        #expect(key?.provenance?.source == .hook("team-vault", detail: "providers, field OPENAI_API_KEY"))
        #expect(key?.provenance?.version == "1")
    }

    @Test("So is a text that is a JSON object")
    func jsonBundle() async throws {
        try await secrets.write(.text(#"{"OPENAI_API_KEY": "sk-1", "n": 1}"#), to: "providers")
        let fixture = try SourceFixture(try secrets.keys(at: "providers"))
        #expect(await fixture.outcome() == "sk-1")
    }

    @Test("A secret for each service is the key as a whole, or has it under a common name")
    func own() async throws {
        try await secrets.write(.text("sk-1"), to: "prod/openai/api_key")
        try await secrets.write(.fields(["api_key": "gsk-1"]), to: "prod/groq/api_key")
        try await secrets.write(.text(#"{"type": "service_account"}"#), to: "prod/xai/api_key")
        let fixture = try SourceFixture(try secrets.keys(at: "{profile}/{service}/api_key"))
        #expect(await fixture.outcome(scope: KeyScope(profile: "prod")) == "sk-1")
        #expect(await fixture.outcome("groq", scope: KeyScope(profile: "prod")) == "gsk-1")
        #expect(await fixture.outcome("xai", scope: KeyScope(profile: "prod")) == #"{"type": "service_account"}"#)
        #expect(await fixture.outcome() == "invalidScope")
    }

    @Test("The text of one service's secret is never another's, nor a field")
    func foreign() async throws {
        try await secrets.write(.text("sk-1"), to: "shared")
        let fixture = try SourceFixture(try secrets.keys(at: "shared"), environment: [:])
        #expect(await fixture.outcome() == "nil")
        try await secrets.write(.text("sk-1"), to: "own/bedrock")
        let own = try SourceFixture(try secrets.keys(at: "own/{service}"), environment: [:])
        #expect(try await own.resolver.getSecret(service: "bedrock", field: "region") == nil)
    }

    @Test("A document with the keys of others isn't the key of a service that it lacks")
    func othersDocument() async throws {
        let text = #"{"OPENAI_API_KEY": "sk-1", "GROQ_API_KEY": "gsk-1"}"#
        try await secrets.write(.text(text), to: "own/xai")
        try await secrets.write(.fields(["OPENAI_API_KEY": "sk-1"]), to: "own/mistral")
        let fixture = try SourceFixture(try secrets.keys(at: "own/{service}"), environment: [:])
        for service in ["xai", "mistral"] as [Service] { #expect(await fixture.outcome(service) == "nil") }
        let error = await #expect(throws: KeyResolutionError.self) {
            try await fixture.resolver.requireAPIKey(service: "xai")
        }
        #expect(error?.description.contains("OPENAI_API_KEY") == true, "\(error as Any)")
        #expect(error?.description.contains("sk-1") == false)
    }

    @Test(
        "Nor is one that can't be understood, or has them further down",
        arguments: [
            "\u{FEFF}{\"GROQ_API_KEY\": \"gsk-1\"}", #"{"GROQ_API_KEY": "gsk-1",}"#, #"[{"GROQ_API_KEY": "gsk-1"}]"#,
            #"{"a": {"OPENAI_API_KEY": "sk-1"}}"#, #"{"GROQ_API_KEY": "a", "GROQ_API_KEY": "b"}"#,
            "GROQ_API_KEY=gsk-1", "export GROQ_API_KEY = gsk-1", "A=b\nGROQ_API_KEY=gsk-1\n",
        ]
    )
    func documents(_ text: String) async throws {
        try await secrets.write(.text(text), to: "own/openai")
        let fixture = try SourceFixture(try secrets.keys(at: "own/{service}"), environment: [:])
        #expect(await fixture.outcome() == "nil")
        try await secrets.write(.text(#"{"type": "service_account", "private_key": "GROQ"}"#), to: "own/openai")
        #expect(await fixture.outcome() == #"{"type": "service_account", "private_key": "GROQ"}"#)
    }

    @Test("A secret that has ended is never given as a key")
    func ended() async throws {
        struct Ended: SecretManager {
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
                StoredSecret(.text("sk-1"), expiresAt: Date(timeIntervalSinceNow: -1))
            }
        }
        let fixture = try SourceFixture(try Ended().keys(at: "own/{service}"))
        for _ in 1...2 { #expect(await fixture.outcome() == "outdated") }
    }

    @Test("Parameters that are one text to Swift and two to a store are two places")
    func parameters() async throws {
        struct Named: SecretManager {
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
                let namespace = options.parameters["namespace"] ?? ""
                return StoredSecret(.text("sk-\(namespace.unicodeScalars.count)"))
            }
        }
        var (composed, decomposed) = (ProviderSettings(), ProviderSettings())
        composed["team-vault"] = ["secret": "key", "parameters": ["namespace": "caf\u{E9}"]]
        decomposed["team-vault"] = ["secret": "key", "parameters": ["namespace": "cafe\u{301}"]]
        let named = ManagedSecrets(in: Named(), named: "team-vault")
        let fixture = try SourceFixture(
            try named.keys(at: "{service}"),
            providers: ["openai": composed, "groq": decomposed]
        )
        #expect(await fixture.outcome() == "sk-4")
        #expect(await fixture.outcome("groq") == "sk-5")
    }

    @Test("Where no variable may answer, fields are still found by their names, and an absence says which")
    func closedEnvironment() async throws {
        try await secrets.write(.fields(["OPENAI_API_KEY": "sk-1"]), to: "providers")
        let fixture = try SourceFixture(
            try secrets.keys(at: "providers"),
            environment: ["GROQ_API_KEY": "gsk-env"],
            providers: [
                "openai": ProviderSettings(env: []), "groq": ProviderSettings(env: [], plugins: ["team-vault"]),
            ]
        )
        #expect(await fixture.outcome() == "sk-1")
        let error = await #expect(throws: KeyResolutionError.self) {
            try await fixture.resolver.requireAPIKey(service: "groq")
        }
        let text = error?.description ?? ""
        #expect(
            text.contains("no field GROQ_API_KEY") && text.contains("Write field GROQ_API_KEY of providers"),
            "\(text)"
        )
        #expect(!text.contains("process environment"), "\(text)")
    }

    @Test("Whoever lacks a profile is told which manager wants it")
    func lackingScope() async throws {
        let fixture = try SourceFixture(try secrets.keys(at: "{profile}/{service}"))
        let error = await #expect(throws: KeyResolutionError.self) {
            try await fixture.resolver.getAPIKey(service: "openai")
        }
        #expect(error?.code == .invalidScope && error?.message.contains("'team-vault'") == true, "\(error as Any)")
    }

    @Test("Others than the hosted services are never asked for")
    func hosted() async throws {
        try await secrets.write(.fields(["OPENAI_API_KEY": "sk-1", "GROQ_API_KEY": "gsk-1"]), to: "providers")
        let fixture = try SourceFixture(try secrets.keys(at: "providers", hosted: ["openai"]), environment: [:])
        #expect(await fixture.outcome("groq") == "nil")
        #expect(fixture.statistics.loads == 0)
        #expect(await fixture.outcome() == "sk-1")
    }

    @Test("A manager that is only written to is never asked")
    func writeOnly() async throws {
        let writeOnly = ManagedSecrets(in: manager, named: "team-vault", access: .writeOnly)
        try await writeOnly.write(.fields(["OPENAI_API_KEY": "sk-1"]), to: "providers")
        let fixture = try SourceFixture(try writeOnly.keys(at: "providers"))
        #expect(await fixture.outcome() == "sk-env")
        #expect(fixture.statistics.loads == 0)
    }

    @Test("A write, a deletion and a rotation are seen by the next call, and others' secrets stay cached")
    func changes() async throws {
        try await secrets.write(.text("sk-1"), to: "own/openai")
        try await secrets.write(.text("gsk-1"), to: "own/groq")
        let fixture = try SourceFixture(try secrets.keys(at: "own/{service}"), environment: [:])
        #expect(await fixture.outcome() == "sk-1")
        #expect(await fixture.outcome("groq") == "gsk-1")
        try await secrets.write(.text("sk-2"), to: "own/openai")
        #expect(await fixture.outcome() == "sk-2")
        try await secrets.rotate("own/openai", to: .text("sk-3"))
        #expect(await fixture.outcome() == "sk-3")
        try await secrets.delete("own/openai")
        #expect(await fixture.outcome() == "nil")
        try await secrets.write(.text("sk-4"), to: "own/openai")
        #expect(await fixture.outcome() == "sk-4")
        #expect(await fixture.outcome("groq") == "gsk-1")
        #expect(fixture.statistics.loads == 6)
    }

    @Test("What the configuration says of a service under the manager's name stands over it")
    func perService() async throws {
        try await secrets.write(.fields(["OPENAI_API_KEY": "sk-1"]), to: "providers")
        try await secrets.write(.fields(["nested": "no", "key": "sk-2"]), to: "own")
        var settings = ProviderSettings()
        settings["team-vault"] = ["secret": "own", "field": "key"]
        let fixture = try SourceFixture(try secrets.keys(at: "providers"), providers: ["openai": settings])
        #expect(await fixture.outcome() == "sk-2")
    }

    @Test("Denials, failures and absences are told apart on every read", arguments: [1, 2, 3])
    func kinds(_ reads: Int) async throws {
        struct Failing: SecretManager {
            let code: KeyResolutionError.Code
            func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
                throw KeyResolutionError(code, "scripted", remedy: "none")
            }
        }
        for code in [KeyResolutionError.Code.denied, .unauthenticated, .unavailable, .sealed] {
            let fixture = try SourceFixture(try Failing(code: code).keys(at: "providers"))
            for _ in 0..<reads { #expect(await fixture.outcome() == code.description) }
        }
    }

    @Test(
        "A place that can't be one is a mistake",
        arguments: ["", "a//b", "../a", "a/{servce}", "{service}{profile}", "a/ b", "a/.."]
    )
    func mistakes(_ secret: String) {
        let error = #expect(throws: KeyResolutionError.self) { try secrets.keys(at: secret) }
        #expect(error?.code == .invalidConfiguration)
    }
}
