import JSON5Syntax
import KeyHooks
import ServerSettings

/// Asks what the mounts are and what the token may do there; no secret is read.
struct AccessCheck: Sendable {
    let group: SectionGroup
    let reader: SecretReader

    /// What the token must be allowed for the keys that are wanted.
    let needs: @Sendable (_ version: (BaoMount) -> KVVersion) -> [AccessRule]

    /// The same for whatever may be asked for: the policy that is advised.
    let advice: @Sendable (_ version: (BaoMount) -> KVVersion) -> [AccessRule]

    /// What the server says of a mount.
    private enum Mount: Sendable {
        case kv(KVVersion)
        case other(type: String)

        /// There is none, or the token may do nothing there: the server doesn't tell these apart.
        case unseen
        case unknown(KeyResolutionError)
    }

    func findings() async -> [CheckFinding] {
        var mounts: [(BaoMount, Mount)] = []
        let all = group.sections.flatMap { $0.mounts + $0.lendingMounts }
            .reduce(into: [BaoMount]()) { if !$0.contains($1) { $0.append($1) } }
        for mount in all { mounts.append((mount, await look(at: mount))) }
        let versions = Dictionary(
            uniqueKeysWithValues: mounts.compactMap { mount, found in
                if case .kv(let version) = found { (mount, version) } else { nil }
            }
        )
        let rules = needs { versions[$0] ?? .two }
        var findings: [CheckFinding] = []
        var paths: [String] = []
        for rule in rules {
            if let way = group.way(to: rule.namespace) {
                paths.append(rule.path.within(way).text)
            } else {
                let reason = LeastPrivilegePolicy.unreachable(rule.namespace, from: group)
                findings.append(.failed(rule.path.text, .denied, reason, remedy: "set 'loginNamespace'"))
            }
        }
        let answer = await capabilities(on: paths)
        guard case .success(let capabilities) = answer else {
            if case .failure(let finding) = answer { findings.append(finding.finding) }
            return mounts.compactMap { finding($0, $1, isAllowed: nil) } + findings
        }
        let advised = AdvisedRules(advice { versions[$0] ?? .two })
        for (rule, path) in zip(rules.filter { group.way(to: $0.namespace) != nil }, paths) {
            findings.append(finding(rule, path, capabilities[path] ?? [], advised.rule(for: rule)))
        }
        let ofMounts = mounts.compactMap { mount, found in
            let below = rules.filter { $0.namespace == mount.namespace && $0.path.isBelow(mount.path) }
            let isAllowed = below.contains { rule in
                let path = group.way(to: rule.namespace).map { rule.path.within($0).text }
                return path.flatMap { capabilities[$0] }?.contains { $0 != "deny" } ?? false
            }
            return finding(mount, found, isAllowed: isAllowed)
        }
        return ofMounts + findings
    }
}

extension AccessCheck {
    private func look(at mount: BaoMount) async -> Mount {
        let path = "/v1/sys/internal/ui/mounts/" + mount.path.map(percentEncoded).joined(separator: "/")
        let date = reader.client.clock.date
        do {
            let reply = try await reader.send(BaoRequest(path: path, namespace: mount.namespace), within: nil) {
                reply in
                switch reply.status {
                case 200...299 where reply.isOwn: nil
                case 403, 404: reply.isOwn ? nil : BaoFailure(reply, reading: mount.words, now: date())
                default: BaoFailure(reply, reading: mount.words, now: date())
                }
            }
            guard let data = reply.json?["data"], let type = data["type"]?.string else { return .unseen }
            guard type == "kv" || type == "generic" else { return .other(type: type) }
            return .kv(data["options"]?["version"]?.string == "2" ? .two : .one)
        } catch {
            return .unknown(TokenCheck.known(error))
        }
    }

