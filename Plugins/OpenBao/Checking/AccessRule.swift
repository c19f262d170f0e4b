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
        var places: [AccessRule.Place: Int] = [:]
        for rule in self {
            guard let known = places[rule.place] else {
                places[rule.place] = combined.count
                combined.append(rule)
                continue
            }
            combined[known].capabilities.formUnion(rule.capabilities)
            combined[known].reasons += rule.reasons.filter { !combined[known].reasons.contains($0) }
        }
        // An exact path is never wider than another one, and what it crosses is.
        let patterns = Dictionary(grouping: combined.filter { !$0.path.isExact }, by: \.beginning)
            .mapValues { Dictionary(grouping: $0, by: \.capabilities) }
        return combined.map { rule in
            var rule = rule
            let general = AccessRule.Beginning(namespace: rule.namespace, segments: [])
            let beginnings =
                rule.beginning == general
                ? patterns.keys.filter { $0.namespace == rule.namespace } : [general, rule.beginning]
            for beginning in beginnings {
                for (capabilities, others) in patterns[beginning] ?? [:]
                where !capabilities.isSubset(of: rule.capabilities) {
                    let counts = others.contains { other in
                        other.path.overlaps(rule.path)
                            && (other.path.covers(rule.path) || !rule.path.covers(other.path))
                    }
                    if counts { rule.capabilities.formUnion(capabilities) }
                }
            }
            return rule
        }
    }
}

extension AccessRule {
    /// What makes two rules one.
    struct Place: Hashable {
        let namespace: String?
        let path: String
    }

    var place: Place { Place(namespace: namespace, path: path.text) }

    /// What rules that match the same paths have in common, so that not all need to be compared.
    struct Beginning: Hashable {
        let namespace: String?

        /// The mount and a part of the engine; none for a path with wildcards there.
        let segments: [PolicyPath.Segment]
    }

    fileprivate var beginning: Beginning {
        let segments = Array(path.segments.prefix(2))
        let isSaid = segments.count == 2 && !segments.contains(.any)
        return Beginning(namespace: namespace, segments: isSaid ? segments : [])
    }
}

/// The rules of a policy, to find the one for a path.
struct AdvisedRules {
    private let exact: [AccessRule.Place: AccessRule]
    private let patterns: [AccessRule]

    init(_ rules: [AccessRule]) {
        exact = Dictionary(rules.map { ($0.place, $0) }) { first, _ in first }
        patterns = rules.filter { !$0.path.isExact }
    }

    /// The rule that allows what another one does, and perhaps more.
    func rule(for rule: AccessRule) -> AccessRule {
        if let same = exact[rule.place] { return same }
        return patterns.first {
            $0.namespace == rule.namespace && $0.path.covers(rule.path)
                && $0.capabilities.isSuperset(of: rule.capabilities)
        } ?? rule
    }
}
