/// The bytes that mean something in a `.env` text.
enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let doubleQuote = UInt8(ascii: "\"")
    static let hash = UInt8(ascii: "#")
    static let dollar = UInt8(ascii: "$")
    static let singleQuote = UInt8(ascii: "'")
    static let hyphen = UInt8(ascii: "-")
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let equals = UInt8(ascii: "=")
    static let semicolon = UInt8(ascii: ";")
    static let backslash = UInt8(ascii: "\\")
    static let backtick = UInt8(ascii: "`")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
}

extension UInt8 {
    /// Space or tab.
    ///
    /// Other white space, such as U+00A0, is part of a value.
    @inline(__always)
    var isBlank: Bool { self == Byte.space || self == Byte.tab }

    @inline(__always)
    var isLineEnd: Bool { self == Byte.newline || self == Byte.carriageReturn }

    /// ASCII letter, digit or `_`: may begin a name.
    @inline(__always)
    var beginsName: Bool {
        let lowered = self | 0x20
        return (lowered >= 0x61 && lowered <= 0x7A) || (self >= 0x30 && self <= 0x39) || self == 0x5F
    }

    @inline(__always)
    var continuesName: Bool { beginsName || self == Byte.hyphen || self == Byte.dot }

    /// Whether the byte is one of a scalar's further bytes in UTF-8.
    @inline(__always)
    var continuesScalar: Bool { self & 0xC0 == 0x80 }

    /// What a backslash and this byte stand for in double quotes; nil when the backslash stays.
    @inline(__always)
    var unescaped: UInt8? {
        switch self {
        case UInt8(ascii: "n"): Byte.newline
        case UInt8(ascii: "r"): Byte.carriageReturn
        case UInt8(ascii: "t"): Byte.tab
        case Byte.doubleQuote, Byte.backslash, Byte.dollar: self
        default: nil
        }
    }
}

typealias Text = UnsafeBufferPointer<UInt8>

extension Text {
    /// The string of a range that was checked to be UTF-8.
    @inline(__always)
    func string(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: self[range]), as: UTF8.self)
    }

    /// The column of an offset on the line that begins at another: Unicode scalars, the first is 1.
    func column(of offset: Int, from lineStart: Int) -> Int {
        self[lineStart..<offset].count { !$0.continuesScalar } + 1
    }

    /// The length of the line ending at an offset: 2 for `\r\n`.
    @inline(__always)
    func lineEndLength(at offset: Int) -> Int {
        self[offset] == Byte.carriageReturn && offset + 1 < count && self[offset + 1] == Byte.newline ? 2 : 1
    }
}
