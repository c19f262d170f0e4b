public import ExtensionHooks

/// Which services a hook is for: ids and patterns.
///
/// In a pattern `*` stands for any characters, so `azure*` is `azure` and `azure_embeddings`. Ids and patterns are
/// normalised as ``Service`` does, and an alias stands for its service.
public struct ServiceFilter: Hashable, Sendable, ExpressibleByArrayLiteral {
    private var ids: Set<Service> = []
    private var patterns: [ServicePattern] = []
    @usableFromInline var beginnings = FirstBytes()

    /// Makes a filter.
    ///
    /// - Parameters:
    ///   - names: Ids, aliases and patterns; none at all match nothing.
    ///   - catalogue: What the aliases mean.
    public init(_ names: [String], catalogue: ServiceCatalogue = .standard) {
        for name in names {
            let parts = name.split(separator: "*", omittingEmptySubsequences: false)
            if parts.count == 1 {
                let id = catalogue.canonical(Service(name))
                ids.insert(id)
                beginnings.insert(id.id.utf8.first)
            } else {
                let texts = Self.normalised(parts)
                patterns.append(ServicePattern(texts))
                beginnings.insert(texts[0].utf8.first)
            }
        }
    }

    /// Makes a filter with the aliases of the catalogue that ships with the package.
    public init(arrayLiteral names: String...) { self.init(names) }

    /// Whether a service is meant.
    ///
    /// - Parameter service: The service, by its canonical id.
    /// - Returns: Whether one of the names stands for it.
    @inlinable
    public func contains(_ service: Service) -> Bool {
        // Each call for any service passes here, and most are for others.
        beginnings.contains(service.id.utf8.first) && names(service)
    }

    @usableFromInline
    func names(_ service: Service) -> Bool {
        if ids.contains(service) { return true }
        for pattern in patterns where pattern.matches(service.id) { return true }
        return false
    }

    /// The names in words, in one order and of very many the first, with what was probably meant by those that nobody
    /// knows.
    fileprivate var words: String {
        let shown = ids.sorted().prefix(8)
            .map { id in
                if PastedKey.isInPlaceOfService(id.id) { return "what looks like a key" }
                var meant = ServiceCatalogue.standard.suggestion(for: id)
                if let known = meant, id.id.hasPrefix("\(known)_") { meant = nil }
                return "\(id)\(meant.map { " (did you mean '\($0)'?)" } ?? "")"
            }
        let names = (shown + patterns.map(\.text)).prefix(8)
        return names.joined(separator: ", ") + (ids.count + patterns.count > 8 ? ", …" : "")
    }

    /// The literal parts of a pattern, normalised without losing a separator at the edge of a `*`.
    private static func normalised(_ parts: [Substring]) -> [String] {
        parts.map { part in
            guard !part.isEmpty else { return "" }
            let isSeparator: (Character) -> Bool = { "-._ \t".contains($0) }
            let id = Service(String(part)).id
            let opens = part.first.map(isSeparator) ?? false
            let closes = part.last.map(isSeparator) ?? false
            if id.isEmpty { return "_" }
            return (opens ? "_" : "") + id + (closes ? "_" : "")
        }
    }
}

/// The bytes that texts may begin with.
@usableFromInline
struct FirstBytes: Hashable, Sendable {
    @usableFromInline var low: UInt64 = 0
    @usableFromInline var high: UInt64 = 0

    @usableFromInline
    init() {}

    /// Adds a byte; nil and those beyond ASCII add all.
    mutating func insert(_ byte: UInt8?) {
        switch byte {
        case let byte? where byte < 64: low |= 1 << byte
        case let byte? where byte < 128: high |= 1 << (byte - 64)
        default: (low, high) = (.max, .max)
        }
    }

    /// Whether a text may begin so; true for those beyond ASCII.
    @inlinable
    func contains(_ byte: UInt8?) -> Bool {
        guard let byte, byte < 128 else { return true }
        return (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
    }
}

/// The texts between the `*` of a pattern.
private struct ServicePattern: Hashable, Sendable {
    /// Looked at first and byte by byte, since most services fail there.
    private let first: [UInt8]
    private let middle: [String]
    private let last: String

    init(_ parts: [String]) {
        first = Array((parts.first ?? "").utf8)
        middle = parts.dropFirst().dropLast().filter { !$0.isEmpty }
        last = parts.last ?? ""
    }

    var text: String { ([String(decoding: first, as: UTF8.self)] + middle + [last]).joined(separator: "*") }

    func matches(_ id: String) -> Bool {
        guard id.utf8.starts(with: first) else { return false }
        var rest = id[id.utf8.index(id.startIndex, offsetBy: first.count)...]
        for part in middle {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}

extension HookFilter where Arguments == KeyRequest {
    /// Runs a hook for some services only.
    ///
    /// The only start hook of a plugin is also asked for a service for which the user names the plugin: see
    /// ``ProviderSettings/plugins``. A user who says that a plugin has the keys of a service must not find that its
    /// author thought of others.
    ///
    /// - Parameter services: The services, as ids and patterns, such as `["openai", "azure*"]`.
    /// - Returns: The filter.
    public static func services(_ services: ServiceFilter) -> Self {
        Self("for other services: \(services.words)") { request, _ in services.contains(request.service) }
    }
}
