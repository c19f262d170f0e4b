#if CLI
import Foundation
import JSON5Syntax
import KeyHooks

/// Where everything goes that is not the answer.
///
/// Remarks quote paths, settings and arguments, which anybody may have written: nothing in them acts on the terminal.
enum StandardError {
    static func write(_ line: String) {
        let text = displayLines(PastedArguments.hidden(in: line)) + "\n"
        // Nobody can be told that a remark cannot be made; `write(_:)` would trap.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

/// Where the answer goes and nothing else.
enum StandardOutput {
    /// The answer did not arrive, or not all of it.
    enum Failure: Error {
        /// Nobody reads from the pipe any more.
        case readerGone
        case system
    }

    /// Writes text for people, in which nothing acts on the terminal.
    static func write(_ text: String) throws { try write(exactly: displayLines(text)) }

    /// Writes something as it is, as only a key is written that was asked for.
    static func write(exactly text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = writeSome(bytes, to: STDOUT_FILENO)
            if count >= 0 {
                bytes = bytes.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: break
            case EAGAIN:
                // Whoever shares the pipe may have made it so that nobody waits for it.
                var room = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = poll(&room, 1, -1)
            case EPIPE: throw Failure.readerGone
            default: throw Failure.system
            }
        }
    }

    static func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let json = String(decoding: try encoder.encode(value), as: UTF8.self)
        try write(exactly: displayJSON(json) + "\n")
    }
}

/// The system's `write`, which the methods of that name would hide.
private func writeSome(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) -> Int {
    bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}
#endif
