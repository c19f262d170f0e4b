#if CLI
import Foundation

/// Where everything goes that is not the answer.
enum StandardError {
    static func write(_ line: String) {
        // Nobody can be told that a remark cannot be made; `write(_:)` would trap.
        try? FileHandle.standardError.write(contentsOf: Data((PastedArguments.hidden(in: line) + "\n").utf8))
    }
}

/// Where the answer goes and nothing else.
enum StandardOutput {
    /// The answer did not arrive, or not all of it.
    struct Failure: Error {}

    static func write(_ text: String) throws {
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
        try write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }
}
#endif
