import Foundation
import Testing

@testable import KeyHooksTesting
@testable import PluginHost

/// A plugin in a folder of its own, for the conformance runner.
struct ConformancePlugin: Sendable {
    var mode = "session"
    var manifest: String?
    var interpreter = "/usr/bin/env python3"
    var body: String
    /// What is set besides PATH where it is checked.
    var environment: [String: String] = [:]
    /// The name of a secret that it may write.
    var writable: String?
    /// How often it may try to keep the deadline; a busy machine needs more than one.
    var attempts = 3

    static func python(_ body: String) -> ConformancePlugin { ConformancePlugin(body: Script.preamble + body) }

    static func shell(_ body: String) -> ConformancePlugin {
        ConformancePlugin(mode: "oneshot", interpreter: "/bin/sh", body: body)
    }

    /// Checks the plugin with short waits.
    func check() async throws -> ConformanceReport {
        try await withPlugins { plugins in
            let place = "\(plugins.root)/plugin"
            let manifest =
                manifest
                    ?? """
                    {id: 'test', version: '1', api: 1, entry: 'run', mode: '\(mode)', timeouts: {request_ms: 4000},
                     hooks: [{point: 'getAPIKey', phase: 'start'}]}
                    """
            try plugins.write("\(place)/plugin.json", manifest)
            try install("#!\(interpreter)\n\(body)\n", at: "\(place)/run")
            var conformance = PluginConformance(
                environment: environment.merging(["PATH": "/usr/local/bin:/usr/bin:/bin"]) { own, _ in own }
            )
            conformance.timing.owed = .seconds(2)
            conformance.timing.attempts = attempts
            return try await conformance.check(place, writable: writable)
        }
    }
}

/// Writes an executable by way of another process: a child that this one starts meanwhile would inherit the open file,
/// and what is open for writing cannot be executed.
func install(_ text: String, at path: String) throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", #"printf '%s' "$1" > "$2" && chmod 755 "$2""#, "sh", text, path]
    try shell.run()
    shell.waitUntilExit()
    try #require(shell.terminationStatus == 0)
}

extension ConformanceReport {
    /// The rules that are broken.
    var broken: [Rule] { entries.filter { $0.outcome == .failed }.map(\.rule) }

    func outcome(_ rule: Rule) -> Outcome? { entries.first { $0.rule == rule }?.outcome }

    /// All of it on one line, for a test that fails.
    var summary: String {
        entries
            .flatMap { entry in
                ["\(entry.rule.rawValue) \(entry.outcome.rawValue): \(entry.reason)"]
                    + entry.standardError.map { "stderr: \($0)" }
            }
            .joined(separator: " | ")
    }
}

extension ConformancePlugin {
    /// A secret manager in memory that breaks the rule of one operation.
    static func manager(breaking rule: String) -> ConformancePlugin {
        var plugin = python(
            """
            hello()
            secrets, last, rule = {}, {}, "\(rule)"
            for r in requests():
                a, op = r["arguments"], r["point"].removeprefix("secret.")
                name = a.get("name"); versions = secrets.get(name)
                def ok(**result): send({"type": "response", "id": r["id"], "ok": {"verdict": "finish", "result": result}})
                if op == "read" and (versions is None or a.get("version", str(last[name])) not in versions):
                    if rule == "read": fault(r["id"], "unavailable", retry_after_ms=100000)
                    else: fault(r["id"], "not-found")
                elif op == "read":
                    version = a.get("version", str(last[name])); ok(**versions[version], version=version)
                elif op == "write":
                    wanted = a.get("if", {}); now = str(last[name]) if name in secrets else None
                    if rule != "check-and-set" and (wanted.get("absent") and now or wanted.get("version", now) != now):
                        fault(r["id"], "conflict"); continue
                    last[name] = last.get(name, 0) + 1
                    secret = a["secret"]
                    if rule == "write" and "text" in secret: secret = {"text": secret["text"].strip()}
                    secrets.setdefault(name, {})[str(last[name])] = secret; ok(version=str(last[name]))
                elif op == "delete":
                    if rule != "delete": secrets.pop(name, None)
                    ok()
                elif op == "retire":
                    if rule != "rotate": versions.pop(a["version"], None)
                    ok()
                elif op == "list": ok(names=[] if rule == "list" else [n for n in secrets if n.startswith(a["prefix"])])
                elif op == "health": ok(state="unreachable" if rule == "health" else "healthy")
            """
        )
        plugin.manifest = """
            {id: 'test', version: '1', api: 1, entry: 'run', timeouts: {request_ms: 4000},
             secrets: {operations: ['write', 'check-and-set', 'list', 'rotate', 'health', 'delete']}}
            """
        plugin.writable = "conformance"
        return plugin
    }
}
