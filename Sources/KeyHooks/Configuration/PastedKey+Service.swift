extension PastedKey {
    /// Whether a text that should name a service looks like a key, also once its capitals and separators are lost.
    ///
    /// Names of services may be long and full of numbers, as `claude-3-5-sonnet-20241022` is. So it takes one run of
    /// letters and digits that no name would have.
    package static func isInPlaceOfService(_ text: String) -> Bool {
        guard text.utf8.count >= 16 else { return false }
        let runs = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let words = runs.prefix(4).map { $0.lowercased() }
        if text.hasPrefix("-----BEGIN") || words.first == "begin" && words.contains("private") { return true }
        let id = Service(text).id
        let prefix = normalisedPrefixes.filter(id.hasPrefix).map(\.count).max() ?? 0
        return runs.contains { isDrawnByLot($0, prefix: prefix) }
    }

    /// What vendors begin their keys with, as it is in an id.
    private static let normalisedPrefixes = KeyPrefix.all.map { prefix in
        Service(prefix).id + ("-_.".contains(prefix.last ?? "a") ? "_" : "")
    }

    private static func isDrawnByLot(_ run: Substring, prefix: Int) -> Bool {
        let changes = zip(run, run.dropFirst()).count { $0.isNumber != $1.isNumber }
        if prefix > 0, run.count >= 24 || run.count >= 20 && changes >= 1 || run.count >= 16 && changes >= 2 {
            return true
        }
        // A single letter and a dot begin many a name.
        if prefix > 2, run.count >= 10, changes >= 3 { return true }
        if run.count >= 32, run.allSatisfy(\.isHexDigit), changes >= 6 { return true }
        let isMixed = run.contains(where: \.isUppercase) && run.contains(where: \.isLowercase)
        return run.count >= 20 && changes >= (isMixed ? 4 : 6)
    }
}

extension KeyResolutionError {
    /// A key stands where the service belongs; it is not repeated.
    package static var pastedKey: KeyResolutionError {
        KeyResolutionError(
            .invalidService,
            "what was given as the service looks like a key",
            remedy: "name a service, such as 'openai'; if the key was typed into a shell, treat it as compromised"
        )
    }
}
