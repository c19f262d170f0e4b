import ExtensionHooks

extension NodeDecoder {
    /// The mistake for an error that a type threw itself; its text may quote the value.
    func refusal(by type: any Decodable.Type, _ error: any Error) -> ConfigurationMistake {
        let words = (type as? any CaseIterable.Type).map { spellings(of: $0) } ?? []
        let message =
            if !words.isEmpty {
                "expected \(words.count == 1 ? "" : "one of ")\(words.map { "'\($0)'" }.joined(separator: ", "))"
            } else if error is DecodingError {
                "is none of the values that are allowed here"
            } else {
                "is refused by the plugin (\(valueFreeDescription(of: error)))"
            }
        return ConfigurationMistake(
            path: path.description,
            position: node.position,
            message: message,
            suggestion: node.string.flatMap { closestMatch(to: $0, among: words) }
        )
    }

    /// The texts that an enumeration is written as; none if it is written otherwise.
    private func spellings<Cases: CaseIterable>(of type: Cases.Type) -> [String] {
        let known = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        return known.count == type.allCases.count ? known : []
    }
}
