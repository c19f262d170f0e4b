import Foundation

/// A request that the server received, as its audit log has it.
package struct BaoRequest: Sendable, Equatable {
    /// `read`, `create`, `update`, `delete`, `list` and so on.
    package let operation: String
    /// The path as sent, without `/v1/` and without the namespace.
    package let path: String
    /// Such as `team/`, or empty for the root.
    package let namespace: String
    /// Why the server refused it before it reached an engine.
    package let error: String?
}

extension BaoServer {
    /// Every request so far, in order, but those to a sealed server or to a namespace that is not there.
    package func requests(pathContaining part: String = "") throws -> [BaoRequest] {
        let log = try Data(contentsOf: folder.appendingPathComponent("audit.log"))
        let decoder = JSONDecoder()
        // The server may be in the midst of a line for somebody else's request.
        let whole = log.prefix(upTo: log.lastIndex(of: UInt8(ascii: "\n")) ?? log.startIndex)
        return try whole.split(separator: UInt8(ascii: "\n"))
            .compactMap { line in
                let entry = try decoder.decode(Entry.self, from: line)
                guard entry.type == "request", part.isEmpty || entry.request.path.contains(part) else { return nil }
                return BaoRequest(
                    operation: entry.request.operation,
                    path: entry.request.path,
                    namespace: entry.request.namespace?.path ?? "",
                    error: entry.error
                )
            }
    }

    /// How many requests the server has received for paths that contain the part.
    package func requestCount(pathContaining part: String) throws -> Int {
        try requests(pathContaining: part).count
    }

    /// How many logins the server has received at the auth method.
    package func loginCount(mount: String) throws -> Int {
        // Not every path that contains it: revoking what a login gave names it too.
        try requests().count { $0.path == "auth/\(mount)/login" }
    }
}

private struct Entry: Decodable {
    struct Request: Decodable {
        let operation: String
        let path: String
        let namespace: Namespace?
    }
    struct Namespace: Decodable {
        let path: String?
    }
    let type: String
    let request: Request
    let error: String?
}
