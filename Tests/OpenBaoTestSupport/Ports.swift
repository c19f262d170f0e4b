import Foundation

/// A port that nobody listened on a moment ago.
package func freePort() throws -> Int {
    let (descriptor, port) = try boundSocket()
    close(descriptor)
    return port
}

/// A port that takes connections and never answers.
package final class SilentPort: Sendable {
    package let port: Int
    private let descriptor: Int32

    package init() throws {
        (descriptor, port) = try boundSocket()
        guard listen(descriptor, 16) == 0 else { throw BaoFailure("cannot listen: errno \(errno)") }
    }

    deinit { close(descriptor) }
}

/// A socket on a port of loopback that the system picked.
private func boundSocket() throws -> (descriptor: Int32, port: Int) {
    #if os(Linux)
    let kind = Int32(SOCK_STREAM.rawValue)
    #else
    let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else {
        let code = errno
        close(descriptor)
        throw BaoFailure("no free port: errno \(code)")
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}
