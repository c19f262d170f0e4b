// Keys from one JSON file, {"openai": "…"}, that nobody else may read. See README.md.

import Foundation

typealias Object = [String: Any]

func send(_ message: Object) {
    guard let data = try? JSONSerialization.data(withJSONObject: message) else { return }
    FileHandle.standardOutput.write(data + Data("\n".utf8))
}

func read() -> Object? {
    while let line = readLine() {
        if let message = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? Object { return message }
    }
    return nil
}

func fault(_ kind: String, _ message: String, hint: String? = nil) -> Object {
    // What failed once fails again at once; the host need not try as long as somebody waits.
    ["error": ["kind": kind, "message": message, "hint": hint ?? NSNull(), "retry_after_ms": 5_000] as Object]
}

/// The path with the home folder in the place of `~/`: that of `HOME`, as for every other program.
func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"], !home.isEmpty else {
        return path
    }
    return home + path.dropFirst()
}

/// Read anew for each request: the host keeps the answer as long as it was asked to.
func answer(_ service: String, _ path: String) -> Object {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
        return fault("unavailable", "the file of keys, \(path), is not there", hint: "make it: {\"\(service)\": \"…\"}")
    }
    let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
    guard mode & 0o077 == 0 else {
        return fault("permission-denied", "others may read or change the file of keys", hint: "chmod 600 the file")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
        return fault("permission-denied", "the file of keys cannot be read")
    }
    guard let keys = try? JSONSerialization.jsonObject(with: data) as? Object else {
        return fault("internal", "the file of keys is no JSON object")
    }
    guard let key = keys[service] else { return fault("not-found", "the file has no key for it") }
    guard let key = key as? String, !key.isEmpty else { return fault("internal", "its key is no text") }
    return [
        "ok": [
            "verdict": "finish", "result": ["key": key], "cache": ["ttl_ms": 60_000],
            "provenance": ["source": "the file of keys"],
        ] as Object
    ]
}

guard ProcessInfo.processInfo.environment["KEYHOOKS_PLUGIN"] == "1" else {
    FileHandle.standardError.write(Data("This is a plugin of KeyHooks; see README.md beside it.\n".utf8))
    exit(64)
}
send([
    "type": "hello", "v": [1], "plugin": ["id": "keyfile", "version": "1.0.0"], "capabilities": [String](),
])
let configuration = read()?["config"] as? Object ?? [:]
while let message = read() {
    guard message["type"] as? String == "request", let id = message["id"] as? String,
        let service = (message["arguments"] as? Object)?["service"] as? String
    else { continue }
    let reply = answer(service, expanded(configuration["file"] as? String ?? ""))
    send(["type": "response", "id": id].merging(reply) { $1 })
}
