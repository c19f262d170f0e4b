#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// `keyhooks litellm issue`, on a real proxy.
@Suite(.timeLimit(.minutes(5))) struct LiteLLMIssueTests {
    @Test func `A key is handed over, is good, is on the list of leases, and is taken away when a person says so`()
        async throws
    {
        try await withLiteLLMTool { litellm in
            let run = try await litellm.run("litellm", "issue", litellm.role, "--value", "--tenant", "acme")
            let key = run.text.trimmingCharacters(in: .newlines)
            #expect(run.status == 0 && key.hasPrefix("sk-") && !run.errors.contains("sk-"), "\(run.errors)")
            let row = try #require(try await litellm.proxy.keys(litellm.alias).first)
            let alias = try #require(row.key_alias)
            #expect(run.errors.hasPrefix("issued: \(alias), \(row.token.prefix(12))…, ends in "), "\(run.errors)")
            #expect(alias.hasPrefix("\(litellm.alias)/acme-"))
            #expect(try await litellm.proxy.chat(key: key, model: "gpt-stand-in") == 200)
            // Another run doesn't take it away.
            let second = try await litellm.run("litellm", "issue", litellm.role, "--value")
            #expect(second.status == 0 && second.text != run.text)
            let leases = try await litellm.run("leases", "list")
            #expect(leases.text.split(separator: "\n").count { $0.contains("handed over") } == 2, "\(leases.text)")
            #expect(leases.text.contains(row.token))
            expectNoKey(in: leases)
            let revoked = try await litellm.run("leases", "revoke")
            #expect(revoked.status == 0 && revoked.text == "given back: 2\n", "\(revoked.text)\(revoked.errors)")
            #expect(try await litellm.proxy.keys(litellm.alias).isEmpty)
            #expect(try await litellm.proxy.chat(key: key, model: "gpt-stand-in") == 401)
        }
    }

    @Test func `Into a file it goes for its owner alone, and over another one only by force`() async throws {
        try await withLiteLLMTool { litellm in
            let run = try await litellm.run("litellm", "issue", litellm.role, "--to", "key")
            #expect(run.status == 0 && run.text.isEmpty && run.errors.hasSuffix(", in key\n"), "\(run.errors)")
            expectNoKey(in: run)
            let key = try litellm.text(of: "key")
            #expect(key.hasPrefix("sk-") && key.hasSuffix("\n"))
            #expect(try litellm.permissions(of: "key") == 0o600)
            let again = try await litellm.run("litellm", "issue", litellm.role, "--to", "key")
            #expect(again.status == 64 && again.errors.contains("key is there already"), "\(again.errors)")
            #expect(try litellm.text(of: "key") == key)
            #expect(try await litellm.proxy.keys(litellm.alias).count == 1)
            let forced = try await litellm.run("litellm", "issue", litellm.role, "--to", "key", "--force", "--json")
            #expect(forced.status == 0 && forced.text.contains(#""file" : "key""#), "\(forced.text)\(forced.errors)")
            expectNoKey(in: forced)
            #expect(try litellm.text(of: "key") != key)
            #expect(try litellm.permissions(of: "key") == 0o600)
        }
    }

    #if os(Linux)
    @Test(arguments: [["--value"], ["--value", "--json"]])
    func `A key that can't be written is taken away again`(arguments: [String]) async throws {
        try await withLiteLLMTool { litellm in
            let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
            let run = try await litellm.tool.run(
                ["litellm", "issue", litellm.role] + arguments,
                environment: ["TEST_ADMIN": litellm.proxy.masterKey],
                output: full
            )
            #expect(run.status == 2 && run.errors.contains("standard output cannot be written to"), "\(run.errors)")
            expectNoKey(in: run)
            #expect(try await litellm.proxy.requests(litellm.alias).contains { $0.path == "/key/generate" })
            #expect(try await litellm.proxy.keys(litellm.alias).isEmpty)
            // The list has it until somebody gives it back.
            #expect(try await litellm.run("leases", "revoke").status == 0)
            #expect(try await litellm.run("leases", "list").text.isEmpty)
        }
    }

    @Test func `A key that is in its file stays, and so does that of a static role, whatever can't be written`()
        async throws
    {
        try await withLiteLLMTool { litellm in
            let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
            for (settings, arguments) in [("", ["--to", "key", "--json"]), (", static: '1d'", ["--value"])] {
                try litellm.configure(LiteLLMTool.settings + settings)
                let run = try await litellm.tool.run(
                    ["litellm", "issue", litellm.role] + arguments,
                    environment: ["TEST_ADMIN": litellm.proxy.masterKey],
                    output: full
                )
                #expect(run.status == 2 && run.errors.contains("standard output cannot be written to"))
            }
            #expect(try await litellm.proxy.keys(litellm.alias).count == 2)
            let key = try litellm.text(of: "key").trimmingCharacters(in: .newlines)
            #expect(try await litellm.proxy.chat(key: key, model: "gpt-stand-in") == 200)
        }
    }
    #endif

    @Test func `As JSON the value is there only with --value`() async throws {
        try await withLiteLLMTool { litellm in
            let run = try await litellm.run("litellm", "issue", litellm.role, "--value", "--json")
            let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
            let row = try #require(try await litellm.proxy.keys(litellm.alias).first)
            #expect(report["hash"] as? String == row.token && report["alias"] as? String == row.key_alias)
            #expect((report["value"] as? String)?.hasPrefix("sk-") == true && run.errors.isEmpty)
        }
    }

    @Test func `The key of a static role is the one that everybody has`() async throws {
        try await withLiteLLMTool { litellm in
            try litellm.configure("\(LiteLLMTool.settings), static: '1d'")
            let first = try await litellm.run("litellm", "issue", litellm.role, "--value")
            let second = try await litellm.run("get", "litellm")
            #expect(first.status == 0 && first.text == second.text, "\(first.errors)\(second.errors)")
            #expect(try await litellm.run("leases", "list").text.isEmpty)
        }
    }

    @Test(
        arguments: [
            ([], 64, "--value prints it, --to FILE writes it to a file; no key was made"),
            (["--json"], 64, "no key was made"),
            (["--value", "--to", "key"], 64, "two places for one key"),
            (["--value", "--force"], 64, "--force is for the file"),
            (["--to", "missing/key"], 64, "the folder of missing/key isn't there"),
            (["--to", "."], 64, "is there already"),
            (["--to", ".", "--force"], 64, "isn't a file"),
            (["--to", "sk-proj-AbCdEf0123456789AbCdEf0123456789"], 64, "looks like a key"),
            (["--value", "--profile", "no/such"], 64, "Use names without '/'"),
        ] as [([String], Int32, String)]
    )
    func `What is asked for wrongly makes no key`(arguments: [String], status: Int32, words: String) async throws {
        try await withLiteLLMTool { litellm in
            try litellm.configure("\(LiteLLMTool.settings), userID: 'u/{profile}', alias: 'keyhooks/{role}'")
            let all = ["litellm", "issue", litellm.role] + arguments
            let run = try await litellm.run(all + (arguments.contains("--profile") ? [] : ["--profile", "p"]))
            #expect(run.status == status && run.text.isEmpty && run.errors.contains(words), "\(run.errors)")
            expectNoKey(in: run)
            #expect(try await litellm.proxy.keys(litellm.alias).isEmpty)
        }
    }

    @Test func `An unknown role is named with the one that was meant, and a denial is a denial`() async throws {
        try await withLiteLLMTool { litellm in
            let unknown = try await litellm.run("litellm", "issue", litellm.role.dropLast() + "", "--value")
            #expect(
                unknown.status == 64 && unknown.errors.contains("Did you mean '\(litellm.role)'?"),
                "\(unknown.errors)"
            )
            let weak = try await litellm.make(unique("weak")).key
            let denied = try await litellm.run("litellm", "issue", litellm.role, "--value", adminKey: weak)
            #expect(denied.status == 3 && denied.errors.contains("proxy_admin"), "\(denied.errors)")
            for run in [unknown, denied] {
                #expect(run.text.isEmpty)
                expectNoKey(in: run)
            }
            #expect(try await litellm.run("leases", "list").text.isEmpty)
        }
    }
}
#endif
