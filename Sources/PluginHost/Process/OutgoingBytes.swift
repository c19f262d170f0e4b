/// Bytes that wait for a process to read.
struct OutgoingBytes {
    private var bytes: [UInt8] = []
    private var sent = 0

    var count: Int { bytes.count - sent }
    var isEmpty: Bool { count == 0 }
    var next: ArraySlice<UInt8> { bytes[sent...] }

    mutating func add(_ more: [UInt8]) {
        if isEmpty {
            bytes = more
            sent = 0
        } else {
            bytes += more
        }
    }

    mutating func drop(_ count: Int) {
        sent += count
        if sent == bytes.count {
            bytes = []
            sent = 0
        } else if sent > 1 << 20 {
            bytes.removeFirst(sent)
            sent = 0
        }
    }

    mutating func clear() {
        bytes = []
        sent = 0
    }
}
