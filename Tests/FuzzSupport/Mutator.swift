/// Makes bad inputs of good ones.
package struct Mutator: Sendable {
    private let tokens: [[UInt8]]
    private let brackets: [(open: [UInt8], close: [UInt8])]
    private let sizeLimit: Int

    /// Makes one for a format.
    ///
    /// - Parameters:
    ///   - tokens: What means something in the format.
    ///   - brackets: What the format nests, each as what opens and what closes.
    ///   - sizeLimit: How many bytes an input has at most.
    package init(tokens: [String] = [], brackets: [(String, String)] = [], sizeLimit: Int = 4096) {
        self.tokens = tokens.map { Array($0.utf8) }
        self.brackets = brackets.map { (Array($0.0.utf8), Array($0.1.utf8)) }
        self.sizeLimit = sizeLimit
    }

    /// An input: one of the good ones with a few changes, rarely none, or nothing but noise.
    package func input(from corpus: [[UInt8]], using generator: inout SplitMix64) -> [UInt8] {
        if corpus.isEmpty || generator.oneIn(32) { return noise(using: &generator) }
        var input = generator.pick(corpus)
        if generator.oneIn(32) { return Array(input.prefix(sizeLimit)) }
        repeat {
            change(&input, corpus, using: &generator)
            if input.count > sizeLimit { input.removeLast(input.count - sizeLimit) }
        } while !generator.oneIn(2)
        return input
    }

    private func noise(using generator: inout SplitMix64) -> [UInt8] {
        (0..<Int.random(in: 0...40, using: &generator))
            .flatMap { _ in
                generator.oneIn(2) ? [UInt8.random(in: 0...255, using: &generator)] : token(using: &generator)
            }
    }

    private func token(using generator: inout SplitMix64) -> [UInt8] {
        tokens.isEmpty || generator.oneIn(3) ? generator.pick(Oddities.all) : generator.pick(tokens)
    }

    private func change(_ input: inout [UInt8], _ corpus: [[UInt8]], using generator: inout SplitMix64) {
        let range = generator.range(in: input.count)
        switch Int.random(in: 0...11, using: &generator) {
        case 0: flip(&input, using: &generator)
        case 1: input.removeSubrange(range)
        case 2: input.insert(contentsOf: input[range], at: range.upperBound)
        case 3, 4: input.insert(contentsOf: token(using: &generator), at: range.lowerBound)
        case 5, 6: input.replaceSubrange(range, with: token(using: &generator))
        case 7: splice(&input, generator.pick(corpus), using: &generator)
        case 8: nest(&input, range, using: &generator)
        case 9: swap(&input, range, generator.range(in: input.count))
        case 10: multiply(&input, range, using: &generator)
        default: changeLineEnds(&input, using: &generator)
        }
    }

    private func flip(_ input: inout [UInt8], using generator: inout SplitMix64) {
        guard let place = input.indices.randomElement(using: &generator) else { return }
        input[place] =
            generator.oneIn(2)
            ? input[place] ^ (1 << UInt8.random(in: 0...7, using: &generator)) : .random(in: 0...255, using: &generator)
    }

    /// The beginning of the one and the end of the other.
    private func splice(_ input: inout [UInt8], _ other: [UInt8], using generator: inout SplitMix64) {
        let (kept, taken) = (generator.range(in: input.count).lowerBound, generator.range(in: other.count).lowerBound)
        input = Array(input[..<kept] + other[taken...])
    }

    /// Puts a part into brackets, deeply now and then; what closes them may be forgotten.
    private func nest(_ input: inout [UInt8], _ range: Range<Int>, using generator: inout SplitMix64) {
        guard !brackets.isEmpty else { return }
        let pair = generator.pick(brackets)
        let depth = generator.oneIn(4) ? Int.random(in: 1...600, using: &generator) : 1
        let closing = generator.oneIn(4) ? 0 : depth
        let (head, tail) = (
            [[UInt8]](repeating: pair.open, count: depth), [[UInt8]](repeating: pair.close, count: closing)
        )
        input.replaceSubrange(range, with: head.joined() + input[range] + tail.joined())
    }

    private func swap(_ input: inout [UInt8], _ one: Range<Int>, _ other: Range<Int>) {
        guard one.upperBound <= other.lowerBound else { return }
        let (first, second) = (Array(input[one]), Array(input[other]))
        input.replaceSubrange(other, with: first)
        input.replaceSubrange(one, with: second)
    }

    private func multiply(_ input: inout [UInt8], _ range: Range<Int>, using generator: inout SplitMix64) {
        let times = Int.random(in: 2...200, using: &generator)
        guard range.count * times <= sizeLimit else { return }
        let part = Array(input[range])
        input.replaceSubrange(range, with: [[UInt8]](repeating: part, count: times).joined())
    }

    private func changeLineEnds(_ input: inout [UInt8], using generator: inout SplitMix64) {
        let end = Array(generator.pick(["\r\n", "\r", "\u{2028}"]).utf8)
        input = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).joined(separator: end)
            .map(\.self)
    }
}
