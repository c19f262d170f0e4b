#if CLI
import OpenBaoTestSupport
import Testing

extension BaoExitStatusTests {
    static let refused = [
        Row(
            testDescription: "a denial",
            token: { try await $0.token(reading: "other/*") },
            status: 3,
            errors: "OpenBao denies reading"
        ),
        Row(
            testDescription: "a denial where falling back is allowed",
            settings: "path: 'ai/providers', fallback: 'unavailable'",
            token: { try await $0.token(reading: "other/*") },
            status: 3,
            errors: "Give the token a policy"
        ),
        Row(
            testDescription: "a scope that lacks the project",
            settings: "path: 'ai/{project}'",
            status: 64,
            errors: "needs a project, and the request has none. Give the scope a project (--project), or take"
        ),
        Row(
            testDescription: "a project that leads elsewhere",
            arguments: ["get", "openai", "--project", "../providers"],
            settings: "path: 'ai/{project}'",
            status: 64,
            errors: "cannot stand in path"
        ),
    ]

    static let misconfigured = [
        Row(testDescription: "no path", settings: "", status: 78, errors: "keyhooks.json:"),
        Row(
            testDescription: "an unknown setting",
            settings: "pth: 'ai/providers'",
            status: 78,
            errors: "Did you mean 'path'?"
        ),
        Row(
            testDescription: "an unknown namespace",
            settings: "path: 'ai/providers', namespace: 'nowhere'",
            status: 78,
            errors: "Check 'namespace'"
        ),
        Row(
            testDescription: "an address without a scheme",
            address: "127.0.0.1:8200",
            status: 78,
            errors: "write it as http://127.0.0.1:8200, or https://127.0.0.1:8200 if the server speaks TLS"
        ),
        Row(
            testDescription: "https for a server of plain HTTP",
            settings: "path: 'ai/providers', fallback: 'unavailable'",
            address: "https://127.0.0.1:PORT",
            status: 2,
            errors: "can't be asked by https: the server speaks plain HTTP, not TLS. Write http:// in 'address'"
        ),
        Row(
            testDescription: "a field that is no single value",
            settings: "path: 'ai/providers', field: 'nested'",
            status: 78,
            errors: "point at it with a JSON pointer: \"field\": \"/nested/NAME\""
        ),
    ]

    @Test
    func `Without a token the ways out are named, and each of them works`() async throws {
        try await withBaoTool { tool in
            let text = """
                {plugins: {openbao: {address: '\(tool.server.address)', path: 'a', fallback: 'unavailable'}},
                profiles: {offline: {providers: {openai: {plugins: []}}}}}
                """
            try tool.tool.write("keyhooks.json", text)
            let environment = ["OPENAI_API_KEY": "sk-environment"]
            let refused = try await tool.run(["get", "openai"], environment: environment)
            #expect(refused.status == 2)
            for words in [
                "there is no token for OpenBao: BAO_TOKEN is not set", "'fallback' does not cover", "--no-plugins",
                "KEYHOOKS_NO_PLUGINS=1", "\"plugins\": []",
            ] {
                #expect(refused.errors.contains(words), "\(refused.errors)")
            }
            let ways: [([String], [String: String])] = [
                (["--no-plugins"], [:]), ([], ["KEYHOOKS_NO_PLUGINS": "1"]), (["--profile", "offline"], [:]),
            ]
            for (arguments, own) in ways {
                let run = try await tool.run(
                    ["get", "openai"] + arguments,
                    environment: environment.merging(own) { $1 }
                )
                #expect(run.status == 0 && run.text == "sk-environment\n", "\(arguments) \(own) \(run.errors)")
            }
        }
    }
}
#endif
