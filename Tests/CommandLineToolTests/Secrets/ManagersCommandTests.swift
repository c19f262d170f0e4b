#if CLI
import Foundation
import Testing

@Suite("Listing and testing secret managers", .timeLimit(.minutes(5)))
struct ManagersCommandTests {
    private let value = SecretTool.value

    @Test("They are listed with their kinds, what is allowed and what they can do")
    func list() async throws {
        try await withSecretTool { tool in
            let run = try await tool.run("managers", "list")
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
            #expect(
                run.lines == [
                    "gone folder read-only read, list, health",
                    "other file read-write read, write, check-and-set, list, health, delete",
                    "plug refuser read-write read, write, list", "ro file read-only read, list, health",
                    "team file read-write read, write, check-and-set, list, health, delete",
                    "wo file write-only write, check-and-set, health, delete",
                ],
                "\(run.text)"
            )
            let off = try await tool.run("managers", "list", "--no-plugins")
            #expect(off.status == 0 && off.errors.contains("switched off") && !off.errors.contains("has no"))
            #expect(try await tool.run("managers", "list", "--json").text.contains(#""kind" : "refuser""#))
        }
    }

    @Test("A test reads nobody's secret, and writes only where it may")
    func test() async throws {
        try await withSecretTool { tool in
            try tool.tool.write("team.json", #"{"a": "\#(value)"}"#)
            let run = try await tool.run("managers", "test", "team")
            #expect(run.status == 0, "\(run.text)")
            #expect(
                run.lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                    "configuration passed", "reachable passed", "read passed", "list passed", "write -", "delete -",
                ]
            )
            let writing = try await tool.run("managers", "test", "team", "--writable", "probe")
            #expect(writing.status == 0 && writing.text.contains("written, and read back"), "\(writing.text)")
            let taken = try await tool.run("managers", "test", "team", "--writable", "a")
            #expect(taken.status == 2 && taken.text.contains("'a' is there"))
            #expect(try tool.file() as? [String: String] == ["a": value])
            #expect(!(run.text + writing.text + taken.text).contains(value))
            let only = try await tool.run("managers", "test", "wo", "--writable", "probe")
            #expect(only.status == 0 && only.text.contains("nothing may be read here"), "\(only.text)")
            #expect(try tool.file() as? [String: String] == ["a": value])
        }
    }

    @Test("A kind that only another program has is named by what looks, and refused by what asks")
    func unknownKind() async throws {
        try await withTool { tool in
            let text = "{managers: {a: {kind: 'etcd'}}, providers: {openai: {source: 'a', secret: 'x'}}}"
            let path = try tool.write("keyhooks.json", text)
            for arguments in [["explain", "openai"], ["list"], ["managers", "list"]] {
                let run = try await tool.run(arguments + ["--config", path])
                #expect(
                    run.status < 2 && run.errors.contains("managers.a: this tool has no kind 'etcd'"),
                    "\(run.errors)"
                )
            }
            for arguments in [
                ["get", "openai"], ["check"], ["managers", "test", "a"], ["set", "x", "--manager", "a"],
            ] {
                let run = try await tool.run(arguments + ["--config", path], input: "value")
                #expect(run.status == 78 && run.errors.contains("managers.a.kind"), "\(run.status) \(run.errors)")
            }
        }
    }

    @Test(
        "What fails is told apart",
        arguments: [
            (["gone"], 2, "isn't there"), (["plug"], 0, "it has no secret"),
            (["plug", "--writable", "denied"], 3, "permission-denied"),
            (["plug", "--writable", "away"], 2, "unavailable"),
            (["team", "--writable", ".."], 64, "has a segment"), (["nobody"], 78, "no secret manager 'nobody'"),
            ([], 64, "<name>"),
        ]
    )
    func fails(arguments: [String], status: Int32, words: String) async throws {
        try await withSecretTool { tool in
            let run = try await tool.tool.run(
                ["managers", "test"] + arguments,
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"]
            )
            #expect(
                run.status == status && (run.text + run.errors).contains(words),
                "\(run.status) \(run.text)\(run.errors)"
            )
        }
    }
}
#endif
