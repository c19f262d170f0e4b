#if CLI
import Foundation

/// Runs the tool in a folder whose configuration has secret managers.
struct SecretTool {
    let tool: Tool

    static let value = "correct-horse-battery"

    func run(_ arguments: String..., input: String? = nil, environment: [String: String] = [:]) async throws -> Tool.Run
    {
        try await tool.run(
            arguments,
            environment: environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin"]) { own, _ in own },
            input: input
        )
    }

    /// Runs the tool at a terminal, where somebody types as soon as there is a question.
    func type(_ text: String, _ arguments: String...) async throws -> Tool.Run {
        let terminal = """
            import os, pty, sys
            child, screen = pty.fork()
            if child == 0: os.execvp(sys.argv[2], sys.argv[2:])
            shown = b""
            asked = False
            while True:
                try: data = os.read(screen, 4096)
                except OSError: break
                if not data: break
                shown += data
                if not asked and shown.endswith((b": ", b"] ")):
                    asked = True
                    os.write(screen, sys.argv[1].encode())
            sys.stdout.buffer.write(shown)
            sys.stdout.flush()
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
        return try await tool.run(
            arguments,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
            launcher: ["/usr/bin/env", "python3", "-c", terminal, text]
        )
    }

    /// What is in the file of the manager `team`.
    func file() throws -> [String: Any] {
        let file = tool.folder.appendingPathComponent("team.json")
        guard let data = try? Data(contentsOf: file) else { return [:] }
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
}

/// Gives a tool with managers: `team` on a file, `other` on another, `ro` on the first without writing, `gone` on a
/// folder that isn't there, and `plug`, a plugin that denies `denied`, fails for `away` and has nothing else.
func withSecretTool<Result>(_ body: (SecretTool) async throws -> Result) async throws -> Result {
    try await withTool { tool in
        try tool.write(
            "keyhooks.json",
            """
            { managers: { team: { kind: 'file', path: 'team.json', access: 'read-write' },
                          other: { kind: 'file', path: 'other.json', access: 'read-write' },
                          wo: { kind: 'file', path: 'team.json', access: 'write-only' },
                          ro: { kind: 'file', path: 'team.json' }, gone: { kind: 'folder', path: 'gone' },
                          plug: { kind: 'refuser', access: 'read-write' } },
              providers: { openai: { source: 'team', secret: 'providers', field: 'OPENAI_API_KEY' },
                           groq: { source: 'team', secret: 'groq' } },
              profiles: { broken: { providers: { xai: { source: 'gone', secret: 'x' },
                                                 mistral: { source: 'plug', secret: 'denied' },
                                                 cohere: { source: 'plug', secret: 'away' } } } } }
            """
        )
        let folder = "../home/.config/keyhooks/plugins/refuser"
        try tool.write(
            "\(folder)/plugin.json",
            """
            { id: 'refuser', version: '1', api: 1, mode: 'oneshot', entry: 'run', timeouts: { request_ms: 60000 },
              secrets: { operations: ['write', 'list'] } }
            """
        )
        let run = try tool.write(
            "\(folder)/run",
            """
            #!/usr/bin/env python3
            import json, sys
            r = json.loads(sys.stdin.readline())
            kind = {"denied": "permission-denied", "away": "unavailable"}.get(r["arguments"].get("name"), "not-found")
            body = {"error": {"kind": kind, "retry_after_ms": 100000}}
            if r["point"] == "secret.list":
                names = [name for name in ["denied", "away"] if name.startswith(r["arguments"]["prefix"])]
                body = {"ok": {"verdict": "finish", "result": {"names": names}}}
            print(json.dumps({"type": "response", "id": r["id"], **body}))
            """
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: run)
        return try await body(SecretTool(tool: tool))
    }
}
#endif
