#if CLI
import OpenBaoTestSupport
import Testing

/// What comes of asking a real OpenBao, as a shell sees it.
@Suite(.timeLimit(.minutes(5))) struct BaoExitStatusTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var arguments = ["get", "openai"]
        var settings = "path: 'ai/providers'"
        var address: String?
        /// Nil for the root token.
        var token: (@Sendable (BaoTool) async throws -> String)?
        let status: Int32
        var output = ""
        /// What standard error has; nil for nothing at all.
        var errors: String?
    }

    static let found = [
        Row(testDescription: "a key", status: 0, output: "\(BaoTool.key)\n"),
        Row(testDescription: "an alias", arguments: ["get", "chatgpt", "-n"], status: 0, output: BaoTool.key),
        Row(
            testDescription: "a named field",
            arguments: ["get", "bedrock", "--field", "region"],
            status: 0,
            output: "eu-vault\n"
        ),
        Row(
            testDescription: "a pointer",
            settings: "path: 'ai/providers', field: '/nested/key'",
            status: 0,
            output: "\(BaoTool.key)\n"
        ),
        Row(
            testDescription: "a project's own",
            arguments: ["get", "openai", "--project", "providers"],
            settings: "path: 'ai/{project}'",
            status: 0,
            output: "\(BaoTool.key)\n"
        ),
        Row(
            testDescription: "a token that may only read it",
            token: { try await $0.token(reading: "ai/*") },
            status: 0,
            output: "\(BaoTool.key)\n"
        ),
        Row(
            testDescription: "none required",
            arguments: ["get", "ollama"],
            status: 0,
            errors: "'ollama' requires no key"
        ),
        Row(
            testDescription: "plugins switched off",
            arguments: ["get", "openai", "--no-plugins"],
            address: "http://127.0.0.1:1",
            status: 0,
            output: "sk-environment\n"
        ),
        Row(
            testDescription: "leave to fall back while it is away",
            settings: "path: 'ai/providers', fallback: 'unavailable'",
            address: "http://127.0.0.1:1",
            status: 0,
            output: "sk-environment\n",
            errors: "; the key is from OPENAI_API_KEY in the process environment"
        ),
    ]

    static let absent = [
        Row(
            testDescription: "no such field",
            arguments: ["get", "groq"],
            status: 1,
            errors: "no key for 'groq': tried GROQ_API_KEY"
        ),
        Row(
            testDescription: "no such field, and where to put it",
            arguments: ["get", "groq"],
            status: 1,
            errors: "Put it into MOUNT/ai/providers, field GROQ_API_KEY: "
                + "bao kv patch -mount=MOUNT ai/providers GROQ_API_KEY=-\n"
        ),
        Row(
            testDescription: "a pointer to nothing",
            settings: "path: 'ai/providers', field: '/nested/other'",
            status: 1,
            errors: "no field /nested/other"
        ),
        Row(
            testDescription: "no such secret",
            arguments: ["get", "groq"],
            settings: "path: 'no/such/secret'",
            status: 1,
            errors: "no/such/secret"
        ),
    ]

    static let failed = [
        Row(testDescription: "an unknown token", token: { _ in "s.unknown-token" }, status: 2, errors: "error: "),
        Row(
            testDescription: "a revoked token",
            token: { tool in
                let token = try await tool.token(reading: "ai/*")
                try await tool.admin.revoke(token)
                return token
            },
            status: 2,
            errors: "error: "
        ),
        Row(testDescription: "nobody there", address: "http://127.0.0.1:1", status: 2, errors: "can't be reached"),
        Row(
            testDescription: "leave to fall back, and nobody to fall back on",
            arguments: ["get", "groq"],
            settings: "path: 'ai/providers', fallback: 'unavailable'",
            address: "http://127.0.0.1:1",
            status: 2,
            errors: "no weaker source has a key for 'groq' either"
        ),
    ]

    @Test(arguments: found + absent + failed + refused + misconfigured)
    func `Each outcome has its exit status, and no secret is where it must not be`(row: Row) async throws {
        try await withBaoTool { tool in
            let port = tool.server.address.split(separator: ":").last ?? ""
            try tool.configure(row.settings, address: row.address?.replacing("PORT", with: port))
            let token = try await row.token?(tool) ?? tool.server.rootToken
            // A weaker source that must not answer unless it was allowed to.
            let hasWeaker = row.status != 1 && row.arguments.contains("openai")
            let environment = hasWeaker ? ["OPENAI_API_KEY": "sk-environment"] : [:]
            let run = try await tool.run(row.arguments, token: token, environment: environment)
            #expect(!run.isBySignal)
            #expect(run.status == row.status, "\(run.errors)")
            #expect(run.text == row.output)
            if let errors = row.errors?.replacing("MOUNT", with: tool.mount) {
                #expect(run.errors.contains(errors), "\(run.errors)")
            } else {
                #expect(run.errors.isEmpty, "\(run.errors)")
            }
            expectNoSecret(in: run, [token])
        }
    }
}
#endif
