package import Foundation

/// One request to a server on loopback over a plain socket, with nothing that is tested and nothing that is kept.
package struct LoopbackHTTP: Sendable {
    let port: UInt16

    /// - Parameter address: `http://127.0.0.1:PORT`.
    /// - Throws: A ``BaoFailure`` for another one.
    package init(address: String) throws {
        guard let url = URLComponents(string: address), url.scheme == "http", let port = url.port.flatMap(UInt16.init)
        else { throw BaoFailure("not a server of plain HTTP with a port: \(address)") }
        self.port = port
    }

    /// Sends a request and gives the answer whatever its status.
    package func ask(_ method: String, _ path: String, _ headers: [String: String], _ body: Data?) async throws
        -> BaoReply
    {
        // By HTTP/1.0, whose answers have no chunks and end with the connection.
        var lines = ["\(method) \(path) HTTP/1.0", "Host: 127.0.0.1:\(port)"]
        for (name, value) in headers { lines.append("\(name): \(value)") }
        if let body { lines.append("Content-Length: \(body.count)") }
        guard lines.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 } }) else {
            throw BaoFailure("not one line: \(lines)")
        }
        let message = Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? Data())
        let answer = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try exchange(message) }) }
        }
        return try Self.reply(answer)
    }

    private func exchange(_ message: Data) throws -> Data {
        #if os(Linux)
        let (kind, flags) = (Int32(SOCK_STREAM.rawValue), Int32(MSG_NOSIGNAL))
        #else
        let (kind, flags) = (SOCK_STREAM, Int32(0))
        #endif
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw BaoFailure("no socket: errno \(errno)") }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw BaoFailure("cannot connect to port \(port): errno \(errno)") }
        var rest = message
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, flags, nil, 0) }
            guard count > 0 else { throw BaoFailure("cannot send: errno \(errno)") }
            rest.removeFirst(count)
        }
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw BaoFailure("no whole answer: errno \(errno)") }
            if count == 0 { return answer }
            answer.append(contentsOf: buffer[..<count])
        }
    }

    private static func reply(_ answer: Data) throws -> BaoReply {
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { throw BaoFailure("not an answer of HTTP") }
        let lines = String(decoding: answer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/1"), let status = Int(words[1]) else {
            throw BaoFailure("not an answer of HTTP")
        }
        let fields = lines.dropFirst()
            .compactMap { line -> (String, String)? in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                return (line[..<colon].lowercased(), value)
            }
        return BaoReply(
            status: status,
            headers: Dictionary(fields) { $1 },
            body: Data(answer[end.upperBound...])
        )
    }
}
