#if CLI
import JSON5Syntax
import KeyHooks
import LightFoundation

/// Where everything goes that is not the answer.
///
/// Remarks quote paths, settings and arguments, which anybody may have written: nothing in them acts on the terminal.
enum StandardError {
    static func write(_ line: String) {
        let text = displayLines(PastedArguments.hidden(in: line)) + "\n"
        // There is nobody to tell that a remark can't be made.
        try? writeAll(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Writes a question, behind which the answer is typed.
    static func ask(_ question: String) { try? writeAll(Array(displayLines(question).utf8), to: STDERR_FILENO) }
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
    static func write(exactly text: String) throws { try writeAll(Array(text.utf8), to: STDOUT_FILENO) }

    static func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        let json = String(decoding: try encoder.encode(value), as: UTF8.self)
        try write(exactly: displayJSON(json) + "\n")
    }

    /// Writes a value as JSON, or what people read of it.
    static func write(_ value: some Encodable, asJSON: Bool, text: @autoclosure () -> String) throws {
        try asJSON ? write(json: value) : write(text())
    }
}

private func writeAll(_ bytes: [UInt8], to descriptor: CInt) throws(StandardOutput.Failure) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count >= 0 {
            bytes = bytes.dropFirst(count)
            continue
        }
        switch errno {
        case EINTR: break
        case EAGAIN:
            // Whoever shares the pipe may have made it so that nobody waits for it.
            var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&room, 1, -1)
        case EPIPE: throw .readerGone
        default: throw .system
        }
    }
}

/// Keys that were pasted among the arguments, where none belongs: no remark repeats them.
enum PastedArguments {
    private static let keys = Set(CommandLine.arguments.dropFirst().flatMap(words).filter(PastedKey.isIn))
        .sorted { $0.count > $1.count }

    /// An argument, and the parts of it that may have been pasted.
    private static func words(of argument: String) -> [String] {
        let bare = String(argument.unicodeScalars.drop { $0 == "-" || $0.isOtherDash })
        return [argument, bare] + bare.split(separator: "=", maxSplits: 1).map(String.init)
    }

    /// Whether a text shows one.
    static func areIn(_ text: String) -> Bool { keys.contains(where: text.contains) }

    /// The text without them.
    static func hidden(in text: String) -> String {
        keys.reduce(text) { $0.replacing($1, with: "[hidden]") }
    }
}
#endif
