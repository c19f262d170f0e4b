#if os(Linux)
import Foundation

extension RawConnection {
    /// Passes everything on to another port of loopback, in both directions, until both are done.
    func relay(to port: Int) {
        let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(other) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return }
        let done = DispatchSemaphore(value: 0)
        for (from, to) in [(descriptor, other), (other, descriptor)] {
            Thread.detachNewThread {
                var buffer = [UInt8](repeating: 0, count: 1 << 14)
                while true {
                    let count = recv(from, &buffer, buffer.count, 0)
                    guard count > 0, RawConnection(descriptor: to).send(buffer[..<count]) else { break }
                }
                shutdown(to, Int32(SHUT_WR))
                done.signal()
            }
        }
        done.wait()
        done.wait()
    }
}
#endif
