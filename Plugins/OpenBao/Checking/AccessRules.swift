import JSON5Syntax
import KeyHooks

/// A secret with a key in it, or a pattern of such secrets.
struct KeyPath: Hashable, Sendable {
    var kind = SecretKind.kv
    let mount: BaoMount
    let segments: [PathTemplate.Segment]

    /// What it is, as the subject of a sentence.
    let words: String
}

extension BaoPlace {
    /// The secrets of all requests.
    var pattern: KeyPath {
        let mount = BaoMount(namespace: namespace, path: mount)
        return KeyPath(kind: kind, mount: mount, segments: segments, words: "The key \(words)")
    }
}

extension BaoSection {
    /// Everything that the section needs to be allowed, whatever is asked for: what a policy is made of.
    ///
    /// - Parameters:
    ///   - isWriting: Whether secrets are to be written, rotated, deleted and listed as well.
    ///   - version: The version of the engine at a mount.
    /// - Returns: The rules, some of them for the same path.
    func rules(writing isWriting: Bool, _ version: (BaoMount) -> KVVersion) -> [AccessRule] {
        rules(for: places.map(\.pattern), writing: isWriting, version)
    }

    /// Everything that the section needs to be allowed if these are the keys that are asked for.
    func rules(for keys: [KeyPath], writing isWriting: Bool, _ version: (BaoMount) -> KVVersion) -> [AccessRule] {
        var rules: [AccessRule] = []
        let lent = keys.filter(\.kind.isLent)
        let keys = keys.filter { !$0.kind.isLent }
        rules += lent.flatMap(borrowing)
        if manager?.access.isReadable ?? true {
            rules += keys.map { key in
                AccessRule(
                    namespace: key.mount.namespace,
                    path: PolicyPath(key.mount.data(version(key.mount)), key.segments),
                    capabilities: [.read],
                    reasons: ["\(key.words)."]
                )
            }
        }
        guard let manager else {
            return isWriting ? rules + keys.flatMap { writing($0, version($0.mount)) } : rules
        }
        for mount in mounts {
            rules += names(below: manager, mount, version(mount), writing: isWriting)
        }
        return rules
    }

    /// What borrowing a key, keeping it and giving it back needs.
    private func borrowing(_ key: KeyPath) -> [AccessRule] {
        func rule(
            _ base: [String],
            _ rest: [PathTemplate.Segment],
            _ capability: BaoCapability,
            _ reason: String
        ) -> AccessRule {
            AccessRule(
                namespace: key.mount.namespace,
                path: PolicyPath(base, rest),
                capabilities: [capability],
                reasons: [reason]
            )
        }
        let base = key.mount.path + [key.kind.part]
        let (renewed, revoked) = (
            "Renews what was lent while it is used. This reaches every lease or token whose name is known.",
            "Gives back what was lent. This reaches every lease or token whose name is known."
        )
        let leases = [
            rule(["sys", "leases"], [.exactly("renew")], .update, renewed),
            rule(["sys", "leases"], [.exactly("revoke")], .update, revoked),
        ]
        switch key.kind {
        case .kv: return []
        case .creds: return [rule(base, key.segments, .read, "\(key.words), which is lent.")] + leases
        case .library:
            return [
                rule(base, key.segments + [.exactly("check-out")], .update, "\(key.words), checked out.")
            ] + leases
        case .tokenRole:
            return [
                rule(base, key.segments, .update, "\(key.words): a token is made for it."),
                rule(key.mount.path, [.exactly("renew-accessor")], .update, renewed),
                rule(key.mount.path, [.exactly("revoke-accessor")], .update, revoked),
            ]
        }
    }

    /// What storing a key at its place needs.
    private func writing(_ key: KeyPath, _ version: KVVersion) -> [AccessRule] {
        func rule(_ base: [String], _ capabilities: Set<BaoCapability>, _ reason: String) -> AccessRule {
            AccessRule(
                namespace: key.mount.namespace,
                path: PolicyPath(base, key.segments),
                capabilities: capabilities,
                reasons: [reason]
            )
        }
        let mount = key.mount.path
        guard version == .two else { return [rule(mount, Self.change, "\(key.words).")] }
        return [
            rule(mount + ["data"], Self.change.union([.patch]), "\(key.words)."),
            rule(mount + ["metadata"], Self.describe, Self.describing),
        ] + Self.versions.map { rule(mount + [$0.part], [.update], $0.reason) }
    }

    /// What a manager needs for secrets by their names.
    private func names(
        below manager: SecretManagerSettings,
        _ mount: BaoMount,
        _ version: KVVersion,
        writing isWriting: Bool
    ) -> [AccessRule] {
        let isWriting = isWriting && manager.access.isWritable
        let prefix = manager.prefix
        func rule(_ base: [String], _ capabilities: Set<BaoCapability>, _ reason: String) -> AccessRule {
            AccessRule(
                namespace: mount.namespace,
                path: PolicyPath(base, beginning: prefix),
                capabilities: capabilities,
                reasons: [reason]
            )
        }
        let any = "Any secret of \(name)"
        let narrower = prefix.isEmpty ? " 'prefix' there makes it narrower." : ""
        guard isWriting else {
            // A manager without keys is there for programs that read secrets by their names.
            guard places.isEmpty, manager.access.isReadable else { return [] }
            return [rule(mount.data(version), [.read], "\(any).\(narrower)")]
        }
        let reading: Set<BaoCapability> = manager.access.isReadable ? [.read] : []
        let words = "\(any), \(reading.isEmpty ? "" : "read, ")written and deleted.\(narrower)"
        let lists = manager.access.isReadable
        guard version == .two else {
            return [rule(mount.path, reading.union(Self.change).union(lists ? [.list] : []), words)]
                + folder(of: prefix, mount.path, mount.namespace, lists)
        }
        let metadata = mount.path + ["metadata"]
        return [
            rule(mount.data(version), reading.union(Self.change).union([.patch]), words),
            rule(
                metadata,
                Self.describe.union(lists ? [.list] : []),
                lists ? Self.describingAndListing : Self.describing
            ),
        ] + folder(of: prefix, metadata, mount.namespace, lists)
            + Self.versions.map { rule(mount.path + [$0.part], [.update], $0.reason) }
    }

    /// The list of the folder that names lie in whose prefix isn't a whole folder.
    private func folder(of prefix: String, _ base: [String], _ namespace: String?, _ lists: Bool) -> [AccessRule] {
        guard lists, !prefix.isEmpty, !prefix.hasSuffix("/") else { return [] }
        let folders = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
        let path = PolicyPath(listing: base + folders)
        let reason = "The folder that these names are in: its list has the other names there too."
        return [
            AccessRule(namespace: namespace, path: path, capabilities: [.list], reasons: [reason])
        ]
    }

    private static let change: Set<BaoCapability> = [.create, .update, .delete]
    private static let describe: Set<BaoCapability> = [.read, .patch, .delete]
    private static let describing = "Descriptions and tags, and the deletion of all versions."
    private static let describingAndListing = "Lists, descriptions and tags, and the deletion of all versions."
    private static let versions = [
        (part: "destroy", reason: "The old version, retired after a rotation."),
        (part: "undelete", reason: "Deleted versions, brought back."),
    ]
}

extension BaoMount {
    /// Where the engine keeps what secrets hold.
    fileprivate func data(_ version: KVVersion) -> [String] { version == .two ? path + ["data"] : path }
}
