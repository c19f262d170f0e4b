@testable import PluginHost

/// A plugin written for one test.
enum Script {
    /// What every Python plugin of the tests begins with.
    static let preamble = """
        import json, os, signal, subprocess, sys, time
        def send(message):
            sys.stdout.write(json.dumps(message) + "\\n"); sys.stdout.flush()
        def read():
            line = sys.stdin.readline()
            if not line: sys.exit(0)
            return json.loads(line)
        def hello(capabilities=(), versions=(1,)):
            send({"type": "hello", "v": list(versions), "plugin": {"id": "test", "version": "1"}, "capabilities": list(capabilities)})
            return read()
        def requests():
            while True:
                message = read()
                if message["type"] == "batch": yield from message["requests"]
                else: yield message
        def key(id, value):
            send({"type": "response", "id": id, "ok": {"verdict": "finish", "result": {"key": value}}})
        def fault(id, kind, **more):
            send({"type": "response", "id": id, "error": {"kind": kind, **more}})

        """

    /// A Python plugin; `python3` is given the file, so that nothing that was just written is executed.
    static func python(_ body: String, in folder: TemporaryFolder) throws -> PluginLaunch {
        let file = try folder.write("plugin.py", preamble + body)
        return launch("/usr/bin/env", ["python3", "-S", "-E", file], folder)
    }

    static func shell(_ body: String, in folder: TemporaryFolder) throws -> PluginLaunch {
        launch("/bin/sh", [try folder.write("plugin.sh", body)], folder)
    }

    static func launch(_ executable: String, _ arguments: [String], _ folder: TemporaryFolder) -> PluginLaunch {
        PluginLaunch(
            id: "test",
            executable: executable,
            arguments: arguments,
            folder: folder.path,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "KEYHOOKS_PLUGIN": "1"],
            // Long, since other tests may have the machine; a test of a timeout sets its own.
            helloTimeout: .seconds(30),
            requestTimeout: .seconds(30)
        )
    }
}
