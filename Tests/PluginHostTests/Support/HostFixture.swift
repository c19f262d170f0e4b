import ExtensionHooks
import Foundation
import KeyHooks

@testable import PluginHost

extension PluginFixture {
    /// A Python plugin in the user's folder; `answer` is a function body that gives what follows the id in a response.
    @discardableResult
    func python(
        id: String = "acme",
        in folder: String? = nil,
        hooks: String = "[{point: 'getAPIKey', phase: 'start'}]",
        more: String = "",
        _ answer: String
    ) throws -> String {
        let manifest = """
            {id: '\(id)', version: '1', api: 1, entry: './run', hooks: \(hooks),
             timeouts: {hello_ms: 30000, request_ms: 30000} \(more.isEmpty ? "" : ", " + more)}
            """
        let place = try plugin(id, in: folder ?? user, manifest: manifest)
        let body = answer.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        try write(
            "\(place)/run",
            """
            #!/usr/bin/env -S python3 -S -E
            import json, os, sys
            def send(message):
                print(json.dumps(message), flush=True)
            def key(value, **more):
                return {"ok": {"verdict": "finish", "result": {"key": value}, **more}}
            def fault(kind, **more):
                return {"error": {"kind": kind, **more}}
            def answer(request, arguments, config):
            \(body)
            with open("\(root)/\(id).log", "a") as log: log.write("spawned\\n")
            send({"type": "hello", "v": [1], "plugin": {"id": "\(id)", "version": "1"}, "capabilities": ["invalidate"]})
            config = json.loads(sys.stdin.readline()).get("config")
            for line in sys.stdin:
                message = json.loads(line)
                with open("\(root)/\(id).log", "a") as log: log.write(message["type"] + "\\n")
                if message["type"] == "request":
                    send({"type": "response", "id": message["id"], **answer(message, message["arguments"], config)})
            """,
            mode: 0o755
        )
        return place
    }

    /// What the plugin noted: each start and each message.
    func log(_ id: String = "acme") -> [String] {
        ((try? String(contentsOfFile: "\(root)/\(id).log", encoding: .utf8)) ?? "").split(separator: "\n")
            .map(String.init)
    }

    /// A resolver with the host and a `keyhooks.json`.
    func resolver(
        _ configuration: String = "{}",
        host: DropInPlugins? = nil,
        _ more: [String: String] = [:]
    ) throws -> KeyResolver {
        let environment = self.environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin"]) { $1 }.merging(more) { $1 }
        try write("\(root)/project/keyhooks.json", configuration)
        return try KeyResolver(
            configuration: .read(from: "\(root)/project/keyhooks.json"),
            plugins: [host ?? DropInPlugins(environment: environment)],
            environment: environment
        )
    }
}

extension KeyResolver {
    func value(_ service: Service, _ scope: KeyScope = KeyScope()) async throws -> String? {
        try await getAPIKey(service: service, scope: scope)?.value
    }

    /// The failure that asking for a key ends in; nil if it ends in none.
    func failure(_ service: Service) async -> KeyResolutionError? {
        do {
            _ = try await resolve(service: service)
            return nil
        } catch {
            return error as? KeyResolutionError
        }
    }
}