    private func finding(_ mount: BaoMount, _ found: Mount, isAllowed: Bool?) -> CheckFinding? {
        let step = "mount \(mount.words)"
        let lends = group.sections.contains { $0.lendingMounts.contains(mount) && !$0.mounts.contains(mount) }
        switch found {
        case .kv where lends:
            let reason = "it is a KV engine, which lends nothing"
            return .failed(step, .invalidConfiguration, reason, remedy: "check 'mount'")
        case .other(let type) where lends:
            return .passed(step, "an engine of type '\(displayText(type))'; whether it has the role isn't looked at")
        case .kv(let version):
            let said = group.sections.compactMap(\.configuration.kv).first
            if let said, said != version.rawValue {
                let reason = "it is a KV engine of version \(version.rawValue), and 'kv' says \(said)"
                return .failed(step, .invalidConfiguration, reason, remedy: "check 'mount', or change 'kv'")
            }
            guard version == .one, group.sections.contains(where: { $0.manager?.access.isWritable == true }) else {
                return .passed(step, "a KV engine of version \(version.rawValue)")
            }
            return .failed(
                step,
                .invalidConfiguration,
                "it isn't a KV engine of version 2, which writing needs",
                remedy: "check 'mount', or upgrade the engine: 'bao kv enable-versioning'"
            )
        case .other(let type):
            let reason = "it isn't a KV engine, but '\(displayText(type))'"
            return .failed(step, .invalidConfiguration, reason, remedy: "check 'mount' and 'namespace'")
        case .unknown(let error): return .failed(step, error)
        case .unseen where isAllowed == true:
            let reason = "there is no such mount, though the token would be allowed to read there"
            return .failed(step, .invalidConfiguration, reason, remedy: "check 'mount' and 'namespace'")
        case .unseen where isAllowed == nil:
            return .skipped(step, "there is none, or the token may do nothing there")
        // What the token lacks is said of its paths.
        case .unseen:
            let remedy = "check 'mount' and 'namespace', if the policy is as it should be"
            return .skipped(step, "there is none, or the token may do nothing there", remedy: remedy)
        }
    }

    /// What kept it from being asked.
    private struct Unanswered: Error {
        let finding: CheckFinding
    }

    /// What the token may do on paths as its namespace sees them, in one request.
    private func capabilities(on paths: [String]) async -> Result<[String: [String]], Unanswered> {
        guard !paths.isEmpty else { return .success([:]) }
        let date = reader.client.clock.date
        do {
            let list = JSONNode.array(Set(paths).sorted().map { .string($0) })
            let request = BaoRequest(
                method: "POST",
                path: "/v1/sys/capabilities-self",
                namespace: reader.tokenNamespace,
                body: try JSONNode.object(["paths": list]).jsonBytes()
            )
            let reply = try await reader.send(request, within: nil) { reply in
                switch reply.status {
                case 200...299 where reply.isOwn: nil
                case 403 where reply.isOwn: nil
                default: BaoFailure(reply, reading: "what the token may do", now: date())
                }
            }
            guard reply.status != 403 else {
                let reason = "not known: the token may not ask what it may do (sys/capabilities-self)"
                let remedy = "add the policy 'default', or the last lines of 'keyhooks openbao policy'"
                return .failure(Unanswered(finding: .failed("policy", .unsupported, reason, remedy: remedy)))
            }
            let members = reply.json?["data"]?.members ?? []
            let pairs = members.map { ($0.name, $0.value.elements?.compactMap(\.string) ?? []) }
            return .success(Dictionary(pairs) { first, _ in first })
        } catch {
            return .failure(Unanswered(finding: .failed("policy", TokenCheck.known(error))))
        }
    }

    private func finding(
        _ rule: AccessRule,
        _ path: String,
        _ allowed: [String],
        _ advice: AccessRule
    ) -> CheckFinding {
        let needed = BaoCapability.allCases.filter(rule.capabilities.contains)
        let missing = allowed.contains("root") ? [] : needed.filter { !allowed.contains($0.rawValue) }
        let reason = rule.reasons.first.map { String($0.dropLast()) } ?? ""
        guard !missing.isEmpty else {
            return .passed(path, "\(needed.map(\.rawValue).joined(separator: ", ")): \(reason)")
        }
        let advised = group.way(to: advice.namespace).map { advice.path.within($0).text } ?? path
        let capabilities = BaoCapability.allCases.filter(advice.capabilities.contains)
        let line = LeastPrivilegePolicy.Rule(path: advised, capabilities: capabilities, remarks: []).line
        return .failed(
            path,
            .denied,
            "the token lacks \(missing.map(\.rawValue).joined(separator: ", ")): \(reason)",
            remedy: "add to its policy: \(line)"
        )
    }
}

extension BaoMount {
    /// As people write it.
    fileprivate var words: String { path.joined(separator: "/") + (namespace.map { " in namespace \($0)" } ?? "") }
}

extension PolicyPath {
    /// Whether it lies below a mount.
    fileprivate func isBelow(_ mount: [String]) -> Bool {
        segments.count >= mount.count && zip(segments, mount).allSatisfy { $0 == .any || $0 == .exactly($1) }
    }
}
