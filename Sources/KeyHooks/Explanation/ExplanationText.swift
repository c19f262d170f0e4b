import ExtensionHooks
import JSON5Syntax
import LightFoundation

/// An explanation as text that a person reads at a glance.
struct ExplanationText {
    private let explanation: KeyExplanation

    init(_ explanation: KeyExplanation) { self.explanation = explanation }

    var text: String {
        var lines = [headline]
        if let suggestion = explanation.suggestion {
            let question = explanation.hint?.dropFirst() ?? "id you mean '\(suggestion)'?"
            lines.append("  unknown service: the generic rule applies. D\(question)")
        } else if !explanation.isKnown {
            lines.append("  unknown service: the generic rule applies")
        }
        if let note = explanation.note { lines.append("  note: \(note)") }
        if let path = explanation.configuration { lines.append("  configuration: \(path)") }
        lines += section("rules, strongest first", rules)
        lines += section("hooks", hooks)
        lines += section("read by plugins", explanation.cached.flatMap(Self.cached))
        lines += section("places, strongest first (envPrecedence: \(explanation.precedence.rawValue))", places)
        lines += section("variables, in the order tried", variables(explanation.variables))
        for (field, variables) in explanation.fields.sorted(by: { $0.key < $1.key }) {
            lines += section("field \(field)", self.variables(variables))
        }
        lines += section("warnings", explanation.warnings)
        // Paths and settings come from files that anybody may have written.
        return displayLines(lines.joined(separator: "\n") + "\n")
    }

    private var headline: String {
        let asked = explanation.requested == explanation.service ? "" : " (asked for as \(explanation.requested))"
        return "\(explanation.service)\(asked): \(outcome)"
    }

    private var outcome: String {
        let answering = explanation.hooks.filter {
            $0.isEnabled && $0.point == "getAPIKey" && $0.phases.contains("start")
        }
        let names = answering.map(\.id).joined(separator: ", ")
        let exception = names.isEmpty ? "" : ", unless one of the hooks answers first (\(names))"
        switch explanation.outcome {
        case .found:
            let place = explanation.winner.map { "\($0.variable) in \(Self.place($0.place, $0.line))" } ?? "a constant"
            return place + exception
        case .notRequired: return "no key is set and none is required" + exception
        case .fields:
            let fields = explanation.fields.filter { $0.value.contains { $0.state == .set } }.keys.sorted()
            return "no main key, but its fields are set (\(fields.joined(separator: ", "))); read them by --field"
                + exception
        case .unreadable: return "no answer: \(explanation.winner?.place ?? "a file") isn't read" + exception
        case .absent where explanation.places.isEmpty:
            return names.isEmpty
                ? "no key: only plugins may answer for it ('only'), and none is asked"
                : "only what the hooks answer (\(names)): no variable may ('only')"
        case .absent where !names.isEmpty: return "only what the hooks answer (\(names)): no variable is set"
        // The question in the next line is worth more than the name that follows from a typing mistake.
        case .absent where explanation.suggestion != nil: return "no key"
        case .absent:
            let first = explanation.variables.first?.name ?? ""
            let files = explanation.places.map(\.name).filter { $0 != KeyEnvironment.processName }
            return "no key. Set \(first) \(KeyEnvironment.placesToSet(files))"
        }
    }

    private var rules: [String] {
        explanation.rules.map { rule in
            let value = rule.value.map { " = \($0)" } ?? ""
            return "\(rule.setting)\(value)  \(rule.place)\(rule.isOverridden ? "  (overridden)" : "")"
        }
    }

    private var hooks: [String] {
        // What is said of a kept key says it too.
        let kept = Set(explanation.cached.map(\.plugin))
        let off = explanation.pluginsOff.map { "not asked: \($0) (switched off)" }
        return explanation.hooks.isEmpty
            ? (off.isEmpty ? ["none"] : off)
            : explanation.hooks.enumerated()
                .map { index, hook in
                    let number = hook.isEnabled ? "\(index + 1)." : "-"
                    let fields = hook.point == "getAPIKey" ? "" : "for fields, "
                    let skips =
                        hook.isEnabled && hook.allowsFallback && !kept.contains(HookID(hook.id).plugin)
                        ? "; may be skipped while unavailable" : ""
                    let phases = hook.phases.joined(separator: " and ")
                    return "\(number) \(hook.id)  \(fields)\(phases)  (\(hook.reason)\(skips))"
                } + off
    }

    private static func cached(_ report: CachedKeyReport) -> [String] {
        var facts = [report.state == .notRead ? "not read yet" : report.state.rawValue]
        if let version = report.version { facts.append("version \(version)") }
        if let age = report.age { facts.append("read \(Int(age)) s ago") }
        if let left = report.expiresIn { facts.append(left <= 0 ? "TTL over" : "TTL ends in \(Int(left)) s") }
        if let retry = report.retryIn { facts.append("next attempt in \(Int(retry.rounded(.up))) s") }
        if report.allowsFallback { facts.append("may be skipped while unavailable") }
        var lines = ["\(report.plugin)  \(report.source)  \(facts.joined(separator: ", "))"]
        for (index, server) in (report.servers ?? []).enumerated() {
            let settings = report.serverSettings.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? []
            lines.append("  asks \(displayText(server, limit: 4096))")
            lines += settings.map { "    \(displayText($0, limit: 5000))" }
        }
        lines += (report.login ?? []).map { "  \(displayText($0, limit: 5000))" }
        lines += metadata(of: report)
        if let lease = report.lease { lines.append("  \(lease.words)") }
        if !report.names.isEmpty { lines.append("  fields tried: \(report.names.joined(separator: ", "))") }
        if let detail = report.detail { lines.append("  \(detail)") }
        return lines
    }

    private static func metadata(of report: CachedKeyReport) -> [String] {
        let made = report.createdAt.map { ["  made \($0.formatted(.iso8601))"] } ?? []
        let noted = (report.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return made + (noted.isEmpty ? [] : ["  noted there: \(noted.joined(separator: ", "))"])
    }

    private var places: [String] { explanation.places.map { $0.words("  ") } }

    private func variables(_ variables: [KeyExplanation.VariableLine]) -> [String] {
        let width = variables.map(\.name.count).max() ?? 0
        return variables.flatMap { variable -> [String] in
            let name = variable.name.padded(to: width)
            let remarks = Self.remarks(variable)
            guard !variable.occurrences.isEmpty else { return ["  \(name)  unset\(remarks)"] }
            return variable.occurrences.map { occurrence in
                let state =
                    occurrence.wins ? "set, used" : occurrence.state == .empty ? "set but empty" : "set, shadowed"
                let mark = occurrence.wins ? "> " : "  "
                return "\(mark)\(name)  \(state)  \(Self.place(occurrence.place, occurrence.line))\(remarks)"
            }
        }
    }

    private static func remarks(_ variable: KeyExplanation.VariableLine) -> String {
        var remarks: [String] = []
        if variable.isShared { remarks.append("shared with other uses") }
        if variable.tier == .generic { remarks.append("generic name") }
        if variable.tier == .configured { remarks.append("from the configuration") }
        return remarks.isEmpty ? "" : "  (\(remarks.joined(separator: ", ")))"
    }

    private static func place(_ place: String, _ line: Int?) -> String { line.map { "\(place):\($0)" } ?? place }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", title + ":"] + lines.map { "  " + $0 }
    }
}

extension KeyExplanation: CustomStringConvertible {
    /// The explanation as text of several lines that a person reads at a glance; `keyhooks explain` prints it.
    public var description: String { ExplanationText(self).text }
}

extension String {
    /// The text with blanks up to a width, for columns.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
