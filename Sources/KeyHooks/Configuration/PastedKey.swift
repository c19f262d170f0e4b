package import JSON5Syntax

/// Recognises keys where the name of a secret should stand, so that configurations never hold one.
///
/// It errs on the side of letting a text pass: a key that looks like a word can't be distinguished from one.
package enum PastedKey {
    /// Whether a text looks like a key.
    package static func isIn(_ text: String) -> Bool {
        if text.hasPrefix("-----BEGIN") { return true }
        guard text.utf8.count >= 16, !text.contains(where: \.isWhitespace) else { return false }
        if KeyPrefix.all.contains(where: text.hasPrefix) { return !isReadable(text) }
        return text.utf8.allSatisfy { $0.isWordByte || "-_+=".utf8.contains($0) } && !isUUID(text) && looksRandom(text)
    }

    /// What the names of settings have in them that hold a secret.
    package static let labels = [
        "key", "token", "secret", "password", "passwd", "passphrase", "passcode", "credential", "authorization",
        "bearer",
    ]

    /// Whether a name says that what it names is a secret.
    package static func isLabel(_ name: String) -> Bool {
        let name = name.lowercased()
        return labels.contains { name.contains($0) }
    }

    /// Whether a text says where a secret is: a variable, a file, a path.
    package static func isReference(_ text: String) -> Bool {
        ["env:", "file:", "/", "./", "../", "~/"].contains(where: text.hasPrefix)
            || text.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0.isWordByte && !(0x61...0x7A).contains($0) }
    }

    /// Whether a text of such a prefix is words after all, as `sk-team-production-europe` is.
    private static func isReadable(_ text: String) -> Bool {
        text.split { "-_./".contains($0) }
            .allSatisfy { part in
                part.count < 16 && (part.allSatisfy { $0.isLowercase } || part.allSatisfy { $0.isNumber })
            }
    }

    /// Ids of roles and the like are UUIDs, and are names.
    private static func isUUID(_ text: String) -> Bool {
        text.split(separator: "-", omittingEmptySubsequences: false).map(\.count) == [8, 4, 4, 4, 12]
    }

    private static func looksRandom(_ text: String) -> Bool {
        let pairs = zip(text, text.dropFirst())
        let changes = pairs.count { $0.isNumber != $1.isNumber }
        if text.count >= 32, text.allSatisfy(\.isHexDigit), changes >= 6 { return true }
        return text.count >= 20 && changes >= 4 && text.contains(where: \.isUppercase)
            && text.contains(where: \.isLowercase)
    }
}

extension JSONNode {
    /// A mistake for each text in the value that looks like a key, names of members included.
    package func mistakesOfPastedKeys(at path: NodePath = .root) -> [JSONMistake] {
        switch kind {
        case .string(let text) where PastedKey.isIn(text): [.pastedKey(path, position)]
        case .array(let elements):
            elements.enumerated().flatMap { $1.mistakesOfPastedKeys(at: path.appending($0)) }
        case .object(let members):
            members.flatMap { member in
                let inner = path.appending(member.name)
                return (PastedKey.isIn(member.name) ? [.pastedKey(inner, member.position)] : [])
                    + member.value.mistakesOfPastedKeys(at: inner)
            }
        default: []
        }
    }
}

extension JSONMistake {
    fileprivate static func pastedKey(_ path: NodePath, _ position: SourcePosition) -> Self {
        JSONMistake(
            path: path.description,
            position: position,
            message: "looks like a key; a configuration names secrets and never holds them: "
                + "put it in a variable, a file or a vault, and treat it as compromised"
        )
    }
}

extension PastedKey {
    /// A text in the place of a path, as far as it may be shown: where the path of a file belongs, people paste what
    /// should be in the file.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - ending: How a word ends that is a file's name all the same, such as `.json`.
    /// - Returns: The path, with `…` for each name in it that looks like a key, or how long the text is: a phrase that
    ///   may stand where a path would.
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

    /// Whether a text is plainly the name of a variable with a secret, so that it may be shown where a secret may have
    /// been pasted: passwords are made of capitals too.
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
        return runs.contains { looksRandom($0, prefix: prefix) }
    }

    /// What vendors begin their keys with, as it is in an id.
    private static let normalisedPrefixes = KeyPrefix.all.map { prefix in
        Service(prefix).id + ("-_.".contains(prefix.last ?? "a") ? "_" : "")
    }

    private static func looksRandom(_ run: Substring, prefix: Int) -> Bool {
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
