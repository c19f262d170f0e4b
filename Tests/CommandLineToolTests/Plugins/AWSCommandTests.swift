#if CLI && AWS
import Foundation
import OpenBaoTestSupport
import Testing

/// The tool over a real moto_server.
@Suite("keyhooks aws, and the commands about keys with AWS", .timeLimit(.minutes(5)))
struct AWSCommandTests {
    private struct Moto: Decodable, Sendable {
        let url: String
        let users: [String: [String]]

        private static let started = Task {
            let script = try SupportScript("aws.sh", ["run", "aws-moto.py"])
            guard let line = await script.line() else { throw BaoFailure("aws-moto.py did not start a server") }
            return (script: script, moto: try JSONDecoder().decode(Moto.self, from: Data(line.utf8)))
        }

        static var shared: Moto { get async throws { try await started.value.moto } }

        func variables(of user: String) -> [String: String] {
            let keys = users[user] ?? ["AKIANOBODY", "nothing"]
            return [
                "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1], "AWS_ENDPOINT_URL": url,
                "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
            ]
        }
    }

    private static let text = "{plugins: {aws: {secret: 'prod/{service}'}}, providers: {openai: {}}}"

    private func run(
        _ arguments: [String],
        as user: String = "reader",
        _ text: String = text,
        input: String? = nil
    ) async throws -> Tool.Run {
        let moto = try await Moto.shared
        return try await withTool { tool in
            try tool.write("keyhooks.json", text)
            let run = try await tool.run(arguments, environment: moto.variables(of: user), input: input)
            for secret in moto.users.values.flatMap(\.self) {
                #expect(!(run.text + run.errors).contains(secret), "a credential is shown")
            }
            #expect(arguments.first == "get" || !(run.text + run.errors).contains("fake-openai"), "a value is shown")
            return run
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var user = "reader"
        var text = AWSCommandTests.text
        let arguments: [String]
        let status: Int32
        var output: [String] = []
        var errors = ""
    }

    static let rows = [
        Row(
            testDescription: "check: all is well",
            arguments: ["aws", "check"],
            status: 0,
            output: [
                "us-east-1, by AWS_REGION", "by AWS_ENDPOINT_URL", "credentials: the section 'aws'  -       names none",
                "answers: an access key", "arn:aws:iam::123456789012:user/reader of the account 123456789012",
                "secret prod/openai", "may be read",
            ]
        ),
        Row(
            testDescription: "check: no such secret",
            user: "writer",
            arguments: ["aws", "check", "groq", "openai"],
            status: 1,
            output: ["FAILED", "there is no such secret", "is there, and may be read"]
        ),
        Row(
            testDescription: "check: who may not read",
            user: "stranger",
            arguments: ["aws", "check"],
            status: 3,
            output: ["DENIED", "to do: check its name and the region, and see what is needed: keyhooks aws policy"]
        ),
        Row(
            testDescription: "check: an access key that AWS doesn't know",
            user: "nobody",
            arguments: ["aws", "check"],
            status: 2,
            output: [
                "FAILED", "it doesn't accept the credentials", "to do: the link that answered has a key that is wrong",
            ]
        ),
        Row(
            testDescription: "check: JSON",
            arguments: ["aws", "check", "--json"],
            status: 0,
            output: [#""sections" : ["#, #""plugins.aws""#, #""step" : "identity""#]
        ),
        Row(
            testDescription: "check: a service id that isn't one",
            arguments: ["aws", "check", "open/ai"],
            status: 64,
            errors: "isn't a valid service id"
        ),
        Row(
            testDescription: "check: nothing of AWS is configured",
            text: "{}",
            arguments: ["aws", "check"],
            status: 78,
            errors: "doesn't use AWS Secrets Manager"
        ),
        Row(
            testDescription: "check: plugins are off",
            arguments: ["aws", "check", "--no-plugins"],
            status: 78,
            errors: "plugins are switched off"
        ),
        Row(
            testDescription: "check: a mistake in the section",
            text: "{plugins: {aws: {regoin: 'x'}}}",
            arguments: ["aws", "check"],
            status: 78,
            errors: "region"
        ),
        Row(
            testDescription: "policy: reading",
            arguments: ["aws", "policy"],
            status: 0,
            output: [#""Sid": "ReadSecrets""#, #""arn:aws:secretsmanager:us-east-1:*:secret:prod/*-??????""#]
        ),
        Row(
            testDescription: "policy: writing",
            arguments: ["aws", "policy", "--write"],
            status: 0,
            output: [#""secretsmanager:PutSecretValue""#, #""Sid": "ListSecrets""#],
            errors: "remark: plugins.aws: 'access' is read-only"
        ),
        Row(
            testDescription: "policy: several at once, as JSON",
            arguments: ["aws", "policy", "plugins.aws", "--warm-up", "--json"],
            status: 0,
            output: [#""secretsmanager:BatchGetSecretValue""#, #""sections" : ["#, #""Version" : "2012-10-17""#]
        ),
        Row(
            testDescription: "policy: a section that isn't there",
            arguments: ["aws", "policy", "managers.team"],
            status: 78,
            errors: "no section 'managers.team' of AWS. Name one of plugins.aws"
        ),
        Row(
            testDescription: "policy: nothing of AWS is configured",
            text: "{plugins: {openbao: {path: 'p'}}}",
            arguments: ["aws", "policy"],
            status: 78,
            errors: "doesn't use AWS Secrets Manager"
        ),
        Row(
            testDescription: "policy: an option that there isn't",
            arguments: ["aws", "policy", "--wirte"],
            status: 64,
            errors: "--write"
        ),
        Row(
            testDescription: "a command that there isn't",
            arguments: ["aws", "polcy"],
            status: 64,
            errors: "'policy'?"
        ),
        Row(testDescription: "get", arguments: ["get", "openai"], status: 0, output: ["fake-openai"]),
        Row(
            testDescription: "get: denied isn't answered by a weaker source",
            user: "stranger",
            arguments: ["get", "openai"],
            status: 3,
            errors: "keyhooks aws policy"
        ),
        Row(
            testDescription: "check of keys",
            arguments: ["check"],
            status: 0,
            output: ["found", "plugin 'aws' (prod/openai)"]
        ),
        Row(
            testDescription: "explain",
            arguments: ["explain", "openai"],
            status: 1,
            output: [
                "us-east-1 by AWS_REGION", "the first to be asked is: the environment",
                "passed over: the section 'aws': names none",
            ]
        ),
        Row(
            testDescription: "managers list",
            text: "{plugins: {aws: {secret: 's'}}, managers: {team: {kind: 'aws', access: 'read-write'}}}",
            arguments: ["managers", "list"],
            status: 0,
            output: ["aws   aws  read-only", "team  aws  read-write"]
        ),
        Row(
            testDescription: "managers test",
            user: "writer",
            text: "{plugins: {aws: {secret: 's', access: 'read-write'}}}",
            arguments: ["managers", "test", "aws", "--writable", "probe"],
            status: 0,
            output: ["it is healthy", "written, and read back", "deleted"]
        ),
    ]

    @Test(arguments: rows) func commands(row: Row) async throws {
        let run = try await run(row.arguments, as: row.user, row.text)
        #expect(run.status == row.status, "\(run.text)\(run.errors)")
        for words in row.output { #expect(run.text.contains(words), "\(words)\n\(run.text)") }
        #expect(row.errors.isEmpty ? run.errors.isEmpty : run.errors.contains(row.errors), "\(run.errors)")
        if row.status == 64 || row.status == 78 { #expect(run.text.isEmpty) }
    }

    @Test func `The policy on standard output is one document of JSON`() async throws {
        let run = try await run(["aws", "policy", "--write", "--warm-up"])
        let object = try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any]
        #expect((object?["Statement"] as? [[String: Any]])?.count == 4)
    }

    @Test func `Several identities have a policy each, and are named in their order`() async throws {
        let text = """
            {plugins: {aws: {secret: 's'}}, managers: {cn: {kind: 'aws', secret: 's', region: 'cn-north-1'}}}
            """
        let run = try await run(["aws", "policy"], as: "reader", text)
        #expect(run.text.components(separatedBy: "\"Version\"").count == 3)
        #expect(run.errors.contains("in this order: plugins.aws; managers.cn"))
    }

    @Test func `A secret is written, rotated, read and deleted`() async throws {
        let moto = try await Moto.shared
        let name = unique("tool")
        try await withTool { tool in
            let text = "{plugins: {aws: {secret: '\(name)', field: 'OPENAI_API_KEY', access: 'read-write'}}}"
            try tool.write("keyhooks.json", text)
            func run(_ arguments: [String], input: String? = nil) async throws -> Tool.Run {
                try await tool.run(arguments, environment: moto.variables(of: "writer"), input: input)
            }
            let set = try await run(["set", name, "--field", "OPENAI_API_KEY", "--manager", "aws"], input: "sk-first")
            #expect(set.status == 0, "\(set.errors)")
            #expect(try await run(["get", "openai"]).text == "sk-first\n")
            let rotate = try await run(
                ["rotate", name, "--field", "OPENAI_API_KEY", "--manager", "aws"],
                input: "sk-next"
            )
            #expect(rotate.status == 0, "\(rotate.errors)")
            #expect(try await run(["get", "openai"]).text == "sk-next\n")
            let delete = try await run(["delete", name, "--manager", "aws"])
            #expect(delete.status == 0, "\(delete.errors)")
            #expect(try await run(["get", "openai"]).status == 1)
            let check = try await run(["aws", "check"])
            #expect(check.status == 1 && check.text.contains("it is scheduled for deletion"), "\(check.text)")
        }
    }

    @Test func `Whoever is to trust a file learns who signs requests to where`() async throws {
        try await withTool { tool in
            try tool.write(
                "keyhooks.json",
                "{plugins: {aws: {secret: 's', region: 'us-east-1', profile: 'work'}}, managers: {m: {kind: 'aws'}}}"
            )
            let run = try await tool.run(["trust", "--show"], finding: true)
            #expect(run.errors.isEmpty, "\(run.errors)")
            #expect(run.text.contains("signs requests to Secrets Manager at AWS in us-east-1"), "\(run.text)")
            #expect(run.text.contains("the profile work of ~/.aws/config"), "\(run.text)")
            #expect(run.text.contains("AWS's usual chain"), "\(run.text)")
            let trusted = try await tool.run(["trust"], finding: true)
            #expect(trusted.status == 0, "\(trusted.errors)")
        }
    }
}
#elseif CLI
import Testing

/// A tool without the trait `AWS`.
struct AWSCommandTests {
    @Test(arguments: [
        (["get", "openai"], "plugins: {aws: {secret: 's'}}"), (["list"], "plugins: {aws: {secret: 's'}}"),
        (["get", "openai"], "managers: {team: {kind: 'aws'}}"), (["list"], "managers: {team: {kind: 'aws'}}"),
        (["aws", "check"], ""), (["aws", "policy", "--write"], ""), (["aws", "--help"], ""),
    ]) func `Whoever wants AWS hears how to build it`(arguments: [String], text: String) async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{\(text)}")
            let run = try await tool.run(arguments, environment: ["OPENAI_API_KEY": "sk-1"])
            #expect(run.status == (arguments == ["list"] ? 0 : 78), "\(run.errors)")
            #expect(run.errors.contains("--traits CLI,AWS"), "\(run.errors)")
        }
    }
}
#endif
