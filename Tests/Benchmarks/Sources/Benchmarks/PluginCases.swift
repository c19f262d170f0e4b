import ExtensionHooks
import Foundation
import KeyHooks
import PluginHost

/// A dropped-in plugin: a live round trip, a hundred at once, and what it costs those it is not for.
///
/// The plugin is in Python, as most will be.
struct PluginCases {
    private let folder: URL
    private let host: DropInPlugins
    private let environment: [String: String]

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-\(UUID().uuidString)")
        environment = ["XDG_CONFIG_HOME": folder.path, "PATH": "/usr/local/bin:/usr/bin:/bin"]
        host = DropInPlugins(environment: environment)
        let place = folder.appendingPathComponent("keyhooks/plugins/bench")
        try FileManager.default.createDirectory(
            at: place,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        try write(Self.manifest, to: place.appendingPathComponent("plugin.json"), 0o644)
        try write(Self.plugin, to: place.appendingPathComponent("run"), 0o755)
    }

    private func write(_ text: String, to file: URL, _ mode: Int) throws {
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    private static let manifest = """
        {id: 'bench', version: '1', api: 1, entry: './run',
         hooks: [{point: 'getAPIKey', phase: 'start', services: ['live*']}]}
        """

    private static let plugin = """
        #!/usr/bin/env -S python3 -S -E
        import json, sys
        def send(message):
            sys.stdout.write(json.dumps(message) + "\\n"); sys.stdout.flush()
        send({"type": "hello", "v": [1], "plugin": {"id": "bench", "version": "1"}, "capabilities": ["batch"]})
        sys.stdin.readline()
        for line in sys.stdin:
            message = json.loads(line)
            requests = message["requests"] if message["type"] == "batch" else [message]
            for request in requests:
                if request["type"] == "request":
                    ok = {"verdict": "finish", "result": {"key": "sk-" + request["arguments"]["service"]}}
                    send({"type": "response", "id": request["id"], "ok": ok})
        """

    /// What a plugin that is for other services adds to a call.
    func filtered() throws -> [Case] {
        func resolver(_ plugins: [any PluginSource]) throws -> KeyResolver {
            let registry = HookRegistry()
            let key = APIKey("sk-benchmark")
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: "answer", priority: 1000) { $0.answer(key) }
            }
            return try KeyResolver(plugins: plugins, registry: registry, environment: environment)
        }
        let (without, with) = (try resolver([]), try resolver([host]))
        return [
            Case("resolver without a plugin for others") {
                for _ in 0..<$0 { _ = try await without.getAPIKey(service: "openai") }
            },
            Case("resolver with a plugin for others") {
                for _ in 0..<$0 { _ = try await with.getAPIKey(service: "openai") }
            },
        ]
    }

    /// The median of a live round trip and of a hundred at once, in nanoseconds, and how many processes it took.
    @concurrent
    func live(rounds: Int) async throws -> (one: Double, hundred: Double, processes: Int) {
        let resolver = try KeyResolver(plugins: [host], environment: environment)
        let one = try await median(rounds) {
            guard try await resolver.getAPIKey(service: "live")?.value == "sk-live" else { throw NoKey() }
        }
        let hundred = try await median(rounds / 20 + 1) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...100 {
                    group.addTask { _ = try await resolver.getAPIKey(service: Service("live_\(number)")) }
                }
                try await group.waitForAll()
            }
        }
        let processes = host.spawnCount
        await host.shutdown()
        return (one, hundred, processes)
    }

    /// Takes the plugin's folder away.
    func remove() { try? FileManager.default.removeItem(at: folder) }

    private func median(_ count: Int, _ body: () async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        var times: [Double] = []
        for _ in 0..<count {
            let start = clock.now
            try await body()
            times.append((clock.now - start) / .nanoseconds(1))
        }
        return times.sorted()[times.count / 2]
    }
}
