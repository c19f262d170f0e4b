/// Recognises texts that say where a key is, in the forms of other tools, and that nobody has put the key in the place
/// of.
enum UnresolvedReference {
    /// What such texts begin with, and the form to show.
    private static let beginnings = [
        ("op://", "op://…"), ("os.environ/", "os.environ/…"), ("vault:", "vault:…"), ("secretref:", "secretref:…"),
        ("encrypted:", "encrypted:…"), ("ENC[", "ENC[…]"), ("arn:aws:", "arn:aws:…"),
        ("projects/", "projects/…/secrets/…"),
        ("keyring:", "keyring:…"), ("@Microsoft.KeyVault(", "@Microsoft.KeyVault(…)"), ("ref+", "ref+…://…"),
        ("bws://", "bws://…"), ("doppler://", "doppler://…"), ("infisical://", "infisical://…"), ("env:", "env:…"),
        ("file:", "file:…"), ("keychain:", "keychain:…"), ("aws-sm://", "aws-sm://…"),
        ("process.env.", "process.env.…"), ("sm://", "sm://…"), ("berglas://", "berglas://…"),
    ]

    /// The form of a reference; nil for what is none.
    static func form(of text: some StringProtocol) -> String? {
        if let known = beginnings.first(where: { text.hasPrefix($0.0) }) { return known.1 }
        if text.hasPrefix("${{"), text.hasSuffix("}}") { return "${{…}}" }
        if text.hasPrefix("${"), text.hasSuffix("}") { return "${…}" }
        if text.hasPrefix("$("), text.hasSuffix(")") { return "$(…)" }
        if text.hasPrefix("{{"), text.hasSuffix("}}") { return "{{…}}" }
        if text.hasPrefix("{"), text.hasSuffix("}"), let colon = text.firstIndex(of: ":"),
            text[text.index(after: text.startIndex)..<colon].allSatisfy({ $0.isASCII && $0.isLetter })
        {
            return "{…:…}"
        }
        if text.hasPrefix("`"), text.hasSuffix("`"), text.utf8.count > 2, text.contains(" ") { return "`…`" }
        if text.hasPrefix("%"), text.hasSuffix("%"), isName(text.dropFirst().dropLast()) { return "%…%" }
        if text.hasPrefix("$"), isName(text.dropFirst()) { return "$…" }
        return nil
    }

    /// What encrypted a value, and what decrypts it, by the form.
    private static let encryption = [
        "encrypted:…": ("dotenvx", "dotenvx run -- PROGRAM"), "ENC[…]": ("SOPS", "sops exec-env FILE PROGRAM"),
    ]

    /// The commands that put values in the place of such references.
    private static let commands = [
        "op://…": "op run -- PROGRAM", "doppler://…": "doppler run -- PROGRAM",
        "infisical://…": "infisical run -- PROGRAM",
        "bws://…": "bws run -- PROGRAM", "ref+…://…": "vals exec -f FILE -- PROGRAM",
    ]

    /// Forms that a shell, or another reader of `.env` files, would put a value in the place of.
    private static let expansions: Set = ["${…}", "$…", "$(…)", "`…`", "%…%"]

    /// What is wrong and what to do, to follow the name of the place; free of the value.
    ///
    /// - Parameters:
    ///   - form: The form, as ``form(of:)`` gives it.
    ///   - isInFile: Whether the value is in a `.env` file, in which nothing is expanded.
    static func words(for form: String, isInFile: Bool = false) -> String {
        if isInFile, expansions.contains(form) {
            return "looks like a reference (\(form)); values in .env aren't expanded, so it is used as it is. "
                + "Write the key itself there, or name the variable that holds it under 'env' in keyhooks.json"
        }
        if let (tool, command) = encryption[form] {
            return "is encrypted by \(tool) (\(form)); it is used as it is. "
                + "Run the program through what decrypts it: \(command)"
        }
        let way = commands[form].map { ": \($0)" } ?? ""
        return "looks like a reference (\(form)) that something else should have resolved; it is used as it is. "
            + "Run the program through what resolves it\(way), or write the key itself"
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
