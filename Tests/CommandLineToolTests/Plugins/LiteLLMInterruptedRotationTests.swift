#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// `keyhooks litellm rotate-admin-key`, where it is cut short, refused late or asked about, and what it does to static keys.
@Suite(.timeLimit(.minutes(5))) struct LiteLLMInterruptedRotationTests {
    /// Whether the file has the successor when the program is killed, and what finds that out.
    @Test(arguments: [(false, "check"), (true, "check"), (false, "rotate-admin-key"), (true, "rotate-admin-key")])
    func `What a killed rotation left is taken away by the next run, and named by the check`(
        isWritten: Bool,
        command: String
    ) async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin()
            if isWritten { try await litellm.passOver("/key/delete", of: old.alias) }
            let path = isWritten ? "/key/delete" : "/key/list"
            try await litellm.proxy.fault("slow", at: path, of: "\(old.alias)-", seconds: 120)
            let (process, ends) = try litellm.startRotation()
            try await until("the rotation is half done") {
                let isThere = try await litellm.proxy.keys(old.alias).count == 2
                let hasSuccessor = try litellm.text(of: "admin") != "\(old.key)\n"
                return isThere && hasSuccessor == isWritten
            }
            kill(process.processIdentifier, SIGKILL)
            for await _ in ends { break }
            #expect(try await litellm.proxy.keys(old.alias).count == 2)
            let run = try await litellm.run("litellm", command)
            #expect(run.status == 0, "\(run.text)\(run.errors)")
            expectNoKey(in: run)
            #expect(run.text.contains("a rotation was interrupted") == (command == "check"), "\(run.text)")
            if command == "check" {
                #expect(try await litellm.proxy.keys(old.alias).count == 2)
                #expect(run.text.contains("takes it away: keyhooks litellm rotate-admin-key"), "\(run.text)")
                #expect(try await litellm.run("litellm", "rotate-admin-key").status == 0)
            }
            let key = try litellm.text(of: "admin").trimmingCharacters(in: .newlines)
            let rows = try await litellm.proxy.keys(old.alias)
            #expect(rows.count == 1 && rows.first?.token != old.hash)
            #expect(try await litellm.proxy.ask("key/list?size=1", key: key).status == 200)
            #expect(try await litellm.run("litellm", "check").text.contains("interrupted") == false)
        }
    }

    @Test func `Where the admin key is in no file, the check names the key that was left`() async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin()
            let user = try #require(try await litellm.proxy.keys(old.alias).first?.user_id)
            let members: [String: Any] = ["user_id": user, "metadata": ["keyhooks_replaces": old.hash]]
            let left = try await litellm.make("\(old.alias)-0", members)
            // That of another user isn't meant.
            _ = try await litellm.make("\(old.alias)-1", ["metadata": ["keyhooks_replaces": old.hash]])
            try litellm.configure()
            let run = try await litellm.run("litellm", "check", adminKey: old.key)
            #expect(run.status == 0 && run.text.contains("revoke --any --yes \(left.hash.prefix(12))\n"), "\(run.text)")
            #expect(try await litellm.proxy.keys(old.alias).count == 3)
        }
    }

    @Test func `The static keys of the old admin key are blocked, and those of another one stay`() async throws {
        try await withLiteLLMTool { litellm in
            let settings = "\(LiteLLMTool.settings), static: '1d'"
            try litellm.configure(settings)
            let other = try await litellm.run("get", "litellm", "-n").text
            // As long as a static role wants it.
            _ = try await litellm.makeAdmin(["key": "sk-\(unique("admin-key"))-\(unique("of-some-length"))"])
            try litellm.configure(settings, adminKey: "file:admin")
            let old = try await litellm.run("get", "litellm", "-n").text
            let scoped = try await litellm.run("get", "litellm", "-n", "--tenant", "acme").text
            #expect(Set([other, old, scoped]).count == 3)
            let run = try await litellm.run("litellm", "rotate-admin-key")
            #expect(
                run.status == 0 && run.errors.contains("derived from the old admin key: 2 blocked"),
                "\(run.errors)"
            )
            for (key, status) in [(other, 200), (old, 401), (scoped, 401)] {
                #expect(try await litellm.proxy.chat(key: key, model: "gpt-stand-in") == status)
            }
            let new = try await litellm.run("get", "litellm", "-n").text
            #expect(![old, other].contains(new))
            #expect(try await litellm.proxy.chat(key: new, model: "gpt-stand-in") == 200)
        }
    }

    @Test func `Static keys that can't be blocked are named with the command that takes them away`() async throws {
        try await withLiteLLMTool { litellm in
            // As long as a static role wants it.
            _ = try await litellm.makeAdmin(["key": "sk-\(unique("admin-key"))-\(unique("of-some-length"))"])
            try litellm.configure("\(LiteLLMTool.settings), static: '1d'", adminKey: "file:admin")
            let old = try await litellm.run("get", "litellm", "-n").text
            try await litellm.proxy.fault("status-503", at: "/key/block", of: litellm.alias)
            let run = try await litellm.run("litellm", "rotate-admin-key")
            let command = "keyhooks litellm revoke --yes --role \(litellm.role)"
            #expect(run.status == 2 && run.text.contains("is now") && run.errors.contains(command), "\(run.errors)")
            expectNoKey(in: run)
            #expect(try await litellm.run("litellm", "revoke", "--yes", "--role", litellm.role).status == 0)
            #expect(try await litellm.proxy.chat(key: old, model: "gpt-stand-in") == 401)
        }
    }

    /// The real proxy lets a key delete another one of its user, so a fake in front refuses it.
    @Test(arguments: [LiteLLMFront.Mode.refuse, .refuseAndWrite])
    func `A successor that is refused late goes, and the old key comes back unless somebody changed the file`(
        mode: LiteLLMFront.Mode
    ) async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin()
            let file = litellm.tool.folder.appendingPathComponent("admin").path
            let front = try await LiteLLMFront(litellm.proxy, mode, file: file)
            defer { front.stop() }
            try litellm.configure(adminKey: "file:admin", url: front.url)
            let run = try await litellm.run("litellm", "rotate-admin-key")
            expectNoKey(in: run)
            #expect(run.text.isEmpty && run.status == (mode == .refuse ? 3 : 2), "\(run.text)\(run.errors)")
            if mode == .refuseAndWrite {
                #expect(run.errors.contains("was changed meanwhile"), "\(run.errors)")
                #expect(try litellm.text(of: "admin") == "sk-of-somebody-else-0123456789\n")
            } else {
                #expect(try litellm.text(of: "admin") == "\(old.key)\n")
            }
            #expect(try await litellm.proxy.keys(old.alias).map(\.token) == [old.hash])
        }
    }

    @Test(arguments: [("n", false), ("y", true)])
    func `At a terminal it asks before it replaces the admin key`(answer: String, isDone: Bool) async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin()
            let run = try await litellm.atTerminal("litellm", "rotate-admin-key", answering: answer)
            #expect(run.text.contains("Replace the admin key? [y/N]") && run.text.contains("locked out"), "\(run.text)")
            #expect(run.status == (isDone ? 0 : 2))
            #expect((try litellm.text(of: "admin") == "\(old.key)\n") == !isDone)
            expectNoKey(in: run)
            let unasked = try await litellm.atTerminal("litellm", "rotate-admin-key", "--yes", answering: "")
            #expect(unasked.status == 0 && !unasked.text.contains("[y/N]"), "\(unasked.text)")
        }
    }
}

extension LiteLLMTool {
    /// Has the fault that is set next spoil the real request, and not those by which two keys are tried.
    func passOver(_ path: String, of alias: String) async throws {
        try await proxy.fault("slow", at: path, of: alias, times: 2)
    }

    /// Begins to replace the admin key.
    ///
    /// - Returns: The process, and where its status comes when it ends.
    /// - Throws: What starting it throws.
    func startRotation() throws -> (Process, AsyncStream<Int32>) {
        let process = Process()
        process.executableURL = Tool.executable
        process.arguments = ["litellm", "rotate-admin-key", "--config", "keyhooks.json"]
        process.environment = ["HOME": tool.folder.path]
        process.currentDirectoryURL = tool.folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let (ends, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { continuation.yield($0.terminationStatus) }
        try process.run()
        return (process, ends)
    }
}
#endif
