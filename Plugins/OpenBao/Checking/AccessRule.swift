import KeyHooks

/// What a token may do with a path, in the order in which policies write it.
package enum BaoCapability: String, CaseIterable, Hashable, Sendable, Encodable {
    case create, read, update, patch, delete, list
}

/// The version of a KV engine.
package enum KVVersion: Int, Hashable, Sendable {
    case one = 1
    case two
}

/// What KeyHooks must be allowed on one path of OpenBao.
struct AccessRule: Sendable {
    /// The namespace of the path; nil for the root.
    let namespace: String?

    let path: PolicyPath
    var capabilities: Set<BaoCapability>

    /// What it is for, in a sentence each.
    var reasons: [String]
}

extension [AccessRule] {
    /// The rules with one for each path, and none that takes away what a wider one gives.
    ///
    /// Of several rules that match a path, the most exact one decides alone. So each also gets what those give that
    /// match some of the same paths, unless it is certainly weaker than they are.
    func combined() -> [AccessRule] {
        var combined: [AccessRule] = []
        for rule in self {
            let known = combined.firstIndex { $0.namespace == rule.namespace && $0.path.text == rule.path.text }
            guard let known else {
                combined.append(rule)
                continue
            }
            combined[known].capabilities.formUnion(rule.capabilities)
            combined[known].reasons += rule.reasons.filter { !combined[known].reasons.contains($0) }
        }
        return combined.map { rule in
            var rule = rule
            for other in combined
            where other.namespace == rule.namespace && other.path.overlaps(rule.path)
                && (other.path.covers(rule.path) || !rule.path.covers(other.path))
            {
                rule.capabilities.formUnion(other.capabilities)
            }
            return rule
        }
    }
}
