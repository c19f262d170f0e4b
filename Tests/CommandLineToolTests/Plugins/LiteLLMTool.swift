#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// The tool in a folder whose configuration names a real LiteLLM proxy.
struct LiteLLMTool {
    let tool: Tool
    let proxy: LiteLLMProxy

    /// A role that no other test has.
    let role: String

    /// What the aliases of the role's keys begin with.
    var alias: String { "keyhooks/\(role)" }

    static let settings = "models: ['gpt-stand-in'], maxBudget: 5"

    /// Settings are those of the role.
    func configure(
        _ settings: String = Self.settings,
        adminKey: String = "env:TEST_ADMIN",
        url: String? = nil,
        section: String = ""
    ) throws {
        let text = """
            {plugins: {litellm: {
                url: '\(url ?? proxy.url)', adminKey: '\(adminKey)', \(section)
                roles: {'\(role)': {\(settings)}},
            }}}
            """
        try tool.write("keyhooks.json", text)
    }

    /// Runs the tool with the master key in the variable that the configuration names.
    func run(_ arguments: String..., adminKey: String? = nil) async throws -> Tool.Run {
        try await run(arguments, adminKey: adminKey)
    }

    func run(_ arguments: [String], adminKey: String? = nil) async throws -> Tool.Run {
        try await tool.run(arguments, environment: ["TEST_ADMIN": adminKey ?? proxy.masterKey])
    }

    /// Runs the tool at a terminal, where somebody gives an answer; standard error is in the output.
    func atTerminal(_ arguments: String..., answering answer: String) async throws -> Tool.Run {
        let script = """
            import os, pty, sys
            pid, terminal = pty.fork()
            if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
            os.write(terminal, (sys.argv[1] + "\\n").encode())
            try:
                while data := os.read(terminal, 4096): os.write(1, data)
            except OSError: pass
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """
        return try await tool.run(
            arguments,
            environment: ["TEST_ADMIN": proxy.masterKey],
            launcher: ["/usr/bin/env", "python3", "-c", script, answer]
        )
    }

    /// A key that somebody else made.
    func make(_ alias: String, _ members: [String: Any] = [:]) async throws -> (key: String, hash: String) {
        let body = members.merging(["key_alias": alias, "duration": "1h"]) { $1 }
        let reply = try await proxy.ask("key/generate", key: proxy.masterKey, body: body)
        return (try reply.required("key"), try reply.required("token"))
    }

    /// The key of a user who may do everything, in the file `admin`.
    func makeAdmin(_ members: [String: Any] = [:]) async throws -> (key: String, hash: String, alias: String) {
        let (user, alias) = (unique("user"), unique("admin"))
        let body: [String: Any] = ["user_id": user, "user_role": "proxy_admin", "auto_create_key": false]
        #expect(try await proxy.ask("user/new", key: proxy.masterKey, body: body).status == 200)
        let made = try await make(alias, members.merging(["user_id": user]) { $1 })
        try tool.write("admin", made.key + "\n")
        try configure(adminKey: "file:admin")
        return (made.key, made.hash, alias)
    }

    func text(of file: String) throws -> String {
        try String(contentsOf: tool.folder.appendingPathComponent(file), encoding: .utf8)
    }

    func permissions(of file: String) throws -> Int? {
        let path = tool.folder.appendingPathComponent(file).path
        return try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

/// Gives a tool that is configured for the proxy of all tests, or for another one.
func withLiteLLMTool(_ own: LiteLLMProxy? = nil, _ body: (LiteLLMTool) async throws -> Void) async throws {
    let proxy: LiteLLMProxy
    if let own { proxy = own } else { proxy = try await LiteLLMProxy.shared }
    try await withTool { tool in
        let tool = LiteLLMTool(tool: tool, proxy: proxy, role: unique("role"))
        try tool.configure()
        try await body(tool)
    }
}

/// Expects that no key is in what a run said.
func expectNoKey(in run: Tool.Run, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!run.errors.contains("sk-"), "standard error has a key", sourceLocation: sourceLocation)
    #expect(!run.text.contains("sk-"), "standard output has a key", sourceLocation: sourceLocation)
}
#endif
