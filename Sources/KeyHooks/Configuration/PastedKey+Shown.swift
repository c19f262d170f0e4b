extension PastedKey {
    /// A text in the place of a path, as far as it may be shown: where the path of a file belongs, people paste what should
    /// be in the file.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - ending: How a word ends that is a file's name all the same, such as `.json`.
    /// - Returns: The path, with `…` for each name in it that looks like a key, or how long the text is: a phrase that may
    ///   stand where a path would.
    package static func shownPath(_ text: String, ending: String? = nil) -> String {
        path(text, ending: ending) ?? "a value that isn't plainly a path (\(text.count) characters)"
    }

    /// The same, or nil for a text that isn't plainly a path.
    package static func path(_ text: String, ending: String? = nil) -> String? {
        guard isPath(text, ending) else { return nil }
        let names = text.split(separator: "/", omittingEmptySubsequences: false).map { isName(String($0)) ? $0 : "…" }
        return FileFault.shown(names.joined(separator: "/"))
    }

    /// Whether a path is shown as it is, so that a command may repeat it.
    package static func showsPath(_ text: String) -> Bool { path(text) == FileFault.shown(text) }

    private static func isPath(_ text: String, _ ending: String?) -> Bool {
        if ["./", "../", "~/"].contains(where: text.hasPrefix) { return true }
        if let ending, text.hasSuffix(ending) { return true }
        // A key in Base64 has slashes too, and one in 64 begins with one.
        let isMixed = text.contains(where: \.isUppercase) && text.contains(where: \.isLowercase)
        let mayBeKey = isMixed && text.count >= 20 && text.contains(where: \.isNumber)
        guard text.hasPrefix("/") else { return text.contains("/") && !mayBeKey }
        let top = text.dropFirst().prefix { $0 != "/" }
        return !mayBeKey || !text.isBase64 || !FileSystem.isAbsent(FilePath("/\(top)"))
    }

    /// Folders are called by random numbers too, with hyphens between their parts.
    private static func isName(_ text: String) -> Bool { !isInPlaceOfService(text) && !hasTokenPrefix(text) }

    /// What the tokens of OpenBao and Vault begin with, and hardly a name does.
    private static func hasTokenPrefix(_ text: String) -> Bool {
        ["hvs.", "hvb.", "hvr."].contains(where: text.hasPrefix)
    }

    /// Whether what stands where the name of a host belongs looks like a token or a key.
    ///
    /// Names of hosts may be long and full of numbers, and begin as keys do: `s.vault01.example.com` is one.
    ///
    /// - Parameter host: The host.
    /// - Returns: Whether nothing should be sent there, and it isn't to be shown.
    package static func isInPlaceOfHost(_ host: String) -> Bool {
        let labels = host.split(separator: ".")
        let isLower = !host.contains(where: \.isUppercase)
        if hasTokenPrefix(host.lowercased()) {
            return !isLower || labels.count < 3 || labels.contains { $0.count >= 16 }
        }
        if labels.count < 4, ["s", "b"].contains(labels.first?.lowercased()), labels.dropFirst().first?.count ?? 0 >= 20
        {
            return isIn(host)
        }
        return labels.contains { $0.contains(where: \.isLowercase) && !isLower && isIn(String($0)) }
            || labels.count == 1 && isInPlaceOfService(host)
    }

    /// Whether a text is plainly the name of a variable with a secret, so that it may be shown where a secret may have been
    /// pasted: passwords are made of capitals too.
    ///
    /// - Parameter text: The text.
    /// - Returns: Whether it is written as names of variables are, and the catalogue or its ending says what it is.
    package static func isVariable(_ text: String) -> Bool {
        guard VariableName.isName(text), text == text.uppercased(), !isIn(text) else { return false }
        return ServiceCatalogue.standard.owners[text] != nil || variableEndings.contains(where: text.hasSuffix)
    }

    private static let variableEndings = [
        "_KEY", "_APIKEY", "_TOKEN", "_SECRET", "_PASSWORD", "_CREDENTIAL", "_CREDENTIALS", "_KEY_ID", "_SECRET_ID",
        "_ROLE_ID",
    ]
}
