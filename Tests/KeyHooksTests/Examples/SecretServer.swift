import Foundation
import Synchronization

/// A small server of HTTP on loopback that has secrets by their names, counts the requests and does as it is asked.
final class SecretServer: Sendable {
    private struct State {
        var secrets: [String: String]
        var status: Int?
        var isHanging = false
        var isOver = false
        var requests: [String] = []
        var hanging: [CInt] = []
    }

    let port: UInt16
    private let descriptor: CInt
    private let state: Mutex<State>

    var url: String { "http://127.0.0.1:\(port)" }

    /// The names that were asked for, in order.
    var requests: [String] { state.withLock { $0.requests } }

    /// Begins to answer on a free port.
    init(_ secrets: [String: String]) throws {
        state = Mutex(State(secrets: secrets))
        #if os(Linux)
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isOpen else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = UInt16(bigEndian: address.sin_port)
        let thread = Thread { [self] in serve() }
        thread.start()
    }

    func set(_ name: String, to secret: String?) { state.withLock { $0.secrets[name] = secret } }

    /// Answers everything with a status; nil goes back to the secrets.
    func answer(_ status: Int?) { state.withLock { $0.status = status } }

    /// Takes requests from now on and answers none.
    func hang() { state.withLock { $0.isHanging = true } }

    /// Takes no connection any more.
    func stop() {
        let (isFirst, hanging) = state.withLock { state in
            defer { (state.isOver, state.hanging) = (true, []) }
            return (!state.isOver, state.hanging)
        }
        for connection in hanging { close(connection) }
        // Wakes the thread that waits for connections; it closes the socket, whose number may then be another's.
        if isFirst { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func serve() {
        while true {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { break }
            guard let head = head(of: connection) else {
                close(connection)
                continue
            }
            if let answer = answer(to: head, connection) {
                #if os(Linux)
                let flags = Int32(MSG_NOSIGNAL)
                #else
                let flags = Int32(0)
                #endif
                _ = answer.withUTF8Buffer { send(connection, $0.baseAddress, $0.count, flags) }
                close(connection)
            }
        }
        close(descriptor)
    }

    private func head(of connection: CInt) -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The answer; nil if there is to be none.
    private func answer(to head: String, _ connection: CInt) -> String? {
        let name = head.split(separator: " ").dropFirst().first.map { String($0.trimmingPrefix("/secret/")) } ?? ""
        return state.withLock { state in
            state.requests.append(name)
            if state.isHanging {
                state.hanging.append(connection)
                return nil
            }
            let isAllowed = head.lowercased().contains("authorization: bearer let-me-in\r\n")
            let secret = state.secrets[name]
            let status = state.status ?? (isAllowed ? (secret == nil ? 404 : 200) : 403)
            let body = status == 200 ? secret ?? "" : ""
            return "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        }
    }
}

extension String {
    fileprivate func withUTF8Buffer<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = self
        return text.withUTF8(body)
    }
}
