/// Finds a text in another in time that grows with their lengths and no faster, after Knuth, Morris and Pratt: both are a
/// stranger's, who might choose them so that a simpler search takes for ever.
///
/// UTF-8 is searched as bytes, which finds scalars: a mark that combines with the last letter makes another character of
/// it and no other key.
struct ByteSearch {
    private let sought: [UInt8]
    /// For each length of a match the length of the longest shorter one that its end also is.
    private var shorter: [Int]

    /// Prepares a search; `sought` holds at least one byte.
    init(_ sought: [UInt8]) {
        self.sought = sought
        shorter = [0, 0]
        var length = 0
        for byte in sought.dropFirst() {
            while length > 0, sought[length] != byte { length = shorter[length] }
            if sought[length] == byte { length += 1 }
            shorter.append(length)
        }
    }

    /// Where it begins, in order and without those that overlap an earlier one.
    func starts(in text: [UInt8]) -> [Int] {
        var starts: [Int] = []
        var length = 0
        for (index, byte) in text.enumerated() {
            while length > 0, sought[length] != byte { length = shorter[length] }
            if sought[length] == byte { length += 1 }
            guard length == sought.count else { continue }
            starts.append(index + 1 - length)
            length = 0
        }
        return starts
    }
}
