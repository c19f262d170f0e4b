import JSON5Syntax
public import LightFoundation

/// What a read of a ``KeySource`` may return: a ``SourceReading``, or an optional text.
public protocol SourceResult: Sendable {
    /// What the key is picked from.
    associatedtype Content: Sendable

    /// The result in full.
    var sourceReading: SourceReading<Content> { get }
}

extension Optional: SourceResult where Wrapped == String {
    /// What was read; nil says that there is nothing.
    public var sourceReading: SourceReading<String> { map { .found($0) } ?? .absent() }
}

/// What a location holds, with what its source knows of it.
public struct SourceReading<Content: Sendable>: SourceResult {
    /// What was read; nil for an absence without content.
    package let content: Content?

    /// Whether the source said with authority that there is nothing.
    package let isAbsence: Bool

    /// Why there is nothing.
    package let reason: String

    /// Where a key is to be put.
    package let remedy: String

    /// The version of what was read, in the source's own terms.
    package var version: String?

    /// When it ends, on the source's clock.
    package var expiresAt: Date?

    /// How long it is good for, counted from now; it is never served after that.
    package var lifetime: Duration?

    /// How long it is believed at most, where the source says so; the user's `ttl` may only shorten it.
    package var timeToLive: Duration?

    /// Whether the user's `ttl` shortens that; it doesn't what a source says of everything it will ever be asked.
    package var obeysRules = true

    /// How new it is in the order of its source; nil if the source has none.
    ///
    /// What is older than the newest that the cache gave out for the location is neither kept nor given: what is there
    /// is served as after a failure that will pass, and without it the read fails as
    /// ``KeyResolutionError/Code/outdated``.
    package var rank: CacheRank?

    /// The newer one that this one comes after all the same, as the source made sure; no other is overridden.
    package var replaced: CacheRank?

    /// Which of the readings of its pipeline it is, in the order in which they were begun.
    private(set) var number: UInt64 = 0

    private init(_ content: Content?, isAbsence: Bool, reason: String = "", remedy: String = "") {
        self.content = content
        self.isAbsence = isAbsence
        self.reason = displayLines(reason)
        self.remedy = displayLines(remedy)
    }

    /// Something is there.
    ///
    /// - Parameters:
    ///   - content: What was read.
    ///   - version: Its version, in the source's own terms; it is shown.
    ///   - expiresAt: When it ends; it is never given after that.
    /// - Returns: The reading.
    public static func found(_ content: Content, version: String? = nil, expiresAt: Date? = nil) -> Self {
        var reading = Self(content, isAbsence: false)
        reading.version = version
        reading.expiresAt = expiresAt
        return reading
    }

    /// Nothing is there, and the source is sure of it.
    ///
    /// A failure is thrown, never returned as an absence.
    ///
    /// - Parameters:
    ///   - reason: Why, such as "no such secret"; without a value.
    ///   - remedy: One line that says where a key is to be put; a command goes behind a colon.
    /// - Returns: The reading.
    public static func absent(_ reason: String = "", remedy: String = "") -> Self {
        Self(nil, isAbsence: true, reason: reason, remedy: remedy)
    }

    /// Nothing is there, and ``KeySource/key(for:in:)`` says more about it for each request.
    ///
    /// With a label, so that a reason is never taken for content where that is a text as well.
    package static func absent(content: Content) -> Self {
        Self(content, isAbsence: true)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var sourceReading: Self { self }

    /// The reading as the cache takes it, under the `ttl` of a rule.
    func kept(under ruled: Duration?, _ number: UInt64) -> Self {
        var reading = self
        reading.number = number
        if obeysRules, let ruled { reading.timeToLive = min(timeToLive ?? ruled, ruled) }
        return reading
    }
}

extension SourceReading: CustomReflectable {
    /// Leaves the content out.
    public var customMirror: Mirror { Mirror(self, children: ["isAbsence": isAbsence]) }
}

extension SourceReading: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { isAbsence ? "SourceReading(absent)" : "SourceReading(redacted)" }
}

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
