import KeyHooks

/// Reads a credential out of the text of a variable or a file.
enum CredentialText {
    /// A credential goes into a header field or a JSON text; a line break in it would be a second header field.
    static func isCredential(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The credential without what editors, shells and `docker --env-file` leave around it: blanks, line ends, a byte order
    /// mark, quotes.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - place: The variable or the path that it is from, for the error.
    /// - Returns: The credential.
    /// - Throws: A ``BaoFailure`` that says what is wrong, and nothing of the text.
    static func credential(in text: String, from place: String) throws(BaoFailure) -> APIKey {
        let bare = bare(text)
        if let fault = fault(of: bare) {
            throw BaoFailure(.unauthenticated, "\(place) \(fault.what)", remedy: fault.remedy)
        }
        return APIKey(bare)
    }

    private static func bare(_ text: String) -> String {
        var text = text[...]
        if text.unicodeScalars.first == "\u{FEFF}" { text = Substring(text.unicodeScalars.dropFirst()) }
        // No token and no id has a quotation mark in it.
        return String(text.bare)
    }

    private static func fault(of text: String) -> (what: String, remedy: String)? {
        if text.isEmpty { return ("is empty", "write a credential for OpenBao there") }
        let alone = "write the credential for OpenBao alone there"
        for doubt in KeyDoubt.doubts(about: text) {
            switch doubt {
            case .unresolvedReference(let form):
                let remedy = "run the program through what resolves it, or write the credential itself"
                return ("holds a reference (\(form)) that something else should have resolved", remedy)
            case .scheme(let scheme): return ("begins with '\(scheme)'", "\(alone), without '\(scheme)'")
            default: continue
            }
        }
        if text.hasPrefix("{") { return ("holds a JSON text", alone) }
        if text.contains(where: \.isNewline) { return ("has more than one line", "\(alone), on one line") }
        let scalars = text.unicodeScalars.enumerated()
        guard let (index, scalar) = scalars.first(where: { !(0x21...0x7E).contains($1.value) }) else { return nil }
        let what = scalar == " " ? "a blank" : "a character that no credential has (\(KeyDoubt.name(of: scalar.value)))"
        return ("has \(what) at position \(index + 1)", alone)
    }
}
