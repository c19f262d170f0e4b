#if CLI
import Foundation
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
    struct Failure: Error {}

    /// Writes text for people, in which nothing acts on the terminal.
    static func write(_ text: String) throws { try write(exactly: displayLines(text)) }

    /// Writes something as it is, as only a key is written that was asked for.
    static func write(exactly text: String) throws {
        // `write(contentsOf:)` throws where `write(_:)` would trap, as on a full disk or a closed pipe.
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            throw Failure()
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
#endif
