import JSON5Syntax

/// What a ``KeySource`` picks out of what it read.
public struct SourceKey: Sendable {
    enum Pick: Sendable {
        case found(String, name: String?, detail: String?)
        case absent(reason: String, remedy: String, isUsual: Bool?)
        case notRequired
        case proceed
        case rewritten(Service)
    }

    let pick: Pick

    /// The key is there.
    ///
    /// - Parameters:
    ///   - value: The key.
    ///   - name: What it is called in its location, such as the name of a field; it is shown.
    /// - Returns: The pick.
    public static func found(_ value: String, name: String? = nil) -> Self {
        Self(pick: .found(value, name: name, detail: nil))
    }

    /// The key isn't there; the next source is asked.
    ///
    /// - Parameters:
    ///   - reason: What is there instead, such as "no field OPENAI_API_KEY"; without a value.
    ///   - remedy: One line that says where a key is to be put; a command goes behind a colon.
    ///   - isUsual: Whether nothing has to be wrong, so that a warning is short. Nil if it is usual unless the user or
    ///     the registration named the source for this service.
    /// - Returns: The pick.
    public static func absent(_ reason: String = "", remedy: String = "", isUsual: Bool? = nil) -> Self {
        Self(pick: .absent(reason: reason, remedy: remedy, isUsual: isUsual))
    }

    /// The service needs no key, and nobody else is asked.
    public static var notRequired: Self { Self(pick: .notRequired) }

    /// The first of some names that has a value; a blank one counts as none.
    ///
    /// - Parameters:
    ///   - names: The names, in order; ``KeyRequest/names`` has the variables of what is wanted.
    ///   - fields: What was read.
    /// - Returns: The value with its name, or an absence that says what was tried.
    public static func first(of names: [String], in fields: [String: String]) -> Self {
        var blank: [String] = []
        for name in names {
            // Byte by byte: to Swift a Kelvin sign is a K, and to no store.
            guard let index = fields.index(forKey: name), fields[index].key.hasSameBytes(as: name) else { continue }
            let value = fields[index].value
            guard value.allSatisfy(\.isWhitespace) else { return .found(value, name: name) }
            blank.append(name)
        }
        let missing = names.filter { !blank.contains($0) }
        let parts =
            blank.map { "field \($0) is empty" }
            + (missing.isEmpty ? [] : ["no field \(missing.joined(separator: ", "))"])
        return .absent(parts.joined(separator: "; "))
    }

    /// The key is there, with all that is shown of its place.
    package static func found(_ value: String, detail: String?) -> Self {
        Self(pick: .found(value, name: nil, detail: detail ?? ""))
    }

    /// The next source is asked, and nothing is said of this one.
    package static var proceed: Self { Self(pick: .proceed) }

    /// The next source is asked, for another service.
    package static func rewritten(to service: Service) -> Self { Self(pick: .rewritten(service)) }
}

extension SourceKey {
    /// A named field in a text that may be a JSON object; never the text itself, which is the main key.
    init(_ field: String, names: [String], inText text: String) {
        guard text.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "{"),
            let members = try? JSONParser.parse(text.utf8, syntax: .jsonKeepingNumbers)
        else {
            self = .absent("it is one text, and has no fields")
            return
        }
        var fields: [String: String] = [:]
        let tried = names + (names.contains(field) ? [] : [field])
        for name in tried {
            switch members[name]?.kind {
            case .string(let value)?: fields[name] = value
            case .number?: fields[name] = (try? members[name]?.jsonBytes()).map { String(decoding: $0, as: UTF8.self) }
            default: break
            }
        }
        self = .first(of: tried, in: fields)
    }
}

extension SourceKey: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "SourceKey(redacted)" }
}

extension SourceKey: CustomReflectable {
    /// Leaves the value out.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
