/// Which services a hook is for: ids and patterns.
///
/// In a pattern `*` stands for any characters, so `azure*` is `azure` and `azure_embeddings`. Ids and patterns are
/// normalised as ``Service`` does, and an alias stands for its service.
public struct ServiceFilter: Hashable, Sendable, ExpressibleByArrayLiteral {
    private var ids: Set<Service> = []
    private var patterns: [[String]] = []

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
                patterns.append(Self.normalised(parts))
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
        ids.contains(service) || patterns.contains { Self.matches($0, service.id) }
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

    private static func matches(_ parts: [String], _ id: String) -> Bool {
        guard let first = parts.first, let last = parts.last, id.hasPrefix(first) else { return false }
        var rest = id.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
