/// A byte that may not be in a text.
struct TextFault {
    let offset: Int
    let code: DotenvDiagnostic.Code

    /// Finds the first fault of each line.
    ///
    /// Clean ASCII, the usual case, costs one look at each machine word.
    static func find(in text: Text) -> [TextFault] {
        var faults: [TextFault] = []
        var offset = 0
        while offset < text.count {
            offset = skipASCII(text, from: offset)
            guard offset < text.count else { break }
            let length = sequenceLength(text, at: offset)
            if length > 0 {
                offset += length
                continue
            }
            faults.append(TextFault(offset: offset, code: text[offset] == 0 ? .nul : .invalidUTF8))
            while offset < text.count, !text[offset].isLineEnd { offset += 1 }
        }
        return faults
    }

    /// The offset of the first byte that is NUL or not ASCII.
    private static func skipASCII(_ text: Text, from start: Int) -> Int {
        var offset = start
        let raw = UnsafeRawBufferPointer(text)
        while offset + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // The high bit of each byte is set here for non-ASCII, and for NUL through the borrow.
            let suspects = (word | (word &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080
            guard suspects == 0 else { break }
            offset += 8
        }
        while offset < text.count, text[offset] != 0, text[offset] < 0x80 { offset += 1 }
        return offset
    }

    /// The length of the well-formed sequence at an offset, by table 3-7 of the Unicode standard; 0 for none.
    private static func sequenceLength(_ text: Text, at offset: Int) -> Int {
        let lead = text[offset]
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0x01...0x7F: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        default: return 0
        }
        guard offset + length <= text.count, second.contains(text[offset + 1]) else { return 0 }
        for next in (offset + 2)..<max(offset + 2, offset + length) where text[next] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
