#if AWS
import Foundation
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import Testing

@testable import AWSSecretsManager

/// The articles on AWS: their configurations and their code, run as they stand against the moto_server that checks
/// signatures and permissions.
///
/// Names are those of the articles, which no other test uses; the server has the place of AWS by a variable.
@Suite("The articles on AWS Secrets Manager", .serialized, .timeLimit(.minutes(5)))
struct ArticleTests {
    private static let article = "From-AWS-Secrets-Manager.md"

    @Test("One secret for all keys, from five lines of configuration")
    func bundle() async throws {
        let account = try await Account()
        let text = try Self.block("provider-keys\"")
        #expect(text.split(separator: "\n").count <= 5)
        let keys = #"{"OPENAI_API_KEY": "fake-o", "GROQ_API_KEY": "fake-g"}"#
        try await Self.write(keys, to: "prod/litellm/provider-keys", account)
        let resolver = try Self.resolver(text, account, of: "reader")
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-o")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-g")
        #expect(resolver.cacheStatistics["aws"]?.loads == 1)
    }

    @Test("One secret for each service, from five lines of configuration; others are never asked for")
    func perService() async throws {
        let account = try await Account()
        let text = try Self.block("\"hosted\"")
        #expect(text.split(separator: "\n").count <= 5)
        try await Self.write("fake-o", to: "prod/openai/api_key", account)
        try await Self.write(#"{"api_key": "fake-g"}"#, to: "prod/groq/api_key", account)
        try await Self.write("fake-x", to: "prod/xai/api_key", account)
        let resolver = try Self.resolver(text, account, of: "reader", ["XAI_API_KEY": "fake-env"])
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-o")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-g")
        #expect(try await resolver.getAPIKey(service: "xai")?.value == "fake-env")
    }

    @Test("A key that is deep inside a secret of its own, and the bundle for all others")
    func pointer() async throws {
        let account = try await Account()
        try await Self.write(#"{"OPENAI_API_KEY": "fake-o"}"#, to: "prod/litellm/provider-keys", account)
        try await Self.write(#"{"keys": {"groq": "fake-deep"}}"#, to: "team/groq", account)
        let resolver = try Self.resolver(try Self.block("/keys/groq"), account, of: "reader")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-deep")
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-o")
    }

    @Test("Another label, and one version")
    func versions() async throws {
        let account = try await Account()
        let written = try #require(try await Self.write("fake-g1", to: "prod/groq/api_key", account))
        try await Self.write("fake-g2", to: "prod/groq/api_key", account)
        try await Self.write("fake-o1", to: "prod/openai/api_key", account)
        let pending = [
            JSONMember("SecretId", .string("prod/openai/api_key")), JSONMember("SecretString", .string("fake-o2")),
            JSONMember("ClientRequestToken", .string(UUID().uuidString.lowercased())),
            JSONMember("VersionStages", .array([.string("AWSPENDING")])),
        ]
        _ = try await account.manager().ask("PutSecretValue", pending, "writing", nil, Self.slow)
        let version = "0b6a7a1c-6a3f-4d5e-9c3b-2f1e0d9c8b7a"
        let text = try Self.block("AWSPENDING")
        #expect(text.contains(version))
        let resolver = try Self.resolver(text.replacing(version, with: written), account, of: "reader")
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-o2")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-g1")
        let current = try await account.manager().secret(SecretName("prod/openai/api_key"), Self.slow)
        #expect(current?.content.text == "fake-o1")
    }

    @Test("Several accounts and regions: a manager each, a role by the article's profile, and an ARN of another region")
    func accounts() async throws {
        let account = try await Account("reader")
        try await Self.write("fake-o", to: "prod/openai/api_key", account)
        try await Self.write("fake-west", to: "prod/groq/api_key", account, in: "eu-west-1")
        try await Self.write("fake-arn", to: "shared/mistral", account, in: "eu-west-1")
        let written = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shared/mistral-AbCdEf"
        let real = try await Self.arn(of: "shared/mistral", account, in: "eu-west-1")
        #expect(real.hasPrefix("arn:aws:secretsmanager:eu-west-1:") && real != written)
        let text = try Self.block("arn:aws:secretsmanager")
        #expect(text.contains(written))
        let profile = try Self.block("role_arn", language: "ini")
        let role = "arn:aws:iam::111122223333:role/reader"
        #expect(profile.contains(role))
        try await withTemporaryFolder { folder in
            let file = try folder.write("config", profile.replacing(role, with: account.moto.role))
            let variables = ["AWS_CONFIG_FILE": file]
            let resolver = try Self.resolver(text.replacing(written, with: real), account, of: "reader", variables)
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-o")
            #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-west")
            #expect(try await resolver.getAPIKey(service: "mistral")?.value == "fake-arn")
            // Without the role there is no profile, and nothing else answers.
            let alone = try Self.resolver(text, account, of: "reader", ["GROQ_API_KEY": "fake-env"])
            let error = await #expect(throws: KeyResolutionError.self) { try await alone.getAPIKey(service: "groq") }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test("Created secrets have the replicas, and the key in each region")
    func replicas() async throws {
        let account = try await Account()
        let name = "prod/\(account.prefix)/api_key"
        let resolver = try Self.resolver(try Self.block("\"replicas\""), account)
        try await resolver.secrets(in: "aws").write(.text("fake-r"), to: name)
        for region in ["us-west-2", "eu-west-1"] {
            let replica = try account.manager { $0.region = region }
            #expect(try await replica.secret(SecretName(name), Self.slow)?.content.text == "fake-r")
        }
        try await resolver.secrets(in: "aws").delete(name)
        #expect(try await resolver.secrets(in: "aws").read(name) == nil)
    }

    @Test("The code of writing, run; what is written is the next key, and what is deleted can be restored")
    func writing() async throws {
        let account = try await Account()
        try await Self.write(#"{"GROQ_API_KEY": "fake-g"}"#, to: "prod/litellm/provider-keys", account)
        let resolver = try Self.resolver(try Self.block("\"access\""), account)
        try await AWSExamples.change(with: resolver)
        #expect(try await resolver.getAPIKey(service: "openai") == nil)
        let manager = try account.manager()
        try await manager.restore(SecretName("prod/openai/api_key"), Self.slow)
        #expect(try await manager.secret(SecretName("prod/openai/api_key"), Self.slow)?.content.text == "fake-3")
        let bundle = try await manager.secret(SecretName("prod/litellm/provider-keys"), Self.slow)
        #expect(bundle?.content["OPENAI_API_KEY"] == "fake-2")
        #expect(bundle?.content["GROQ_API_KEY"] == "fake-g")
    }

    @Test("Every configuration of the articles is read, and every Swift block is compiled")
    func blocks() async throws {
        let account = try await Account()
        var (configurations, codes) = (0, 0)
        let examples = Self.words(try Self.text(of: "Tests/AWSSecretsManagerTests/Documentation/AWSExamples.swift"))
        for document in ["AWSSecretsManager.md", "From-AWS-Secrets-Manager.md", "Settings.md"] {
            for text in try Self.blocks(in: document, "jsonc") {
                _ = try Self.resolver(text, account)
                configurations += 1
            }
            for code in try Self.blocks(in: document, "swift") {
                #expect(examples.contains(Self.words(code)), "\(document): \(code)")
                codes += 1
            }
        }
        #expect(configurations >= 7 && codes >= 4)
    }

    @Test("The table of settings has every word of AWS's own, and none that the section doesn't take")
    func settings() async throws {
        let account = try await Account()
        let rows = try Self.text(of: "\(Self.folder)/Settings.md").components(separatedBy: "## ")[1]
            .split(separator: "\n").filter { $0.hasPrefix("| `") }
        let documented = rows.flatMap { row in
            row.split(separator: "|")[0].matches(of: /`(\w+)`/).map { String($0.output.1) }
        }
        #expect(documented.count == Set(documented).count)
        let source = try Self.text(of: "Plugins/AWSSecretsManager/Configuration/AWSConfiguration+Reading.swift")
        let reading = try #require(source.components(separatedBy: "private init(from reader").dropFirst().first)
        let section = try #require(reading.components(separatedBy: "\n    }").first)
        let own = Set(section.matches(of: /reader\.\w+\("(\w+)"/).map { String($0.output.1) })
        #expect(own.count >= 10 && own.isSubset(of: documented), "\(own.subtracting(documented))")
        for word in documented {
            // None of them takes that, and one that nobody knows is refused in other words.
            let error = #expect(throws: KeyResolutionError.self, "\(word)") {
                try account.resolver(#"{"plugins": {"aws": {"\#(word)": [[]]}}}"#)
            }
            #expect(error?.message.contains("unknown") == false, "\(word): \(error?.message ?? "")")
        }
        let error = #expect(throws: KeyResolutionError.self) {
            try account.resolver(#"{"plugins": {"aws": {"wrod": [[]]}}}"#)
        }
        #expect(error?.message.contains("unknown") == true, "\(error?.message ?? "")")
    }
}

extension ArticleTests {
    private static let folder = "Plugins/AWSSecretsManager/Documentation.docc"
    private static let slow = SecretOptions(timeout: .seconds(60))

    private static func text(of path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func blocks(in document: String, _ language: String) throws -> [String] {
        try text(of: "\(folder)/\(document)").components(separatedBy: "```\(language)\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
    }

    /// The first block of the article that has a text in it.
    private static func block(_ mark: String, language: String = "jsonc") throws -> String {
        try #require(try blocks(in: article, language).first { $0.contains(mark) })
    }

    /// Code without comments, however it is laid out.
    private static func words(_ code: String) -> String {
        code.split(separator: "\n").map { $0.replacing(/\/\/.*/, with: "") }
            .flatMap { $0.split(whereSeparator: \.isWhitespace) }
            .joined(separator: " ")
    }

    /// A resolver under a configuration of the article; the server is slow while all tests ask it, so that there is more
    /// time.
    private static func resolver(
        _ text: String,
        _ account: Account,
        of user: String = "writer",
        _ environment: [String: String] = [:]
    ) throws -> KeyResolver {
        let slow = text.replacing(#""aws": { "secret": "prod"#, with: #""aws": { "timeout": "60s", "secret": "prod"#)
            .replacing(#""kind": "aws","#, with: #""kind": "aws", "timeout": "60s","#)
        // Every region is that of the configuration.
        var variables = account.moto.variables(of: user)
        variables["AWS_REGION"] = nil
        return try KeyResolver(
            configuration: KeyConfiguration(parsing: slow),
            plugins: [AWSPlugin.plugin],
            environment: variables.merging(environment) { $1 }
        )
    }

    @discardableResult
    private static func write(
        _ text: String,
        to name: String,
        _ account: Account,
        in region: String = "us-east-1"
    ) async throws -> String? {
        let manager = try account.manager(of: "writer") { $0.region = region }
        return try await manager.write(.text(text), to: SecretName(name), SecretWriteOptions(call: slow))
    }

    private static func arn(of name: String, _ account: Account, in region: String) async throws -> String {
        let manager = try account.manager(of: "writer") { $0.region = region }
        let body = [JSONMember("SecretId", .string(name))]
        return try #require(try await manager.ask("DescribeSecret", body, "describing", nil, slow)["ARN"]?.string)
    }
}
#endif
