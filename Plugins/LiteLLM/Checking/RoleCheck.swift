import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// Looks at one role: its models, whose its keys are, and what bounds them.
struct RoleCheck: Sendable {
    let role: MintingRole
    let client: LiteLLMClient

    /// Nil if it isn't there.
    let adminKey: APIKey?

    /// Nil if they aren't known.
    let models: ProxyModels?

    /// Whether the proxy can be asked.
    let isAsked: Bool

    private var step: String { "role \(role.name)" }

    private var settings: VirtualKeyRole { role.role }

    func findings() async -> [CheckFinding] {
        var findings = faultsOfModels()
        if let fault = await faultOfStatic() { findings.append(fault) }
        if isAsked { findings += await faultsOfOwners() }
        let isGood = findings.allSatisfy { $0.code == nil }
        findings += remarks()
        guard isGood else { return findings }
        let unseen = isAsked ? "" : "; whether the proxy takes it isn't looked at"
        return [.passed(step, "its keys \(life)\(unseen)")] + findings
    }

    private var life: String {
        guard let period = settings.staticPeriod else {
            let (life, maximum) = (settings.duration, settings.maximum)
            return "last \(VirtualKeyRole.words(life)), renewed up to \(VirtualKeyRole.words(maximum))"
        }
        return "are one for all, another each \(VirtualKeyRole.words(period))"
    }

    private func faultsOfModels() -> [CheckFinding] {
        guard let models else { return [] }
        let named =
            settings.models.map { ("'models' has '\(displayText($0))'", $0) }
            + settings.aliases.sorted { $0.key < $1.key }
            .map { ("the alias '\(displayText($0.key))' means '\(displayText($0.value))'", $0.value) }
        var findings: [CheckFinding] = []
        for (place, name) in named {
            switch models.verdict(on: name) {
            case .known: break
            case .pattern:
                findings.append(.skipped(step, "\(place), a pattern: which models it means isn't looked at"))
            case .unknown(let suggestion):
                let remedy =
                    suggestion.map { "did you mean '\(displayText($0))'?" }
                    ?? "add the model to the proxy, or take it out"
                let reason = "\(place), which the proxy doesn't have"
                guard settings.teamID == nil else {
                    findings.append(.skipped(step, "\(reason), unless the team does", remedy: remedy))
                    continue
                }
                findings.append(.failed(step, .invalidConfiguration, reason, remedy: remedy))
            }
        }
        return findings
    }

    private func faultOfStatic() async -> CheckFinding? {
        guard settings.staticPeriod != nil, let adminKey else { return nil }
        guard adminKey.value.utf8.count >= VirtualKeyMinter.shortestAdminKey else {
            return .failed(step, VirtualKeyMinter.shortAdminKey.error)
        }
        // No key comes of it: LiteLLM 1.108 looks at whether it takes the key before it reads the duration.
        let random = VirtualKeyMinter.randomKey()
        let members = [JSONMember("key", .string(random)), JSONMember("duration", .string("unreadable"))]
        let request = LiteLLMRequest(
            method: "POST",
            path: "/key/generate",
            body: JSONNode(.object(members)),
            doing: "making keys for the role '\(role.name)'"
        )
        guard isAsked,
            let reply = try? await client.send(request, by: client.deadline, expecting: [.customKeys])
        else { return nil }
        guard reply.refusal() == .customKeys else {
            // Another version may take any duration; nobody has the key.
            let keys = VirtualKeys(client: client)
            _ = try? await keys.delete([VirtualKeys.hash(of: random)], by: client.deadline)
            return nil
        }
        return .failed(step, VirtualKeyMinter.needsOwn(request.doing).error)
    }

