#if CLI
import ExtensionHooks
import JSON5Syntax
import KeyHooks
import PluginHost

/// One plugin as a list of facts.
struct PluginReport {
    private typealias Fact = (name: String, value: String)

    private let listing: PluginListing

    /// What it is like now; nil for a plugin that is broken, or part of the program.
    private let fingerprint: String?

    init(_ listing: PluginListing, fingerprint: String?) {
        self.listing = listing
        self.fingerprint = fingerprint
    }

    /// All that is known of it.
    var text: String {
        var facts: [Fact] = [("id", listing.id?.rawValue ?? "(no id)")]
        if let version = listing.version { facts.append(("version", version)) }
        if let description = listing.description { facts.append(("description", description)) }
        facts.append(("status", "\(listing.status.rawValue): \(listing.reason)"))
        if let remedy = listing.remedy { facts.append(("to do", remedy)) }
        facts.append(("origin", listing.origin.words))
        facts += files + hooks
        for problem in listing.problems { facts.append(("problem", "\(problem.reason) -> \(problem.remedy)")) }
        return Self.lines(facts)
    }

    /// What trusting it means.
    var trustText: String {
        let title = "\(listing.id?.rawValue ?? "") \(listing.version ?? "")"
        return "This plugin is trusted as it is now:\n"
            + Self.lines([("plugin", title)] + files + hooks)
    }

    private var files: [Fact] {
        guard listing.origin != .builtIn else { return [] }
        var facts: [Fact] = [("folder", listing.folder)]
        if let fingerprint { facts.append(("sha256", fingerprint)) }
        if let entry = listing.entry { facts.append(("entry", entry)) }
        if !listing.arguments.isEmpty {
            facts.append(("arguments", listing.arguments.map { FileFault.shellWord($0) }.joined(separator: " ")))
        }
        if let mode = listing.mode { facts.append(("mode", mode.rawValue)) }
        if let shadowedBy = listing.shadowedBy { facts.append(("shadowed by", shadowedBy)) }
        if listing.entry != nil {
            let names = listing.environment.isEmpty ? "none asked for" : listing.environment.joined(separator: ", ")
            facts.append(("variables", names))
        }
        if listing.hooks.contains(where: \.wantsValues) {
            facts.append(("values", listing.seesValues ? "asked for and granted" : "asked for, not granted"))
        }
        return facts
    }

    private var hooks: [Fact] {
        listing.hooks.map { hook in
            var parts = ["\(hook.point.rawValue).\(hook.phase)", "priority \(hook.priority)"]
            parts.append("for " + (hook.services?.joined(separator: ", ") ?? "all services"))
            if !hook.before.isEmpty { parts.append("before " + hook.before.map(\.rawValue).joined(separator: ", ")) }
            if !hook.after.isEmpty { parts.append("after " + hook.after.map(\.rawValue).joined(separator: ", ")) }
            return ("hook", parts.joined(separator: "; "))
        }
    }

    private static func lines(_ facts: [Fact]) -> String {
        var table = TextTable()
        for fact in facts { table.add(fact.name, displayText(fact.value, limit: 8192)) }
        return table.text
    }
}
#endif
