#if CLI
import Foundation
import Testing

struct StreamTests {
    /// As in `keyhooks list | true`.
    @Test(
        arguments: [
            ["get", "openai"], ["get", "openai", "--json"], ["explain", "openai"], ["list"], ["list", "--json"],
        ]
    )
    func `A closed pipe ends it quietly, with the status that shells know`(arguments: [String]) async throws {
        try await withTool { tool in
            let pipe = Pipe()
            try pipe.fileHandleForReading.close()
            let run = try await tool.run(
                arguments,
                environment: ["OPENAI_API_KEY": "sk-leak"],
                output: pipe.fileHandleForWriting
            )
            #expect(!run.isBySignal)
            #expect(run.status == 141)
            #expect(run.errors.isEmpty, "\(run.errors)")
        }
    }

    #if os(Linux)
    @Test func `A full disk is a failure`() async throws {
        try await withTool { tool in
            let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
            let run = try await tool.run(["get", "openai"], environment: ["OPENAI_API_KEY": "sk-leak"], output: full)
            #expect(run.status == 2 && !run.isBySignal)
            #expect(!run.errors.contains("leak"))
        }
    }
    #endif

    /// Started by a shell, since `Process` gives a child all three streams.
    @Test(arguments: [("2>&-", 0, "sk-1\n"), (">&-", 2, ""), (">&- 2>&-", 2, "")] as [(String, Int32, String)])
    func `A closed stream does no harm`(redirection: String, status: Int32, text: String) async throws {
        try await withTool { tool in
            // Both a remark on standard error and a value on standard output are due.
            let script = try tool.write(
                "run.sh",
                "'\(Tool.executable.path)' get opnai \(redirection)\necho \"exit $?\"\n"
            )
            let shell = Process()
            let output = Pipe()
            shell.executableURL = URL(fileURLWithPath: "/bin/sh")
            shell.arguments = [script]
            shell.environment = ["OPNAI_API_KEY": "sk-1"]
            shell.currentDirectoryURL = tool.folder
            shell.standardInput = FileHandle.nullDevice
            shell.standardOutput = output
            shell.standardError = FileHandle.nullDevice
            try shell.run()
            let read = output.fileHandleForReading.readDataToEndOfFile()
            #expect(String(decoding: read, as: UTF8.self) == "\(text)exit \(status)\n")
        }
    }
}
#endif
