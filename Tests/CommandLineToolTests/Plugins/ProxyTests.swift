#if CLI && os(Linux)
import Foundation
import OpenBaoTestSupport
import Testing

/// Variables for proxies and a server on this very machine: the proxy does not get the token.
@Suite(.timeLimit(.minutes(5))) struct ProxyTests {
    private static let variables = ["http_proxy", "all_proxy", "ALL_PROXY"]

    @Test(arguments: variables, ["127.0.0.1", "localhost"])
    func `Loopback is asked directly`(variable: String, host: String) async throws {
        try await withBaoTool { tool in
            let proxy = try RecordingProxy()
            let address = tool.server.address.replacing("127.0.0.1", with: host)
            try tool.configure(address: address)
            for more in [[:], ["no_proxy": "example.test"], ["NO_PROXY": "example.test"]] {
                let environment = [variable: "http://127.0.0.1:\(proxy.port)"].merging(more) { $1 }
                let run = try await tool.run(["get", "openai"], environment: environment)
                #expect(run.status == 0 && run.text == "\(BaoTool.key)\n", "\(run.errors)")
                expectNoSecret(in: run, [tool.server.rootToken])
            }
            #expect(proxy.requests.isEmpty)
        }
    }

    @Test(arguments: [
        "127.0.0.2", "[::1]", "localhost.", "any.localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433",
    ])
    func `Every name of loopback is asked directly`(host: String) async throws {
        try await withBaoTool { tool in
            let proxy = try RecordingProxy()
            try tool.configure(address: "http://\(host):\(try freePort())")
            let environment = ["http_proxy": "127.0.0.1:\(proxy.port)", "OPENAI_API_KEY": "sk-environment"]
            let run = try await tool.run(["get", "openai"], environment: environment)
            #expect(run.status == 2 && run.text.isEmpty, "\(run.errors)")
            #expect(!run.errors.contains("proxy"))
            #expect(proxy.requests.isEmpty)
            expectNoSecret(in: run, [tool.server.rootToken])
        }
    }

    @Test(arguments: variables)
    func `An error that came through a proxy names it, without its user`(variable: String) async throws {
        try await withBaoTool { tool in
            let proxy = try RecordingProxy()
            try tool.configure("path: 'ai/providers', timeout: '2s'", address: "http://vault.test:8200")
            let dead = try freePort()
            for port in [proxy.port, dead] {
                let environment = [variable: "http://user:hidden@127.0.0.1:\(port)/"]
                let run = try await tool.run(["get", "openai"], environment: environment)
                #expect(run.status == 2 && run.text.isEmpty)
                #expect(run.errors.contains("through the proxy 127.0.0.1:\(port) (\(variable))"), "\(run.errors)")
                #expect(!run.errors.contains("hidden"))
                expectNoSecret(in: run, [tool.server.rootToken])
            }
            #expect(proxy.requests.contains { $0.hasPrefix("GET http://vault.test:8200/v1/") })
        }
    }

    @Test(arguments: ["file", "BAO_ADDR", "VAULT_ADDR", "BAO_AGENT_ADDR", "default"])
    func `explain names the servers that would get the token, and where that was said`(place: String) async throws {
        try await withTool { tool in
            let address = place == "default" ? "https://127.0.0.1:8200" : "http://vault.test:8200"
            let setting = place == "file" ? "address: '\(address)'," : ""
            try tool.write("keyhooks.json", "{plugins: {openbao: {\n  \(setting)\n  path: 'ai/providers'}}}")
            let environment = place == "file" || place == "default" ? [:] : [place: address]
            let run = try await tool.run(["explain", "openai"], environment: environment)
            let said =
                switch place {
                case "file": "keyhooks.json:2"
                case "default": "the default"
                default: place
                }
            #expect(run.text.contains("asks \(address) (\(said))\n"), "\(run.text)\(run.errors)")
        }
    }
}

/// A proxy that notes what it is asked, and answers that it cannot.
private final class RecordingProxy: Sendable {
    let port: Int
    private let input = Pipe()
    private let log: URL
    private let process: Process

    init() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        log = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-proxy-\(UUID().uuidString)")
        try Data().write(to: log)
        let script = """
            import os, socket, sys, threading
            # Ends with whoever started it.
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
            listener = socket.create_server(('127.0.0.1', 0))
            print(listener.getsockname()[1], flush=True)
            while True:
                client, _ = listener.accept()
                line = client.makefile('rb').readline().decode('latin-1').strip()
                open(sys.argv[1], 'a').write(line + '\\n')
                client.sendall(b'HTTP/1.1 502 Bad Gateway\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n')
                client.close()
            """
        process.arguments = ["python3", "-c", script, log.path]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BaoFailure("the proxy does not say its port")
        }
        self.port = port
    }

    deinit {
        try? input.fileHandleForWriting.close()
        try? FileManager.default.removeItem(at: log)
    }

    /// The first lines of what it was asked.
    var requests: [String] {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }
}
#endif
