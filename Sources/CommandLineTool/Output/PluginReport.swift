#if CLI
import ExtensionHooks
import JSON5Syntax
import KeyHooks
import PluginHost

/// One plugin as a list of facts.
struct PluginReport {
    /// Facts without a value are left out.
    private typealias Fact = (name: String, value: String?)

    let listing: PluginListing

    /// The SHA-256 of the plugin's folder, if it could be worked out.
    let fingerprint: String?

    /// Everything, for `info`.
    var text: String {
        let facts: [Fact] = [
            ("id", listing.id?.rawValue ?? "(no id)"),
            ("version", listing.version),
            ("description", listing.description),
            ("status", "\(listing.status.rawValue): \(listing.reason)"),
            ("to do", listing.remedy),
            ("origin", listing.origin.words),
        ]
        let problems: [Fact] = listing.problems.map { ("problem", "\($0.reason) -> \($0.remedy)") }
        return Self.lines(facts + files + hooks + problems)
    }

    /// What is trusted with it, for `trust`.
    var trustText: String {
        let title = "\(listing.id?.rawValue ?? "") \(listing.version ?? "")"
        return "This plugin is trusted as it is now:\n" + Self.lines([("plugin", title)] + files + hooks)
    }

    private var files: [Fact] {
        guard listing.origin != .builtIn else { return [] }
        let arguments = listing.arguments.map { FileFault.shellWord($0) }.joined(separator: " ")
        let variables = listing.environment.isEmpty ? "none asked for" : listing.environment.joined(separator: ", ")
        let values = listing.seesValues ? "asked for and granted" : "asked for, not granted"
        return [
            ("folder", listing.folder),
            ("sha256", fingerprint),
            ("entry", listing.entry),
            ("arguments", arguments.isEmpty ? nil : arguments),
            ("mode", listing.mode?.rawValue),
            ("shadowed by", listing.shadowedBy),
            ("variables", listing.entry.map { _ in variables }),
            ("values", listing.hooks.contains(where: \.wantsValues) ? values : nil),
        ]
    }

    private var hooks: [Fact] {
        let secrets = listing.secrets.map { secrets in
            let parameters = secrets.parameters.sorted().joined(separator: ", ")
            return secrets.offered.map(\.rawValue).joined(separator: ", ")
                + (parameters.isEmpty ? "" : "; takes \(parameters)")
        }
        return [("secrets", secrets)]
            + listing.hooks.map { hook in
                var parts = ["\(hook.point.rawValue).\(hook.phase)", "priority \(hook.priority)"]
                parts.append("for " + (hook.services?.joined(separator: ", ") ?? "all services"))
                if !hook.before.isEmpty {
                    parts.append("before " + hook.before.map(\.rawValue).joined(separator: ", "))
                }
                if !hook.after.isEmpty { parts.append("after " + hook.after.map(\.rawValue).joined(separator: ", ")) }
                return ("hook", parts.joined(separator: "; "))
            }
    }

    private static func lines(_ facts: [Fact]) -> String {
        var table = TextTable()
        for case (let name, let value?) in facts { table.add(name, displayText(value, limit: 8192)) }
        return table.text
    }
}
#endif
