#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// `keyhooks litellm list` and `revoke`, on a real proxy.
@Suite(.timeLimit(.minutes(5))) struct LiteLLMKeysTests {
    private func issue(_ litellm: LiteLLMTool, _ count: Int) async throws -> [LiteLLMProxy.Row] {
        for _ in 0..<count {
            #expect(try await litellm.run("litellm", "issue", litellm.role, "--value").status == 0)
        }
        return try await litellm.proxy.keys(litellm.alias)
    }

    /// A key that looks as if KeyHooks had made it on another machine.
    private func stamped(_ litellm: LiteLLMTool, _ alias: String, host: String) async throws -> String {
        let metadata = ["keyhooks_role": litellm.role, "keyhooks_host": host]
        return try await litellm.make(alias, ["metadata": metadata, "max_budget": 3.0]).hash
    }

    @Test func `The keys of a role are listed with their state, end and spend, and never the key`() async throws {
        try await withLiteLLMTool { litellm in
            let row = try #require(try await issue(litellm, 1).first)
            try await litellm.proxy.spend(row.token, 1.25)
            let run = try await litellm.run("litellm", "list", "--role", litellm.role)
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
            let words = [
                "\(row.key_alias ?? "")  \(row.token.prefix(12))  \(litellm.role)", "active", "$1.25 of $5.00",
            ]
            for words in words { #expect(run.text.contains(words), "\(run.text)") }
            expectNoKey(in: run)
            let json = try await litellm.run("litellm", "list", "--role", litellm.role, "--json")
            let keys = try JSONSerialization.jsonObject(with: Data(json.output)) as? [[String: Any]]
            #expect(keys?.count == 1 && keys?.first?["hash"] as? String == row.token)
            #expect(keys?.first?["spend"] as? Double == 1.25 && keys?.first?["status"] as? String == "active")
            expectNoKey(in: json)
        }
    }

    @Test func `All pages are read, and keys of others are listed only where that is asked for`() async throws {
        try await withLiteLLMTool(try await LiteLLMProxy()) { litellm in
            for number in 0..<105 { _ = try await stamped(litellm, "many-\(number)", host: "there") }
            _ = try await litellm.make("foreign")
            let own = try await litellm.run("litellm", "list")
            #expect(own.text.split(separator: "\n").count == 105 && !own.text.contains("foreign"))
            let all = try await litellm.run("litellm", "list", "--all")
            #expect(all.text.split(separator: "\n").count == 106)
            #expect(all.text.contains("(not of KeyHooks)") && all.text.contains("foreign"))
            for run in [own, all] { expectNoKey(in: run) }
            // More than go into one request.
            let revoked = try await litellm.run("litellm", "revoke", "--host", "there", "--yes")
            #expect(revoked.status == 0 && revoked.text == "taken away: 105\n", "\(revoked.text)\(revoked.errors)")
            #expect(try await litellm.proxy.keys("many-").isEmpty)
            #expect(try await litellm.proxy.keys("foreign").count == 1)
            let empty = try await litellm.run("litellm", "list")
            #expect(empty.status == 0 && empty.text.isEmpty && empty.errors.contains("there is no such key"))
            try await litellm.proxy.stop()
        }
    }

    @Test func `Keys are taken away by alias, hash and the beginning of a hash, and leave the list of leases`()
        async throws
    {
        try await withLiteLLMTool { litellm in
            let rows = try await issue(litellm, 4)
            let names = [rows[0].key_alias ?? "", rows[1].token, String(rows[2].token.prefix(12)), "not-there"]
            let run = try await litellm.run(["litellm", "revoke", "--yes"] + names)
            #expect(run.status == 0 && run.text == "taken away: 3\nnot there: 1\n", "\(run.text)\(run.errors)")
            #expect(run.errors == "not there: not-there\n")
            #expect(try await litellm.proxy.keys(litellm.alias).map(\.token) == [rows[3].token])
            let leases = try await litellm.run("leases", "list")
            #expect(leases.text.split(separator: "\n").count == 1 && leases.text.contains(rows[3].token))
            // Once more, what isn't there is success.
            let again = try await litellm.run("litellm", "revoke", rows[1].token, "--json")
            #expect(again.status == 0 && again.text.contains(#""notThere" : 1"#), "\(again.text)\(again.errors)")
            let all = try await litellm.run("litellm", "revoke", "--role", litellm.role)
            #expect(all.text == "taken away: 1\n")
            for run in [run, again, all] { expectNoKey(in: run) }
        }
    }

    @Test func `Those of one machine go, and the others stay`() async throws {
        try await withLiteLLMTool { litellm in
            let (here, there) = (unique("here"), unique("there"))
            _ = try await stamped(litellm, "\(litellm.alias)-a", host: here)
            let other = try await stamped(litellm, "\(litellm.alias)-b", host: there)
            let run = try await litellm.run("litellm", "revoke", "--role", litellm.role, "--host", here)
            #expect(run.status == 0 && run.text == "taken away: 1\n", "\(run.text)\(run.errors)")
            #expect(try await litellm.proxy.keys(litellm.alias).map(\.token) == [other])
        }
    }

    @Test func `A key of somebody else is taken away only with --any, and the admin key never`() async throws {
        try await withLiteLLMTool { litellm in
            let alias = unique("foreign")
            _ = try await litellm.make(alias)
            let own = try #require(try await issue(litellm, 1).first)
            let refused = try await litellm.run("litellm", "revoke", own.token, alias)
            #expect(refused.status == 64 && refused.errors.contains("add --any"), "\(refused.errors)")
            // Not even the other one.
            #expect(try await litellm.proxy.keys(litellm.alias).count == 1)
            let run = try await litellm.run("litellm", "revoke", alias, "--any")
            #expect(run.status == 0 && run.text == "taken away: 1\n")
            #expect(try await litellm.proxy.keys(alias).isEmpty)
            let admin = try await litellm.makeAdmin()
            let kept = try await litellm.run("litellm", "revoke", admin.alias, "--any")
            #expect(kept.status == 64 && kept.errors.contains("rotate-admin-key"), "\(kept.errors)")
            #expect(try await litellm.proxy.keys(admin.alias).count == 1)
            for run in [refused, run, kept] { expectNoKey(in: run) }
        }
    }

    @Test(
        arguments: [
            (["revoke"], "say which keys"),
            (["revoke", "a", "--role", "r"], "not both"),
            (["revoke", "--role", "r", "--any"], "--any is for keys that are named"),
            (["revoke", "sk-proj-AbCdEf0123456789AbCdEf0123456789"], "looks like a key"),
            (["list", "--all", "--role", "r"], "leave one out"),
            (["list", "more"], "more"),
            (["list", "--page", "2"], "--page"),
        ] as [([String], String)]
    )
    func `Wrong arguments are usage errors, and nothing is asked`(arguments: [String], words: String) async throws {
        try await withLiteLLMTool { litellm in
            try litellm.configure(url: "http://127.0.0.1:\(try freePort())")
            let run = try await litellm.run(["litellm"] + arguments)
            #expect(run.status == 64 && run.text.isEmpty && run.errors.contains(words), "\(run.errors)")
            expectNoKey(in: run)
        }
    }

    @Test(arguments: [("n", false), ("", false), ("y", true)])
    func `At a terminal it asks before it takes more than one away`(answer: String, isDone: Bool) async throws {
        try await withLiteLLMTool { litellm in
            _ = try await issue(litellm, 2)
            let run = try await litellm.atTerminal("litellm", "revoke", "--role", litellm.role, answering: answer)
            #expect(
                run.text.contains("Take 2 keys of 1 host away at \(litellm.proxy.url)? [y/N]"),
                "\(run.text)\(run.errors)"
            )
            #expect(run.status == (isDone ? 0 : 2))
            #expect(try await litellm.proxy.keys(litellm.alias).count == (isDone ? 0 : 2))
            expectNoKey(in: run)
        }
    }

    @Test func `A refusal leaves the keys, and says how many`() async throws {
        try await withLiteLLMTool { litellm in
            _ = try await issue(litellm, 2)
            try await litellm.proxy.fault("status-503", at: "/key/delete", of: litellm.alias, times: 1)
            let run = try await litellm.run("litellm", "revoke", "--role", litellm.role, "--yes")
            #expect(run.status == 2 && run.text == "taken away: 0\nfailed: 2\n", "\(run.text)\(run.errors)")
            #expect(try await litellm.proxy.keys(litellm.alias).count == 2)
            #expect(try await litellm.run("leases", "list").text.split(separator: "\n").count == 2)
        }
    }
}
#endif
