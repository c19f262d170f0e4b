import JSON5Syntax

/// The name of a secret in a secret manager, such as `prod/openai/api_key`.
///
/// It is checked once, for every manager: a name must not reach out of the place that the manager looks in, break a
/// line of a log, or act on a terminal. What else a store takes, such as slashes, is the store's matter.
///
/// Names are compared byte by byte, as stores do: `é` in one scalar and in two are two names.
public struct SecretName: Hashable, Sendable {
    /// The name as it was written.
    public let rawValue: String

    /// The most bytes of UTF-8 that a name may have; 500 characters fit, whatever they are.
    private static let limit = 2_048

    /// Checks a name.
    ///
    /// - Parameter name: The name. Slashes, blanks inside and all letters of Unicode are allowed.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidSecretName` for a name that is empty, too long, has a
    ///   segment `.` or `..`, a control character or a line separator.
    public init(_ name: String) throws(KeyResolutionError) {
        if let mistake = Self.mistake(in: name) {
            throw KeyResolutionError(
                .invalidSecretName,
                "'\(displayText(name))' isn't a valid name of a secret: it \(mistake.reason)",
                remedy: mistake.remedy
            )
        }
        rawValue = name
    }

    /// What is wrong with a name; nil if it can be used.
    package static func mistake(in name: String) -> (reason: String, remedy: String)? {
        if name.isEmpty { return ("is empty", "write the name that the secret has in its manager") }
        guard name.utf8.count <= limit else {
            return ("has more than \(limit) bytes", "is it the value, in the place of its name?")
        }
        guard !name.unicodeScalars.contains(where: \.breaksLines) else {
            return ("has a control character or a line separator", "take it out of the name")
        }
        guard
            !name.utf8.split(separator: UInt8(ascii: "/"))
                .contains(where: { $0.elementsEqual([0x2E, 0x2E]) || $0.elementsEqual([0x2E]) })
        else { return ("has a segment '.' or '..'", "write the whole name without it") }
        return nil
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func == (left: SecretName, right: SecretName) -> Bool {
        left.rawValue.hasSameBytes(as: right.rawValue)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func hash(into hasher: inout Hasher) { ExactText(rawValue).hash(into: &hasher) }
}

extension SecretName {
    /// The name without what stands before it; nil for one that something else stands before.
    func dropping(_ prefix: String) -> SecretName? {
        guard !prefix.isEmpty else { return self }
        guard rawValue.utf8.starts(with: prefix.utf8) else { return nil }
        return try? SecretName(String(rawValue.utf8.dropFirst(prefix.utf8.count)) ?? "")
    }
}

extension SecretName: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { displayText(rawValue) }
}

extension SecretName: Comparable {
    /// In the order of their bytes, which is the same on every machine.
    public static func < (left: SecretName, right: SecretName) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character, or ends a line or a paragraph.
    fileprivate var breaksLines: Bool {
        value < 0x20 || (0x7F...0x9F).contains(value) || value == 0x2028 || value == 0x2029
    }
}
