/// The head of an answer, read line by line, within limits.
struct ResponseHead {
    /// All lines of an answer together: of those in between, of the last head and of trailers.
    static let byteLimit = 64 << 10
    static let fieldLimit = 200
    /// Answers before the last, such as 100 and 103.
    static let interimLimit = 16

    private(set) var status = 0
    private(set) var headers: [String: String] = [:]

    /// Whether the empty line after the last head was seen; nothing may be believed before.
    private(set) var isComplete = false

    /// How long the body is, if the head says so.
    private(set) var length: Int?

    private var bytes = 0
    private var fields = 0
    private var interims = 0
    private var latest: String?

    /// Takes a line with its end.
    ///
    /// - Throws: An ``HTTPTransportError`` if the head is too large or not as HTTP prescribes.
    mutating func take(_ line: UnsafeRawBufferPointer) throws(HTTPTransportError) {
        bytes += line.count
        if bytes > Self.byteLimit {
            throw HTTPTransportError(.answerTooLarge, detail: "the head is longer than \(Self.byteLimit) bytes")
        }
        var line = Slice(base: line, bounds: line.indices)
        while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
        // What comes after the head are trailers, which are nobody's business here.
        if isComplete { return }
        if line.isEmpty { return try end() }
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw HTTPTransportError(.invalidAnswer, detail: "the head has a control character")
        }
        if line.starts(with: "HTTP/".utf8) { return try begin(line) }
        try takeField(line)
    }

    private mutating func begin(_ line: Slice<UnsafeRawBufferPointer>) throws(HTTPTransportError) {
        let code = line.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix { $0 != 0x20 }
        guard code.count == 3, code.allSatisfy({ (0x30...0x39).contains($0) }),
            let status = Int(String(decoding: code, as: UTF8.self)), status >= 100
        else { throw HTTPTransportError(.invalidAnswer, detail: "the status is not a number of three digits") }
        self.status = status
        headers = [:]
        length = nil
        latest = nil
    }

    private mutating func end() throws(HTTPTransportError) {
        if status == 101 {
            throw HTTPTransportError(.invalidAnswer, detail: "the server changes to a protocol that nobody asked for")
        }
        if status >= 200 {
            isComplete = true
            return
        }
        interims += 1
        if interims > Self.interimLimit {
            throw HTTPTransportError(.answerTooLarge, detail: "more than \(Self.interimLimit) answers 1xx")
        }
    }

    private mutating func takeField(_ line: Slice<UnsafeRawBufferPointer>) throws(HTTPTransportError) {
        fields += 1
        if fields > Self.fieldLimit {
            throw HTTPTransportError(.answerTooLarge, detail: "the head has more than \(Self.fieldLimit) fields")
        }
        if line.first == 0x20 || line.first == 0x09 {
            // A line that goes on with the one before, as older servers send them.
            if let latest { headers[latest]?.append(" " + Self.trimmed(line)) }
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: line[..<colon].map { $0 | (0x41...0x5A ~= $0 ? 0x20 : 0) }, as: UTF8.self)
        let value = Self.trimmed(line[line.index(after: colon)...])
        if name == "content-length" { try takeLength(value) }
        if let before = headers[name] {
            headers[name] = before + ", " + value
        } else {
            headers[name] = value
        }
        latest = name
    }

    /// Two lengths that differ are how one answer is made to look like two.
    private mutating func takeLength(_ value: String) throws(HTTPTransportError) {
        guard let number = Int(value), number >= 0, length == nil || length == number else {
            throw HTTPTransportError(.invalidAnswer, detail: "the length of the body is not one number")
        }
        length = number
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
