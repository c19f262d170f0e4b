/// Cuts what a process writes into lines.
package struct LineFraming {
    /// A line is longer than allowed.
    package struct TooLong: Error {}

    private let limit: Int
    private var partial: [UInt8] = []

    package init(limit: Int) {
        self.limit = limit
    }

    /// What followed the last end of a line.
    var rest: [UInt8] { partial }

    /// Takes bytes in and hands on every line that they complete, without its end.
    package mutating func take(_ bytes: ArraySlice<UInt8>, _ line: (ArraySlice<UInt8>) -> Void) throws(TooLong) {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try check(partial.count + end - start)
            if partial.isEmpty {
                line(bytes[start..<end])
            } else {
                partial += bytes[start..<end]
                line(partial[...])
                partial = []
            }
            start = end + 1
        }
        try check(partial.count + bytes.endIndex - start)
        partial += bytes[start...]
    }

    private func check(_ count: Int) throws(TooLong) {
        guard count <= limit else { throw TooLong() }
    }
}

/// Puts requests that are sent at the same time on one line, where the plugin can take that and as far as it may be
/// long.
struct BatchLine {
    private static let opening = Array(#"{"type":"batch","requests":["#.utf8)
    private static let closing = Array("]}\n".utf8)

    private let limit: Int
    private let isOpen: Bool
    private var requests: [[UInt8]] = []
    private var size = 0

    /// Makes a line.
    ///
    /// - Parameters:
    ///   - limit: How many bytes it may have without its end.
    ///   - isOpen: Whether it may hold several requests.
    init(limit: Int, isOpen: Bool) {
        self.limit = limit
        self.isOpen = isOpen
    }

    /// Takes a request in, as JSON, and gives back the line that is complete by that.
    mutating func add(_ request: [UInt8]) -> [UInt8]? {
        // The end of the line does not count, nor does the comma after the last.
        let room = limit - Self.opening.count - (Self.closing.count - 1)
        let complete = isOpen && size + request.count <= room ? nil : finish()
        requests.append(request)
        size += request.count + 1
        return complete
    }

    /// The line of what was taken in so far.
    mutating func finish() -> [UInt8]? {
        defer {
            requests = []
            size = 0
        }
        guard requests.count > 1 else { return requests.first.map { $0 + [UInt8(ascii: "\n")] } }
        return Self.opening + requests.joined(separator: [UInt8(ascii: ",")]) + Self.closing
    }
}
