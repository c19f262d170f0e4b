#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// The commands about secrets over a real OpenBao.
@Suite("The tool and OpenBao as a secret manager", .timeLimit(.minutes(5)))
struct BaoManagerToolTests {
    private let value = SecretTool.value

    private func withManagers(_ body: (BaoTool, _ token: String) async throws -> Void) async throws {
        try await withBaoTool { bao in
            try bao.tool.write(
                "keyhooks.json",
                """
                { managers: { bao: { kind: 'openbao', address: '\(bao.server.address)', mount: '\(bao.mount)',
                                     token: 'env:TEST_TOKEN', access: 'read-write' },
                              team: { kind: 'file', path: 'team.json', access: 'read-write' } },
                  providers: { openai: { source: 'bao', secret: 'team/openai' }, groq: { source: 'bao', secret: 'secret/groq' } } }
                """
            )
            try await body(bao, try await bao.token(reading: "team/*"))
        }
    }

    private func run(_ bao: BaoTool, _ arguments: String..., input: String? = nil, token: String? = nil) async throws
        -> Tool.Run
    {
        let run = try await bao.tool.run(
            arguments,
            environment: ["TEST_TOKEN": token ?? bao.server.rootToken],
            input: input
        )
        #expect(!run.errors.contains(value) && !(run.text + run.errors).contains(bao.server.rootToken))
        return run
    }

    @Test("A secret is written, given as a key, rotated, copied and deleted")
    func life() async throws {
        try await withManagers { bao, _ in
            let set = try await run(bao, "set", "team/openai", "--manager", "bao", input: value)
            #expect(set.status == 0 && set.text == "bao: team/openai is written (version 1)\n", "\(set.errors)")
            #expect(try await run(bao, "get", "openai").text == value + "\n")
            let rotate = try await run(bao, "rotate", "team/openai", "--generate", "32", "--manager", "bao")
            #expect(
                rotate.status == 0 && rotate.text.contains("(version 2); the old one is retired"),
                "\(rotate.text)\(rotate.errors)"
            )
            let new = try await run(bao, "get", "openai").text
            #expect(new.count == 33 && new != value + "\n")
            #expect(
                try await run(bao, "copy", "team/openai", "--from", "bao", "--to", "team").lines == [
                    "team/openai copied"
                ]
            )
            #expect(
                try await run(bao, "copy", "team/openai", "--from", "bao", "--to", "team").lines == [
                    "team/openai equal"
                ]
            )
            #expect(try await run(bao, "delete", "team/openai", "--manager", "bao").status == 0)
            #expect(try await run(bao, "check", "openai").status == 1)
        }
    }

    @Test("Found, absent, denied and away are told apart, and a test says what a token permits")
    func outcomes() async throws {
        try await withManagers { bao, token in
            _ = try await run(bao, "set", "team/openai", "--manager", "bao", input: value)
            #expect(try await run(bao, "check", "openai", token: token).status == 0)
            #expect(try await run(bao, "check", "openai", "groq").status == 1)
            let denied = try await run(bao, "check", token: token)
            #expect(denied.status == 3 && denied.lines.contains { $0.hasPrefix("groq denied") }, "\(denied.text)")
            #expect(!denied.text.contains(value) && !denied.text.contains(token))
            #expect(try await run(bao, "set", "team/openai", "--manager", "bao", input: "x", token: token).status == 3)
            let whole = try await run(bao, "managers", "test", "bao", "--writable", "team/probe")
            #expect(whole.status == 0 && whole.text.contains("written, and read back"), "\(whole.text)")
            let limited = try await run(bao, "managers", "test", "bao", "--writable", "team/probe", token: token)
            #expect(limited.status == 3 && limited.text.contains("denied"), "\(limited.text)")
        }
    }
}
#endif
