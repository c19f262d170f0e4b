// The plugin `json-keys` of keyhooks: one JSON object a line, on standard input and output.
import Foundation

/// A failure, named as the protocol names it.
struct Fault: Error {
    var kind: String
    var message: String
    var hint: String?
}

/// The keys in a file that is for its owner alone.
struct KeyFile {
    let path: String

    init(_ path: String) {
        // Not what the system's list of users says: HOME is what the host passes on.
        let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
        self.path = path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    /// The key of a service; nil if the file has none.
    func key(of service: String) throws -> String? {
        // No link at the end of the path, and what is checked is what is read.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw Fault(kind: "unavailable", message: "the file cannot be opened: \(reason)", hint: "mend 'file'")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(kind: "invalid-input", message: "'file' names no regular file")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0, status.st_mode & 0o077 == 0 else {
            throw Fault(kind: "permission-denied", message: "the file is open to others", hint: "chmod 600 the file")
        }
        guard status.st_size <= 1 << 20, let data = try? handle.read(upToCount: 1 << 20),
            let keys = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { throw Fault(kind: "invalid-input", message: "the file is no JSON object of names and keys") }
        guard let value = keys[service] else { return nil }
        guard let key = value as? String else {
            throw Fault(kind: "invalid-input", message: "what the file has for the service is no string")
        }
        return key.isEmpty ? nil : key
    }
}

func send(_ message: [String: Any]) throws {
    let line = try JSONSerialization.data(withJSONObject: message)
    try FileHandle.standardOutput.write(contentsOf: line + [UInt8(ascii: "\n")])
}

func body(_ request: [String: Any], _ config: [String: Any]) -> [String: Any] {
    let arguments = request["arguments"] as? [String: Any]
    guard let service = arguments?["service"] as? String, let path = config["file"] as? String else {
        return ["error": ["kind": "not-mine"]]
    }
    do {
        guard let key = try KeyFile(path).key(of: service) else { return ["error": ["kind": "not-found"]] }
        let kept = config["ttl_ms"] as? Int ?? 60_000
        return [
            "ok": [
                "verdict": "finish", "result": ["key": key], "cache": ["ttl_ms": kept], "provenance": ["source": path],
            ]
        ]
    } catch let fault as Fault {
        var error = ["kind": fault.kind, "message": fault.message]
        error["hint"] = fault.hint
        return ["error": error]
    } catch {
        return ["error": ["kind": "internal", "message": "\(type(of: error))"]]
    }
}

func answer(_ request: [String: Any], _ config: [String: Any]) throws {
    try send(["type": "response", "id": request["id"] ?? ""].merging(body(request, config)) { $1 })
}

guard ProcessInfo.processInfo.environment["KEYHOOKS_PLUGIN"] != nil else {
    FileHandle.standardError.write(Data("A plugin of keyhooks; see README.md beside it.\n".utf8))
    exit(64)
}
let name = ["id": "json-keys", "version": "1.0.0"]
try send(["type": "hello", "v": [1], "plugin": name, "capabilities": ["batch"]])
var config: [String: Any] = [:]
while let line = readLine() {
    guard let message = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else { continue }
    switch message["type"] as? String {
    case "init": config = message["config"] as? [String: Any] ?? [:]
    case "request": try answer(message, config)
    case "batch": for request in message["requests"] as? [[String: Any]] ?? [] { try answer(request, config) }
    default: break
    }
}
