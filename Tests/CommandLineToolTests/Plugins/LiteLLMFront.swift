#if CLI
import Foundation
import OpenBaoTestSupport

/// A fake in front of the real proxy, for what the real one doesn't do: it passes everything on, and changes some answers.
final class LiteLLMFront {
    /// What it changes.
    enum Mode: String, Sendable {
        /// `/key/list` gives hashes alone, whatever is asked for.
        case hashes
        /// `/key/list` gives an object without keys.
        case nothing
        /// `/key/list` gives tokens that aren't hashes.
        case raw
        /// `/key/list` gives the first page each time, and says that there are 2^53.
        case samePage
        /// The first answer of `/key/list` lacks the key that was made last.
        case slip
        /// `/key/generate` takes a duration that can't be read for an hour.
        case anyDuration
        /// The third `/key/delete` is refused.
        case refuse
        /// The third `/key/delete` is refused, and somebody has written another key to the file by then.
        case refuseAndWrite
    }

    let url: String
    private let process = Process()
    private let input = Pipe()

    init(_ proxy: LiteLLMProxy, _ mode: Mode, file: String = "") async throws {
        let port = try freePort()
        url = "http://127.0.0.1:\(port)"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.script, "\(port)", proxy.url, mode.rawValue, file]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let front = try LoopbackHTTP(address: url)
        try await until("the front answers") {
            (try? await front.ask("GET", "/health/readiness", [:], nil).status) == 200
        }
    }

    /// Ends it, as it ends by itself with the test process.
    func stop() { try? input.fileHandleForWriting.close() }

    private static let script = #"""
        import http.server, json, os, re, sys, threading, urllib.error, urllib.request
        port, base, mode, file = int(sys.argv[1]), *sys.argv[2:5]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        count = {"list": 0, "delete": 0}

        class Front(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words): pass

            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
                path = self.path
                kind = path.split("?")[0].removeprefix("/key/")
                if kind in count: count[kind] += 1
                if kind == "list" and mode == "hashes": path = path.replace("&return_full_object=true", "")
                if kind == "list" and mode == "samePage": path = re.sub("page=[0-9]+", "page=1", path, count=1)
                if kind == "generate" and mode == "anyDuration": body = body.replace(b"unreadable", b"1h")
                if kind == "delete" and mode.startswith("refuse") and count[kind] == 3:
                    if mode == "refuseAndWrite": open(file, "w").write("sk-of-somebody-else-0123456789\n")
                    return self.reply(403, b'{"error": {"message": "no", "type": "auth_error", "code": "403"}}')
                names = ["Authorization", "Content-Type"]
                headers = {name: self.headers[name] for name in names if self.headers[name]}
                request = urllib.request.Request(base + path, body, headers, method=self.command)
                try:
                    with opener.open(request) as answer: status, data = answer.status, answer.read()
                except urllib.error.HTTPError as error: status, data = error.code, error.read()
                if kind == "list" and status == 200: data = json.dumps(self.listed(json.loads(data))).encode()
                self.reply(status, data)

            do_POST = do_GET

            def listed(self, answer):
                if mode == "nothing": return {}
                if mode == "samePage": answer["total_pages"] = 2 ** 53
                if mode == "slip" and count["list"] == 1: answer["keys"].pop()
                if mode == "raw":
                    for key in answer["keys"]: key["token"] = "\u001b[2Jsk-raw0123456789abcdef"
                return answer

            def reply(self, status, data):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        http.server.ThreadingHTTPServer(("127.0.0.1", port), Front).serve_forever()
        """#
}
#endif