    /// Teams, users and organisations that don't depend on the request.
    private func faultsOfOwners() async -> [CheckFinding] {
        var findings: [CheckFinding] = []
        let owners = [
            ("team", "teamID", settings.teamID), ("user", "userID", settings.userID),
            ("organization", "organizationID", settings.organizationID),
        ]
        for (kind, setting, template) in owners {
            guard let id = template?.replacing("{role}", with: role.name), !id.contains("{") else { continue }
            let request = LiteLLMRequest(
                path: "/\(kind)/info?\(kind)_id=\(percentEncoded(id))",
                doing: "looking at '\(setting)'"
            )
            do {
                _ = try await client.send(request, by: client.deadline)
            } catch let failure as LiteLLMFailure where failure.refusal == .licence {
                let reason = "'\(setting)' can't be looked at: the proxy wants a licence for it"
                findings.append(.skipped(step, reason, remedy: "take it out, or give the proxy its licence"))
            } catch let failure as LiteLLMFailure where failure.refusal == .user {
                let reason =
                    "the proxy knows no user '\(displayText(id))': keys are made for it, and no budget of a user counts"
                findings.append(.skipped(step, reason, remedy: "make the user in LiteLLM"))
            } catch {
                findings.append(.failed(step, LiteLLMAdministration.known(error)))
            }
        }
        return findings
    }

    /// What works, and may not be what was meant.
    private func remarks() -> [CheckFinding] {
        var findings: [CheckFinding] = []
        if settings.models.isEmpty, settings.teamID == nil {
            let reason = "its keys may use all models that the proxy has"
            findings.append(.skipped(step, reason, remedy: "name the models in 'models'"))
        }
        let isCounted = settings.teamID != nil || settings.userID != nil || settings.organizationID != nil
        let isBounded = settings.maxBudget != nil || settings.request.keys.contains(where: Self.budgets.contains)
        if !isBounded, !isCounted {
            let remedy = "write 'maxBudget' in US dollars, or count its keys for a team that has a budget"
            findings.append(.skipped(step, "nothing bounds what its keys spend", remedy: remedy))
        }
        if isBounded, !isCounted, settings.staticPeriod == nil {
            let reason =
                "its budget is one for each key: the key that takes its place begins at zero, and so does that of "
                + "another scope or process"
            let remedy = "for a bound on all of them, give 'teamID' or 'userID' a budget in LiteLLM"
            findings.append(.skipped(step, reason, remedy: remedy))
        }
        if let text = settings.budgetDuration, let time = VirtualKeyRole.time(text), settings.staticPeriod == nil,
            time > settings.maximum
        {
            let maximum = VirtualKeyRole.words(settings.maximum)
            let reason = "'budgetDuration' is \(text), and no key lasts longer than \(maximum): it never takes effect"
            let remedy = "give the budget to a team or a user, raise 'maximum', or take 'budgetDuration' out"
            findings.append(.skipped(step, reason, remedy: remedy))
        }
        let licensed =
            (settings.tags.isEmpty ? [] : ["tags"]) + (settings.guardrails.isEmpty ? [] : ["guardrails"])
            + settings.request.keys.filter(Self.licensed.contains).sorted()
            + (settings.permissions.keys.contains("get_spend_routes") ? ["permissions.get_spend_routes"] : [])
        if !licensed.isEmpty {
            let reason =
                "\(licensed.joined(separator: ", ")): without a licence the proxy makes no key with that"
            findings.append(.skipped(step, reason, remedy: "see that the proxy has one, or take it out"))
        }
        return findings
    }

    /// Members of the request that bound what is spent.
    private static let budgets: Set<String> = ["budget_id", "budget_limits", "model_max_budget"]

    /// Members of the request that LiteLLM 1.108 refuses without a licence.
    private static let licensed: Set<String> = [
        "policies", "prompts", "allowed_passthrough_routes", "disable_global_guardrails", "model_max_budget",
    ]
}

extension VirtualKeyRole {
    /// How long a period of LiteLLM's is, such as `30d`; a month counts as 28 days, the shortest there is.
    fileprivate static func time(_ text: String) -> Duration? {
        let units: [Substring: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 28 * 86_400]
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Double(digits), let unit = units[text.dropFirst(digits.count)] else { return nil }
        return .seconds(number * unit)
    }

    /// A time in its largest whole unit, such as `90s` or `1d`.
    package static func words(_ time: Duration) -> String {
        let seconds = Int(time / .seconds(1))
        let units = [(86_400, "d"), (3600, "h"), (60, "m")]
        guard let (size, unit) = units.first(where: { seconds >= $0.0 && seconds % $0.0 == 0 }) else {
            return "\(seconds)s"
        }
        return "\(seconds / size)\(unit)"
    }
}
