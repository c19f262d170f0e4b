#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import LightFoundation
#endif

/// A type that people write otherwise than it decodes itself.
///
/// Those of Foundation are read as `JSONDecoder` does.
struct WrittenType {
    /// Reads a value; nil after recording a mistake.
    let read: (inout JSONValueReader) -> Any?
    /// Some value of the type.
    let sample: Any

    /// How a type is written; nil for one that decodes itself.
    static func of(_ type: any Any.Type) -> WrittenType? {
        switch type {
        case is Duration.Type: WrittenType(read: { $0.duration() }, sample: Duration.seconds(1))
        case is URL.Type: WrittenType(read: { $0.url() }, sample: URL(filePath: "/", directoryHint: .isDirectory))
        case is Date.Type: WrittenType(read: { $0.date() }, sample: Date(timeIntervalSinceReferenceDate: 0))
        case is Data.Type: WrittenType(read: { $0.data() }, sample: Data([1]))
        case is UUID.Type: WrittenType(read: { $0.uuid() }, sample: UUID())
        case is Decimal.Type: WrittenType(read: { $0.decimal() }, sample: Decimal(1))
        case let own as any WrittenOtherwise.Type: WrittenType(read: { own.read(&$0) }, sample: own.sample)
        default: nil
        }
    }
}

/// A type of another module that people write otherwise than it decodes itself.
package protocol WrittenOtherwise {
    /// Reads a value; nil after recording a mistake.
    static func read(_ reader: inout JSONValueReader) -> Self?

    /// Some value of the type.
    static var sample: Self { get }
}

extension JSONValueReader {
    /// The value as a URL, which may be relative.
    fileprivate mutating func url() -> URL? {
        guard let text = text(expecting: #"a URL such as "https://vault.example.com""#) else { return nil }
        return URL(string: text) ?? rejected(#"isn't a valid URL: write one such as "https://vault.example.com""#)
    }

    /// The value as a date: the seconds since 2001, or a text in the form of ISO 8601.
    fileprivate mutating func date() -> Date? {
        if case .number = node.kind { return double().map(Date.init(timeIntervalSinceReferenceDate:)) }
        guard let text = text(expecting: #"a date such as "2026-11-30T12:00:00Z""#) else { return nil }
        return Date(iso8601: text) ?? rejected(#"isn't a valid date: write one such as "2026-11-30T12:00:00Z""#)
    }

    /// The value as bytes in Base64.
    fileprivate mutating func data() -> Data? {
        guard let text = text(expecting: "bytes in Base64") else { return nil }
        return Data(base64Encoded: text) ?? rejected("isn't valid Base64, which has 4 characters for each 3 bytes")
    }

    fileprivate mutating func uuid() -> UUID? {
        guard let text = text(expecting: "a UUID") else { return nil }
        return UUID(uuidString: text)
            ?? rejected("isn't a valid UUID: write 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12")
    }

    /// The value as a decimal number: the one that was written, where a `Double` can tell which that was.
    fileprivate mutating func decimal() -> Decimal? {
        if case .number(.integer(let value)) = node.kind { return Decimal(value) }
        return double().flatMap { Decimal(string: "\($0)") }
    }
}

extension Date {
    /// A date and a time with its zone, with or without fractions of a second.
    fileprivate init?(iso8601 text: String) {
        // What follows a date is passed over by its parser.
        guard text.dropLast().utf8.allSatisfy({ $0.isASCIIDigit || "-:T.+".utf8.contains($0) }),
            let last = text.utf8.last, last.isASCIIDigit || last == UInt8(ascii: "Z"),
            let date = try? ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")).parse(text)
        else { return nil }
        self = date
    }
}
