#if os(Linux)
import Foundation
import OpenBaoTestSupport
import Synchronization

/// A server on loopback that does with each connection what a closure says, byte by byte.
final class RawServer: Sendable {
    let port: Int
    private let listener: Int32
    private let count = Atomic(0)

    /// How many connections there have been.
    var connections: Int { count.load(ordering: .relaxed) }

    /// - Parameters:
    ///   - isIPv6: Whether it listens on `::1` in place of 127.0.0.1.
    ///   - serve: What to do with a connection, once for each; it is closed after that.
    /// - Throws: A ``BaoFailure`` if the system has no port left.
    init(isIPv6: Bool = false, _ serve: @escaping @Sendable (RawConnection) -> Void) throws {
        (listener, port) = try Self.listening(isIPv6)
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    // Only this thread may close it: its number would be another listener's at once.
                    close(listener)
                    return
                }
                self?.count.add(1, ordering: .relaxed)
                Thread.detachNewThread {
                    serve(RawConnection(descriptor: descriptor))
                    close(descriptor)
                }
            }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func listening(_ isIPv6: Bool) throws -> (descriptor: Int32, port: Int) {
        let listener = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // The port of either family is in the same place.
        var address = sockaddr_in6()
        if isIPv6 {
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_addr = in6addr_loopback
        } else {
            withUnsafeMutableBytes(of: &address) {
                var four = sockaddr_in()
                four.sin_family = sa_family_t(AF_INET)
                four.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                $0.storeBytes(of: four, as: sockaddr_in.self)
            }
        }
        var length = socklen_t(isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 1024) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw BaoFailure("cannot listen: errno \(errno)") }
        return (listener, Int(UInt16(bigEndian: address.sin6_port)))
    }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }
}

struct RawConnection: Sendable {
    let descriptor: Int32

    /// Reads until the end of a request's head; what was read, or nil at the end.
    func request() -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// False once the client has gone.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> Bool {
        var rest = Array(bytes)
        while !rest.isEmpty {
            let count = sendto(descriptor, rest, rest.count, Int32(MSG_NOSIGNAL), nil, 0)
            guard count > 0 else { return false }
            rest.removeFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(text.utf8) }

    /// Has the end of the connection be a reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    /// Waits until the client ends the connection.
    func waitForEnd() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }
}
#endif
