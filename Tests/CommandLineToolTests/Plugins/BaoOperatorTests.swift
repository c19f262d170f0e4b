#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// `keyhooks openbao`, as operators use it on a real server.
@Suite(.timeLimit(.minutes(5))) struct BaoOperatorTests {
    @Test func `The printed policy goes straight to the server, and the check then passes`() async throws {
        try await withBaoTool { bao in
            try bao.configure("path: 'ai/{service}'")
            let policy = try await bao.run(["openbao", "policy"])
            #expect(policy.status == 0 && policy.errors.isEmpty, "\(policy.errors)")
            let name = unique("policy")
            try await bao.admin.createPolicy(name, policy.text)
            let token = try await bao.admin.createToken(policies: [name])
            let check = try await bao.run(["openbao", "check", "openai"], token: token)
            #expect(check.status == 0 && check.errors.isEmpty, "\(check.text)\(check.errors)")
            #expect(check.text.contains("\(bao.mount)/data/ai/openai"))
            expectNoSecret(in: check, [token])
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var arguments = ["openbao", "check"]
        var address: String?
        var settings = "path: 'ai/providers'"
        var token: (@Sendable (BaoTool) async throws -> String)?
        var environment: [String: String] = [:]
        let status: Int32
        var output = ""
        var errors = ""
    }

    static let rows = [
        Row(testDescription: "all is well", status: 0, output: "active, version"),
        Row(
            testDescription: "the token lacks a line",
            token: { try await $0.token(reading: "other/*") },
            status: 3,
            output: "to do: add to its policy: path"
        ),
        Row(
            testDescription: "the token is wrong",
            token: { _ in "s.nonsense" },
            status: 2,
            output: "OpenBao does not accept the token (the one from TEST_TOKEN)"
        ),
        Row(
            testDescription: "the server is down",
            address: "http://127.0.0.1:1",
            status: 2,
            output: "can't be reached"
        ),
        Row(
            testDescription: "no tenant is said",
            settings: "path: 'ai/{tenant}/{service}'",
            environment: ["OPENAI_API_KEY": "sk-environment"],
            status: 0,
            output: "/data/ai/+/+"
        ),
        Row(
            testDescription: "no tenant is said for a service",
            arguments: ["openbao", "check", "openai"],
            settings: "path: 'ai/{tenant}/{service}'",
            status: 64,
            output: "needs a tenant"
        ),
        Row(
            testDescription: "a tenant is said",
            arguments: ["openbao", "check", "openai", "--tenant", "acme"],
            settings: "path: 'ai/{tenant}/{service}'",
            status: 0,
            output: "/data/ai/acme/openai"
        ),
        Row(
            testDescription: "not a service",
            arguments: ["openbao", "check", "open/ai"],
            status: 64,
            errors: "isn't a valid service id"
        ),
        Row(
            testDescription: "plugins are switched off",
            environment: ["KEYHOOKS_NO_PLUGINS": "1"],
            status: 78,
            errors: "plugins are switched off, and OpenBao with them"
        ),
        Row(
            testDescription: "a policy for a version that there isn't",
            arguments: ["openbao", "policy", "--kv", "3"],
            status: 64,
            errors: "--kv is 1 or 2"
        ),
        Row(
            testDescription: "a policy for secrets that no token reaches",
            arguments: ["openbao", "policy"],
            settings: "path: 'x', namespace: 'a', loginNamespace: 'b'",
            status: 78,
            output: "# PROBLEM: ",
            errors: "error: A token of the namespace 'b' can't reach secrets in the namespace 'a'"
        ),
        Row(
            testDescription: "a policy needs no server",
            arguments: ["openbao", "policy", "--kv", "1"],
            address: "http://127.0.0.1:1",
            status: 0,
            output: "/ai/providers\" {"
        ),
    ]

    @Test(arguments: rows) func `Its exit status and words are those of what was found`(_ row: Row) async throws {
        try await withBaoTool { bao in
            try bao.configure(row.settings, address: row.address)
            let token = try await row.token?(bao) ?? bao.server.rootToken
            let run = try await bao.run(row.arguments, token: token, environment: row.environment)
            #expect(run.status == row.status, "\(run.text)\(run.errors)")
            #expect(row.output.isEmpty ? run.text.isEmpty : run.text.contains(row.output), "\(run.text)")
            #expect(row.errors.isEmpty ? run.errors.isEmpty : run.errors.contains(row.errors), "\(run.errors)")
            expectNoSecret(in: run, [token])
        }
    }

    @Test func `Both print JSON`() async throws {
        try await withBaoTool { bao in
            let check = try await bao.run(["openbao", "check", "--json"])
            let findings = try JSONDecoder().decode([Finding].self, from: Data(check.output))
            #expect(findings.map(\.outcome) == ["passed", "passed", "passed", "passed"])
            #expect(findings.last?.step == "\(bao.mount)/data/ai/providers")
            let policy = try await bao.run(["openbao", "policy", "--json"])
            let policies = try JSONDecoder().decode([Policy].self, from: Data(policy.output))
            let path = "\(bao.mount)/data/ai/providers"
            #expect(policies.map { $0.rules.map(\.path) } == [[path]])
            #expect(policies.first?.rules.first?.capabilities == ["read"])
        }
    }

    private struct Finding: Decodable {
        let step: String
        let outcome: String
    }

    private struct Policy: Decodable {
        struct Rule: Decodable {
            let path: String
            let capabilities: [String]
        }
        let rules: [Rule]
    }

    @Test func `Where nothing is said of OpenBao, there is nothing to check`() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{providers: {openai: {env: 'KEY'}}}")
            for command in ["check", "policy"] {
                let run = try await tool.run(["openbao", command])
                #expect(run.status == 78 && run.text.isEmpty, "\(run.errors)")
                #expect(run.errors.contains("the configuration has nothing to do with OpenBao"))
            }
        }
    }

    @Test func `A configuration that was only found sends nobody a token`() async throws {
        try await withBaoTool { bao in
            let before = try bao.server.requestCount(pathContaining: bao.mount)
            let run = try await bao.tool.run(
                ["openbao", "check"],
                environment: ["TEST_TOKEN": bao.server.rootToken],
                finding: true
            )
            #expect(run.status == 78 && run.errors.contains("keyhooks trust"), "\(run.errors)")
            #expect(try bao.server.requestCount(pathContaining: bao.mount) == before)
        }
    }
}
#endif
