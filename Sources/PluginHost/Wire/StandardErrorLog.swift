import Synchronization

/// What a plugin writes for people, made safe to show and handed on line by line.
final class StandardErrorLog: Sendable {
    /// A longer line is cut.
    static let lineLimit = 2000
    /// What one process may write before the rest is left out; it is read all the same.
    static let totalLimit = 256 << 10
    private static let keptLines = 5

    private struct State {
        var line: [UInt8] = []
        var isCut = false
        var total = 0
        var latest: [String] = []
    }

    private let id: String
    private let mask: SecretMask
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())

    init(id: String, mask: SecretMask, log: @escaping @Sendable (String) -> Void) {
        self.id = id
        self.mask = mask
        self.log = log
    }

    /// The last lines, masked with all that is known by now.
    var latest: [String] { state.withLock(\.latest).map(mask.mask) }

    func take(_ bytes: ArraySlice<UInt8>) {
        emit(
            state.withLock { state in
                var lines: [(bytes: [UInt8], isCut: Bool)] = []
                for byte in bytes {
                    if byte == UInt8(ascii: "\n") {
                        lines.append((state.line, state.isCut))
                        state.line = []
                        state.isCut = false
                    } else if state.line.count < Self.lineLimit {
                        state.line.append(byte)
                    } else {
                        state.isCut = true
                    }
                }
                return lines
            }
        )
    }

    /// Hands on a last line without an end.
    func finish() {
        let last = state.withLock { state in
            defer { state.line = [] }
            return (state.line, state.isCut)
        }
        if !last.0.isEmpty { emit([last]) }
    }

    private func emit(_ lines: [(bytes: [UInt8], isCut: Bool)]) {
        for line in lines {
            let text = readable(line.bytes, isCut: line.isCut)
            let shown = state.withLock { state -> String? in
                state.latest.append(text)
                if state.latest.count > Self.keptLines { state.latest.removeFirst() }
                let before = state.total
                state.total += line.bytes.count + 1
                if state.total <= Self.totalLimit { return text }
                return before <= Self.totalLimit ? "(it writes more than is shown)" : nil
            }
            if let shown { log("\(id): \(shown)") }
        }
    }

    private func readable(_ bytes: [UInt8], isCut: Bool) -> String {
        var text = PlainText.clean(String(decoding: bytes, as: UTF8.self), limit: Self.lineLimit)
        // The last word of a line that was cut may be half a key that nothing recognises.
        if isCut { text = String(text[..<(text.lastIndex(of: " ") ?? text.startIndex)]) + " …" }
        return mask.mask(text)
    }
}
