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
