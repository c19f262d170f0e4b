import LightFoundation
import Synchronization

/// The bytes of a secret, overwritten before their memory is given back.
///
/// `@unchecked Sendable` is sound: the buffer is written in `init`, before anybody else can see the object, and in
/// `deinit`, when nobody else can any more; in between it is only read.
final class KeyBytes: @unchecked Sendable {
    private let buffer: UnsafeMutableRawBufferPointer

    /// Whether blanks or line ends around the secret were left out.
    let isTrimmed: Bool

    /// Whether somebody has looked whether the secret can be a key; see ``KeyTextWarning``.
    let isExamined = Atomic(false)

    init(_ value: String, isTrimmed: Bool = false) {
        self.isTrimmed = isTrimmed
        var value = value
        buffer = value.withUTF8 { utf8 in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: utf8.count, alignment: 1)
            buffer.copyMemory(from: UnsafeRawBufferPointer(utf8))
            return buffer
        }
    }

    deinit {
        Self.overwrite(buffer)
        buffer.deallocate()
    }

    var string: String { String(decoding: buffer, as: UTF8.self) }

    var isBlank: Bool { buffer.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } }

    /// Tells the secret from others within this process, for those who must not keep it.
    var mark: Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(buffer))
        return hasher.finalize()
    }

    func isEqualInConstantTime(to other: KeyBytes) -> Bool {
        guard buffer.count == other.buffer.count else { return false }
        var difference: UInt8 = 0
        for index in buffer.indices { difference |= buffer[index] ^ other.buffer[index] }
        return difference == 0
    }

    /// Writes zeros in a way that the optimiser may not leave out although nobody reads them.
    private static func overwrite(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let address = buffer.baseAddress, !buffer.isEmpty else { return }
        #if canImport(Darwin)
        _ = memset_s(address, buffer.count, 0, buffer.count)
        #else
        explicit_bzero(address, buffer.count)
        #endif
    }
}
