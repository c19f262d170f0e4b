/// Puts requests that belong together on one line, as far as it may be long.
struct BatchLine {
    private static let opening = Array(#"{"type":"batch","requests":["#.utf8)
    private static let closing = Array("]}\n".utf8)

    private let limit: Int
    private var group: UInt64?
    private var requests: [[UInt8]] = []
    private var size = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a request in and gives back the lines that are complete by that.
    ///
    /// - Parameters:
    ///   - request: The request as JSON.
    ///   - group: What it belongs to; nil if it stands alone.
    /// - Returns: Lines to send now.
    mutating func add(_ request: [UInt8], group: UInt64?) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        // The end of the line does not count, nor does the comma after the last.
        let room = limit - Self.opening.count - (Self.closing.count - 1)
        if group == nil || group != self.group || size + request.count > room {
            if let line = finish() { lines.append(line) }
        }
        guard group != nil else { return lines + [request + [UInt8(ascii: "\n")]] }
        self.group = group
        requests.append(request)
        size += request.count + 1
        return lines
    }

    /// The line of what was taken in so far.
    mutating func finish() -> [UInt8]? {
        defer {
            requests = []
            size = 0
            group = nil
        }
        guard requests.count > 1 else { return requests.first.map { $0 + [UInt8(ascii: "\n")] } }
        return Self.opening + requests.joined(separator: [UInt8(ascii: ",")]) + Self.closing
    }
}
