/// Which services a hook is for: ids and patterns.
///
/// In a pattern `*` stands for any characters, so `azure*` is `azure` and `azure_embeddings`. Ids and patterns are
/// normalised as ``Service`` does, and an alias stands for its service.
public struct ServiceFilter: Hashable, Sendable, ExpressibleByArrayLiteral {
    private var ids: Set<Service> = []
    private var patterns: [ServicePattern] = []

    /// Makes a filter.
    ///
    /// - Parameters:
    ///   - names: Ids, aliases and patterns; none at all match nothing.
    ///   - catalogue: What the aliases mean.
    public init(_ names: [String], catalogue: ServiceCatalogue = .standard) {
        for name in names {
            let parts = name.split(separator: "*", omittingEmptySubsequences: false)
            if parts.count == 1 {
                ids.insert(catalogue.canonical(Service(name)))
            } else {
                patterns.append(ServicePattern(Self.normalised(parts)))
            }
        }
    }

    /// Makes a filter with the aliases of the catalogue that ships with the package.
    public init(arrayLiteral names: String...) {
        self.init(names)
    }

    /// Whether a service is meant.
    ///
    /// - Parameter service: The service, by its canonical id.
    /// - Returns: Whether one of the names stands for it.
    public func contains(_ service: Service) -> Bool {
        // Each call for any service passes here, so what most filters lack is not asked.
        if !ids.isEmpty, ids.contains(service) { return true }
        for pattern in patterns where pattern.matches(service.id) { return true }
        return false
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
