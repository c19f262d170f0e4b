#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// `keyhooks litellm check` and `roles`, on a real proxy.
@Suite(.timeLimit(.minutes(5))) struct LiteLLMCheckTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var settings = LiteLLMTool.settings
        var adminKey: (@Sendable (LiteLLMTool) async throws -> String)?
        let status: Int32
        let says: [String]
    }

    static let rows = [
        Row(
            testDescription: "all is well",
            status: 0,
            says: [
                "ready, and its database is connected", "the proxy's master key", "last 1h, renewed up to 1d",
                "its budget is one for each key", "give 'teamID' or 'userID' a budget",
            ]
        ),
        Row(
            testDescription: "an unknown model",
            settings: "models: ['gpt-standin'], maxBudget: 5",
            status: 78,
            says: ["FAILED", "'models' has 'gpt-standin'", "did you mean 'gpt-stand-in'?"]
        ),
        Row(
            testDescription: "an alias of an unknown model",
            settings: "models: ['gpt-stand-in'], aliases: {fast: 'quite-another'}, maxBudget: 5",
            status: 78,
            says: ["the alias 'fast' means 'quite-another'", "add the model to the proxy"]
        ),
        Row(
            testDescription: "a pattern can't be judged",
            settings: "models: ['openai/*'], maxBudget: 5",
            status: 0,
            says: ["'openai/*', a pattern"]
        ),
        Row(
            testDescription: "no models and no budget are remarks",
            settings: "",
            status: 0,
            says: ["may use all models", "nothing bounds what its keys spend", "write 'maxBudget'"]
        ),
        Row(
            testDescription: "a period of a budget that no key lives to see is a remark",
            settings: "models: ['gpt-stand-in'], maxBudget: 5, budgetDuration: '2d'",
            status: 0,
            says: ["'budgetDuration' is 2d, and no key lasts longer than 1d: it never takes effect"]
        ),
        Row(
            testDescription: "an unknown team",
            settings: "teamID: 'no-such-team'",
            status: 78,
            says: ["'teamID': it knows no such team", "make the team in LiteLLM"]
        ),
        Row(
            testDescription: "an unknown user is a remark, as the proxy makes keys for it",
            settings: "\(LiteLLMTool.settings), userID: 'no-such-user'",
            status: 0,
            says: ["knows no user 'no-such-user'"]
        ),
        Row(
            testDescription: "organisations need a licence, and so do tags",
            settings: "\(LiteLLMTool.settings), organizationID: 'org', tags: ['a'], request: {policies: ['p']}, "
                + "permissions: {get_spend_routes: true}",
            status: 0,
            says: [
                "'organizationID' can't be looked at",
                "tags, policies, permissions.get_spend_routes: without a licence",
            ]
        ),
        Row(
            testDescription: "what depends on the request isn't looked at",
            settings: "\(LiteLLMTool.settings), teamID: 'no-such/{tenant}'",
            status: 0,
            says: ["passed"]
        ),
        Row(
            testDescription: "a wrong admin key",
            adminKey: { _ in "sk-wrong-0123456789abcdef-0123456789" },
            status: 2,
            says: ["FAILED", "doesn't accept the admin key (401)", "check what 'adminKey' names"]
        ),
        Row(
            testDescription: "a key that manages none",
            adminKey: { try await $0.make(unique("weak")).key },
            status: 3,
            says: ["DENIED", "the admin key may not do that", "proxy_admin"]
        ),
        Row(
            testDescription: "a key of a user without the role",
            adminKey: { tool in
                let body: [String: Any] = ["user_id": unique("user"), "user_role": "internal_user"]
                return try await tool.proxy.ask("user/new", key: tool.proxy.masterKey, body: body).required("key")
            },
            status: 0,
            says: ["role internal_user: it may make keys of that user only"]
        ),
        Row(
            testDescription: "a static role with a short admin key",
            settings: "\(LiteLLMTool.settings), static: '1d'",
            adminKey: { try await $0.make(unique("short"), ["key": "sk-\(unique("s"))"]).key },
            // It isn't an admin's either.
            status: 3,
            says: ["too short for static roles"]
        ),
        Row(
            testDescription: "a static role on a proxy that takes its key",
            settings: "\(LiteLLMTool.settings), static: '1d'",
            status: 0,
            says: ["are one for all, another each 1d"]
        ),
    ]

    @Test(arguments: rows)
    func `The check says what would fail and what to do, and makes no key`(row: Row) async throws {
        try await withLiteLLMTool { litellm in
            try litellm.configure(row.settings)
            let adminKey = try await row.adminKey?(litellm)
            let run = try await litellm.run("litellm", "check", adminKey: adminKey)
            #expect(run.status == row.status && run.errors.isEmpty, "\(run.status) \(run.text)\(run.errors)")
            for words in row.says { #expect(run.text.contains(words), "\(words): \(run.text)") }
            expectNoKey(in: run)
            #expect(try await litellm.proxy.keys(litellm.alias).isEmpty)
            let json = try await litellm.run("litellm", "check", "--json", adminKey: adminKey)
            #expect(json.status == run.status)
            let findings = try JSONSerialization.jsonObject(with: Data(json.output)) as? [[String: Any]]
            #expect(findings?.allSatisfy { $0["sections"] as? [String] == ["plugins.litellm"] } == true)
            expectNoKey(in: json)
        }
    }

    @Test func `A proxy without its database, none at all, and another server are told apart`() async throws {
        try await withLiteLLMTool(try await LiteLLMProxy("--no-database")) { litellm in
            let bare = try await litellm.run("litellm", "check")
            #expect(bare.status == 78 && bare.text.contains("it has no database"), "\(bare.text)\(bare.errors)")
            #expect(bare.text.contains("set DATABASE_URL") && bare.text.contains("the proxy can't answer"))
            try litellm.configure(url: "http://127.0.0.1:\(try freePort())")
            let dead = try await litellm.run("litellm", "check")
            #expect(dead.status == 2 && dead.text.contains("can't be reached"), "\(dead.text)")
            try litellm.configure(url: try await BaoServer.shared.address)
            let other = try await litellm.run("litellm", "check")
            #expect(other.status == 78 && other.text.contains("isn't a LiteLLM proxy (404)"), "\(other.text)")
            for run in [bare, dead, other] { expectNoKey(in: run) }
            try await litellm.proxy.stop()
        }
    }

    @Test func `Plain http to another host, and a certificate that goes unchecked, are remarks`() async throws {
        try await withLiteLLMTool { litellm in
            let near = try await litellm.run("litellm", "check")
            #expect(!near.text.contains("unencrypted") && !near.text.contains("unchecked"), "\(near.text)")
            try litellm.configure(url: "http://litellm.invalid:4000")
            let clear = try await litellm.run("litellm", "check")
            #expect(clear.status == 2 && clear.text.contains("go unencrypted"), "\(clear.text)")
            #expect(clear.text.contains("write https:// in 'url'"))
            try litellm.configure(url: "https://litellm.invalid:4000", section: "skipVerify: true,")
            let unchecked = try await litellm.run("litellm", "check")
            #expect(unchecked.status == 2 && unchecked.text.contains("goes unchecked ('skipVerify')"))
            #expect(!unchecked.text.contains("unencrypted"))
        }
    }

    @Test func `Whoever trusts a section reads that requests go to its proxy, and where keys go unencrypted`()
        async throws
    {
        try await withLiteLLMTool { litellm in
            for (url, isExposed) in [("http://litellm.invalid:4000", true), ("https://litellm.invalid", false)] {
                try litellm.configure(url: url)
                let run = try await litellm.tool.run(["trust", "--show"], finding: true)
                #expect(run.text.contains("(api_base) with \(url), so that their requests go there"), "\(run.text)")
                #expect(run.text.contains("unencrypted") == isExposed, "\(run.text)")
            }
        }
    }

    @Test func `What a proxy makes of the request that can't succeed is taken away`() async throws {
        try await withLiteLLMTool(try await LiteLLMProxy()) { litellm in
            let front = try await LiteLLMFront(litellm.proxy, .anyDuration)
            defer { front.stop() }
            try litellm.configure("\(LiteLLMTool.settings), static: '1d'", url: front.url)
            let run = try await litellm.run("litellm", "check")
            #expect(run.status == 0, "\(run.text)\(run.errors)")
            let made = try await litellm.proxy.requestsText("")
            #expect(made.contains("/key/generate") && made.contains("/key/delete"))
            #expect(try await litellm.proxy.keys("").isEmpty)
            try await litellm.proxy.stop()
        }
    }

    @Test func `A static role on a proxy that takes no keys of others fails, which is found out without making one`()
        async throws
    {
        try await withLiteLLMTool(try await LiteLLMProxy("--no-custom-keys")) { litellm in
            try litellm.configure("\(LiteLLMTool.settings), static: '1d'")
            let run = try await litellm.run("litellm", "check")
            #expect(run.status == 78 && run.text.contains("disable_custom_api_keys"), "\(run.text)\(run.errors)")
            #expect(try await litellm.proxy.keys("").isEmpty)
            expectNoKey(in: run)
            try await litellm.proxy.stop()
        }
    }

    @Test func `The admin key that isn't there is one finding, and the proxy is looked at all the same`() async throws {
        try await withLiteLLMTool { litellm in
            try litellm.configure(adminKey: "env:NOT_SET")
            let run = try await litellm.run("litellm", "check")
            #expect(run.status == 2 && run.text.contains("NOT_SET"), "\(run.text)\(run.errors)")
            #expect(run.text.contains("its database is connected"))
        }
    }

    @Test func `The roles are listed without a server, with what bounds their keys`() async throws {
        try await withLiteLLMTool { litellm in
            let settings = """
                models: ['gpt-stand-in'], maxBudget: 2.5, budgetDuration: '30d', rpmLimit: 10, teamID: 'team/{tenant}',
                duration: '90s', maximum: '2h'
                """
            try litellm.configure(settings, url: "http://127.0.0.1:\(try freePort())")
            let run = try await litellm.run("litellm", "roles")
            let words = "90s, up to 2h  $2.50 each 30d, 10 requests/min  gpt-stand-in; team team/{tenant}\n"
            #expect(run.status == 0 && run.errors.isEmpty && run.text == "*  \(litellm.role)  \(words)", "\(run.text)")
            let json = try await litellm.run("litellm", "roles", "--json")
            let roles = try JSONSerialization.jsonObject(with: Data(json.output)) as? [[String: Any]]
            #expect(roles?.first?["maximum"] as? Double == 7200 && roles?.first?["answers"] as? Bool == true)
            #expect(roles?.first?["models"] as? [String] == ["gpt-stand-in"])
        }
    }

    @Test(
        arguments: [
            ("{providers: {openai: {env: 'KEY'}}}", "a section 'litellm' under 'plugins'"),
            (
                "{plugins: {litellm: {url: 'http://127.0.0.1:1', adminKey: 'sk-in-the-file-0123456789'}}}",
                "never holds it"
            ),
            ("{plugins: {litellm: {url: 'http://127.0.0.1:1', adminKey: 'env:A', roles: {}}}}", "has no role"),
        ]
    )
    func `A wrong section is refused before any server is asked, by every command`(
        text: String,
        words: String
    ) async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", text)
            for arguments in [
                ["check"], ["roles"], ["issue", "r", "--value"], ["list"], ["revoke", "a"], ["rotate", "r"],
                ["rotate-admin-key"],
            ] {
                let run = try await tool.run(["litellm"] + arguments, environment: ["A": "sk-0123456789"])
                #expect(
                    run.status == 78 && run.text.isEmpty && run.errors.contains(words),
                    "\(arguments): \(run.errors)"
                )
                expectNoKey(in: run)
            }
        }
    }

    @Test func `Where plugins are switched off, that is said`() async throws {
        try await withLiteLLMTool { litellm in
            for command in ["check", "roles", "list"] {
                let run = try await litellm.run("litellm", command, "--no-plugins")
                #expect(run.status == 78 && run.errors.contains("plugins are switched off, and LiteLLM with them"))
            }
            let surplus = try await litellm.run("litellm", "check", "more")
            #expect(surplus.status == 64)
        }
    }
}
#endif
