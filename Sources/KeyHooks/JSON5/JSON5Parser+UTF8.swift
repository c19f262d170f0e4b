extension JSON5Parser {
    /// Refuses NUL and bytes that are not UTF-8, so that the rest may decode without checks.
    func checkBytes() throws(JSONSyntaxError) {
        var index = 0
        while index < bytes.count {
            let length = sequenceLength(at: index)
            if length == 0 {
                var walker = self
                walker.skipByteOrderMark()
                while walker.offset < index { walker.advance() }
                throw walker.error(bytes[index] == 0 ? .nulByte : .invalidUTF8)
            }
            index += length
        }
    }

    /// Moves past a byte order mark without giving it a column.
    mutating func skipByteOrderMark() {
        guard offset == 0, !limits.isStrict, bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
        offset = 3
        columnOrigin = 3
    }

    /// The scalar that begins here, before the end, and the number of its bytes.
    func scalarHere() -> (scalar: Unicode.Scalar, length: Int) {
        let first = UInt32(bytes[offset])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = length == 1 ? first : first & (0x7F >> UInt32(length))
        for index in offset + 1..<offset + length { value = value << 6 | UInt32(bytes[index] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// The length of the well-formed sequence at an index, 0 when there is none or it is NUL.
    private func sequenceLength(at index: Int) -> Int {
        // The second byte's range shuts out overlong forms, surrogates and values past U+10FFFF.
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch bytes[index] {
            case 0x01...0x7F: (1, 0x80...0xBF)
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0x80...0xBF)
            }
        guard length > 1 else { return length }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        let rest = bytes[(index + 2)..<(index + length)]
        return rest.allSatisfy { $0 & 0xC0 == 0x80 } ? length : 0
    }
}
