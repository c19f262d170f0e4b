#if AWS
/// `arn:aws:secretsmanager:us-east-1:123456789012:secret:NAME-abcdef`.
struct SecretARN: Hashable, Sendable {
    let partition: String
    let region: String
    let account: String

    /// The secret's name; where the ARN is whole, with a hyphen and six characters at its end.
    let name: String

    /// Nil for what isn't the ARN of a secret, such as its name.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "secretsmanager",
            parts[5] == "secret", !parts[3].isEmpty, !parts[6].isEmpty, parts[4].count == 12,
            parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        partition = String(parts[1])
        region = String(parts[3])
        account = String(parts[4])
        name = String(parts[6])
    }
}

extension SecretARN {
    /// The hyphen and six characters that AWS puts behind a name.
    static let suffixLength = 7

    /// Whether it is whole, with AWS's hyphen and six characters at its end.
    var hasSuffix: Bool {
        let end = name.utf8.suffix(Self.suffixLength)
        return end.count == Self.suffixLength && end.first == UInt8(ascii: "-")
            && end.dropFirst().allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) }
    }
}
#endif
