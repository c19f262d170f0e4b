extension JSONValueReader {
    /// The value as a string.
    ///
    /// NUL is refused: no setting needs it, and C interfaces would cut the text there.
    package mutating func string() -> String? { text(expecting: "a string") }

    /// The value as a boolean.
    package mutating func bool() -> Bool? {
        guard case .bool(let value) = node.kind else { return expected("true or false") }
        return value
    }

    /// The value as a whole number within a range.
    package mutating func int(in range: ClosedRange<Int> = .min ... .max) -> Int? {
        let wanted = range.wording
        guard case .number(let number) = node.kind else { return expected(wanted) }
        guard let value = number.int, range.contains(value) else {
            reject("expected \(wanted)")
            return nil
        }
        return value
    }

    /// The value as a finite number.
    package mutating func double() -> Double? {
        guard case .number(let number) = node.kind else { return expected("a number") }
        guard number.double.isFinite else {
            reject("expected a finite number")
            return nil
        }
        return number.double
    }

    /// The value as a duration such as `30s`; a bare number is refused because its unit is anybody's guess.
    package mutating func duration() -> Duration? {
        if case .number = node.kind {
            reject(DurationSyntax.Failure.missingUnit.message)
            return nil
        }
        guard let text = text(expecting: #"a duration such as "30s""#) else { return nil }
        do {
            return try DurationSyntax.parse(text)
        } catch {
            reject(error.message)
            return nil
        }
    }

    /// The value as one of several words.
    package mutating func oneOf(_ words: [String]) -> String? {
        let wanted = (words.count == 1 ? "" : "one of ") + words.map { "'\($0)'" }.joined(separator: ", ")
        guard let text = text(expecting: wanted) else { return nil }
        if words.contains(text) { return text }
        reject("expected \(wanted)", suggestion: closestMatch(to: text, among: words))
        return nil
    }

    /// The value as a case of an enumeration of words.
    package mutating func oneOf<Choice>(_ type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        oneOf(type.allCases.map(\.rawValue)).flatMap(Choice.init(rawValue:))
    }

    private mutating func text(expecting wanted: String) -> String? {
        guard case .string(let text) = node.kind else { return expected(wanted) }
        if text.utf8.contains(0) {
            reject("the text contains a NUL character: remove it")
            return nil
        }
        return text
    }
}

extension ClosedRange<Int> {
    /// The range in words.
    fileprivate var wording: String {
        switch (lowerBound, upperBound) {
        case (.min, .max): "a whole number"
        case (_, .max): "a whole number of \(lowerBound) or more"
        case (.min, _): "a whole number of \(upperBound) or less"
        default: "a whole number from \(lowerBound) to \(upperBound)"
        }
    }
}
