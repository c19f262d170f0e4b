import Synchronization

/// Hands on everything that a plugin writes, line by line and marked by where it wrote it, to an author who asked for that.
///
/// Nothing is hidden, keys neither.
final class OutputMirror: Sendable {
    /// Where a plugin writes.
    enum Stream: String, CaseIterable {
        case output = "stdout"
        case errors = "stderr"
    }

    /// A longer line is handed on in parts.
    private static let lineLimit = 1 << 20

    private let show: @Sendable (String) -> Void
    private let partial = Mutex<[Stream: [UInt8]]>([:])

    init(_ show: @escaping @Sendable (String) -> Void) {
        self.show = show
    }

    func take(_ bytes: ArraySlice<UInt8>, from stream: Stream) {
        let lines = partial.withLock { partial in
            var pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
            pieces[0] = (partial[stream] ?? []) + pieces[0]
            let rest = pieces.removeLast()
            guard rest.count > Self.lineLimit else {
                partial[stream] = rest
                return pieces
            }
            partial[stream] = []
            return pieces + [rest]
        }
        for line in lines { hand(on: line, stream) }
    }

    /// Hands on lines without an end; nothing more will come.
    func finish() {
        let rest = partial.withLock { partial in
            defer { partial = [:] }
            return partial
        }
        for stream in Stream.allCases { if let line = rest[stream], !line.isEmpty { hand(on: line, stream) } }
    }

    private func hand(on line: [UInt8], _ stream: Stream) {
        show("[\(stream.rawValue)] \(String(decoding: line, as: UTF8.self))")
    }
}
