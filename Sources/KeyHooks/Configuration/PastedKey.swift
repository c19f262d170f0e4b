package import JSON5Syntax

/// Recognises keys where the name of a secret should stand, so that configurations never hold one.
///
/// It errs on the side of letting a text pass: a key that looks like a word cannot be told from one.
package enum PastedKey {
    /// Whether a text looks like a key.
    package static func isIn(_ text: String) -> Bool {
        if text.hasPrefix("-----BEGIN") { return true }
        guard text.utf8.count >= 16, !text.contains(where: \.isWhitespace) else { return false }
        if KeyPrefix.all.contains(where: text.hasPrefix) { return !isReadable(text) }
        return text.utf8.allSatisfy { $0.isWordByte || "-_+=".utf8.contains($0) } && !isUUID(text) && isDrawnByLot(text)
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

    private static func isDrawnByLot(_ text: String) -> Bool {
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
