/// A value that says what it is: `kh1_SERVICE_VERSION_MILLISECONDS_CHECKSUM`, as `Tests/Support/faults.py` writes it.
package struct LoadValue: Equatable, Sendable {
    package let service: String
    /// The writer's own count, which goes up with every write.
    package let version: Int
    /// When it was written, in milliseconds since 1970.
    package let writtenAt: Int

    /// Nil for a text that is damaged or something else.
    package init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "kh1", let version = Int(parts[2]), let writtenAt = Int(parts[3]) else {
            return nil
        }
        let checked = text.utf8.dropLast(parts[4].utf8.count + 1)
        guard UInt32(parts[4], radix: 16) == Self.checksum(checked) else { return nil }
        service = String(parts[1])
        self.version = version
        self.writtenAt = writtenAt
    }

    package init(service: String, version: Int, writtenAt: Int) {
        self.service = service
        self.version = version
        self.writtenAt = writtenAt
    }

    /// What ``init(_:)`` reads.
    package var text: String {
        let start = "kh1_\(service)_\(version)_\(writtenAt)"
        return "\(start)_\(String(Self.checksum(start.utf8), radix: 16))"
    }

    /// CRC-32, as Python's `zlib.crc32`.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = (sum >> 1) ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~sum
    }
}
