#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// `keyhooks leases`, with tokens that a real server makes.
@Suite(.timeLimit(.minutes(5))) struct LeasesCommandTests {
    /// A tool that borrows a token of a role for `ci_bot`.
    private func withLender(_ body: (BaoTool) async throws -> Void) async throws {
        try await withBaoTool { bao in
            let role = unique("role")
            try await bao.admin.createTokenRole(role, policies: ["default"], maxTTL: "1h")
            let text = """
                {plugins: {openbao: {address: '\(bao.server.address)', token: 'env:TEST_TOKEN', path: 'x', duration: '10m'}},
                 providers: {ci_bot: {openbao: {tokenRole: '\(role)'}}}}
                """
            try bao.tool.write("keyhooks.json", text)
            try await body(bao)
        }
    }

    private func isGood(_ token: String, _ bao: BaoTool) async throws -> Bool {
        try await bao.admin.with(token: token).call("GET", "auth/token/lookup-self").status == 200
    }

    @Test func `What get printed is listed, goes on for whoever has it, and is given back when a person says so`()
        async throws
    {
        try await withLender { bao in
            let first = try await bao.run(["get", "ci_bot", "-n"])
            #expect(first.status == 0 && first.errors.isEmpty, "\(first.errors)")
            // Another run doesn't take it away.
            let second = try await bao.run(["get", "ci_bot", "-n"])
            #expect(first.text != second.text)
            for key in [first.text, second.text] { #expect(try await isGood(key, bao)) }
            let list = try await bao.run(["leases", "list"])
            #expect(list.status == 0 && list.text.split(separator: "\n").count == 2, "\(list.text)\(list.errors)")
            #expect(list.text.contains("handed over") && list.text.contains("auth/token/create/"))
            expectNoSecret(in: list, [first.text, second.text, bao.server.rootToken])

            let revoked = try await bao.run(["leases", "revoke"])
            #expect(revoked.status == 0 && revoked.text == "given back: 2\n", "\(revoked.text)\(revoked.errors)")
            #expect(try await !isGood(first.text, bao))
            #expect(try await !isGood(second.text, bao))
            let empty = try await bao.run(["leases", "list"])
            #expect(empty.status == 0 && empty.text.isEmpty && empty.errors.contains("nothing is lent"))
            expectNoSecret(in: revoked, [first.text, second.text, bao.server.rootToken])
        }
    }

    @Test func `Where the configuration doesn't reach the lender, that is said, and --forget drops it`() async throws {
        try await withLender { bao in
            let key = try await bao.run(["get", "ci_bot", "-n"])
            try bao.tool.write("keyhooks.json", "{providers: {openai: {env: 'KEY'}}}")
            let revoked = try await bao.run(["leases", "revoke"])
            #expect(revoked.status == 2, "\(revoked.text)\(revoked.errors)")
            #expect(revoked.text.contains("of other lenders: 1"))
            #expect(revoked.errors.contains("doesn't reach openbao at \(bao.server.address)"))
            let forgotten = try await bao.run(["leases", "revoke", "--forget", "--json"])
            #expect(forgotten.status == 0 && forgotten.text.contains(#""forgotten" : 1"#), "\(forgotten.text)")
            #expect(try await isGood(key.text, bao))
            #expect(try await bao.run(["leases", "list"]).text.isEmpty)
        }
    }

    @Test func `A server that denies it is named, and the lease stays on the list`() async throws {
        try await withLender { bao in
            let key = try await bao.run(["get", "ci_bot", "-n"])
            let weak = try await bao.admin.createToken(policies: ["default"])
            let revoked = try await bao.run(["leases", "revoke"], token: weak)
            #expect(revoked.status == 2 && revoked.text.contains("failed: 1"), "\(revoked.text)\(revoked.errors)")
            #expect(revoked.errors.contains("keyhooks openbao policy"), "\(revoked.errors)")
            expectNoSecret(in: revoked, [key.text, weak])
            #expect(try await bao.run(["leases", "list"]).text.split(separator: "\n").count == 1)
            #expect(try await bao.run(["leases", "revoke"]).text == "given back: 1\n")
        }
    }

    @Test func `What is borrowed for a check, or for a run that prints nothing, is given back at once`() async throws {
        try await withLender { bao in
            let check = try await bao.run(["check", "ci_bot"])
            #expect(check.status == 0, "\(check.text)\(check.errors)")
            let failed = try await bao.run(["get", "ci_bot", "groq", "--json"])
            #expect(failed.status != 0 && failed.text.isEmpty)
            #expect(try await bao.run(["leases", "list"]).text.isEmpty)
        }
    }

    @Test func `Explaining and listing borrow nothing`() async throws {
        try await withLender { bao in
            for arguments in [
                ["explain", "ci_bot"], ["list"], ["openbao", "check", "ci_bot"], ["openbao", "policy"],
            ] {
                let run = try await bao.run(arguments)
                // 'explain' says by it that no variable has the key.
                #expect(run.status == (arguments[0] == "explain" ? 1 : 0), "\(arguments): \(run.text)\(run.errors)")
            }
            #expect(try await bao.run(["leases", "list"]).text.isEmpty)
        }
    }
}
#endif
