#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// `keyhooks litellm list` and `revoke`, where the proxy's list isn't what it should be, or a name isn't clear.
@Suite(.timeLimit(.minutes(5))) struct LiteLLMOddListTests {
    private func issue(_ litellm: LiteLLMTool, _ count: Int) async throws -> [LiteLLMProxy.Row] {
        for _ in 0..<count {
            #expect(try await litellm.run("litellm", "issue", litellm.role, "--value").status == 0)
        }
        return try await litellm.proxy.keys(litellm.alias)
    }

    @Test(
        arguments: [
            (.hashes, "keys without their hashes"), (.nothing, "no list of keys"), (.raw, "keys without their hashes"),
        ] as [(LiteLLMFront.Mode, String)]
    )
    func `A list that can't be read is a failure, and never one without keys`(
        mode: LiteLLMFront.Mode,
        words: String
    ) async throws {
        try await withLiteLLMTool { litellm in
            _ = try await issue(litellm, 1)
            let front = try await LiteLLMFront(litellm.proxy, mode)
            defer { front.stop() }
            try litellm.configure(url: front.url)
            for arguments in [["list", "--all", "--json"], ["revoke", "--role", litellm.role, "--yes"]] {
                let run = try await litellm.run(["litellm"] + arguments)
                #expect(run.status == 2 && run.text.isEmpty && run.errors.contains(words), "\(run.text)\(run.errors)")
                #expect(!run.errors.contains("\u{1B}"))
                expectNoKey(in: run)
            }
            #expect(try await litellm.proxy.keys(litellm.alias).count == 1)
        }
    }

    @Test func `A proxy that gives one page for ever is read once more, and not for ever`() async throws {
        try await withLiteLLMTool { litellm in
            let row = try #require(try await issue(litellm, 1).first)
            let front = try await LiteLLMFront(litellm.proxy, .samePage)
            defer { front.stop() }
            try litellm.configure(url: front.url)
            // The shared proxy may have more than a page.
            let run = try await litellm.run("litellm", "list", "--all", "--json")
            let keys = try JSONSerialization.jsonObject(with: Data(run.output)) as? [[String: Any]]
            #expect(run.status == 0 && (1...100).contains(keys?.count ?? 0), "\(run.errors)")
            #expect(Set(keys?.compactMap { $0["hash"] as? String } ?? []).count == keys?.count)
            #expect(try await litellm.proxy.keys(litellm.alias).map(\.token) == [row.token])
        }
    }

    @Test func `A key that slipped through while others went is taken away too`() async throws {
        try await withLiteLLMTool(try await LiteLLMProxy()) { litellm in
            _ = try await issue(litellm, 3)
            let front = try await LiteLLMFront(litellm.proxy, .slip)
            defer { front.stop() }
            try litellm.configure(url: front.url)
            let run = try await litellm.run("litellm", "revoke", "--role", litellm.role, "--yes")
            #expect(run.status == 0 && run.text == "taken away: 3\n", "\(run.text)\(run.errors)")
            #expect(try await litellm.proxy.keys(litellm.alias).isEmpty)
            try await litellm.proxy.stop()
        }
    }

    @Test func `A name that is the alias of one key and begins the hash of another takes neither away`() async throws {
        try await withLiteLLMTool { litellm in
            let row = try #require(try await issue(litellm, 1).first)
            let metadata = ["metadata": ["keyhooks_role": litellm.role]]
            let beginning = String(row.token.prefix(12))
            let short = try await litellm.make(beginning, metadata)
            let whole = try await litellm.make(row.token, metadata)
            let refused = try await litellm.run("litellm", "revoke", beginning)
            #expect(refused.status == 64 && refused.errors.contains("is the alias of one key, and begins the hash of"))
            #expect(refused.errors.contains(row.token.prefix(16)) && refused.errors.contains(short.hash.prefix(16)))
            #expect(try await litellm.proxy.keys(litellm.alias).count == 1)
            // A whole hash is that key's alone.
            let run = try await litellm.run("litellm", "revoke", row.token)
            #expect(run.status == 0 && run.text == "taken away: 1\n", "\(run.text)\(run.errors)")
            #expect(try await litellm.proxy.keys(litellm.alias).isEmpty)
            let others = try await litellm.proxy.keys(beginning)
            #expect(Set(others.map(\.token)) == [short.hash, whole.hash])
        }
    }

    @Test func `A name of a loan that looks like a key is shown, and takes its key away`() async throws {
        try await withLiteLLMTool(try await LiteLLMProxy()) { litellm in
            let stem = "Team-Agents"
            try litellm.configure("\(LiteLLMTool.settings), alias: '\(stem)'")
            #expect(try await litellm.run("litellm", "issue", litellm.role, "--value").status == 0)
            let alias = try #require(try await litellm.proxy.keys(stem).first?.key_alias)
            let list = try await litellm.run("litellm", "list", "--role", litellm.role)
            #expect(list.text.hasPrefix("\(alias)  "), "\(list.text)")
            let run = try await litellm.run("litellm", "revoke", alias)
            #expect(run.status == 0 && run.text == "taken away: 1\n", "\(run.text)\(run.errors)")
            let other = try await litellm.run("litellm", "revoke", "AbCd0123EfGh4567IjKl8901")
            #expect(other.status == 64 && other.errors.contains("looks like a key"), "\(other.errors)")
            #expect(!other.errors.contains("AbCd0123"))
            try await litellm.proxy.stop()
        }
    }

    @Test func `Where nobody can be asked, more than one key wants --yes`() async throws {
        try await withLiteLLMTool { litellm in
            let rows = try await issue(litellm, 2)
            for arguments in [["--role", litellm.role], rows.map(\.token)] {
                let run = try await litellm.run(["litellm", "revoke"] + arguments)
                #expect(run.status == 64 && run.text.isEmpty, "\(run.text)")
                #expect(run.errors.contains("2 keys of 1 host would be taken away"), "\(run.errors)")
            }
            #expect(try await litellm.proxy.keys(litellm.alias).count == 2)
        }
    }

    @Test func `What was spent is written with its sign`() async throws {
        try await withLiteLLMTool { litellm in
            let row = try #require(try await issue(litellm, 1).first)
            try await litellm.proxy.spend(row.token, -0.0005)
            let run = try await litellm.run("litellm", "list", "--role", litellm.role)
            #expect(run.text.contains("-$0.0005 of $5.00"), "\(run.text)")
        }
    }
}
#endif
