#if CLI
import ExtensionHooks
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import PluginHost

/// Rows of cells in columns as wide as their widest cell; the last column is as long as it likes.
struct TextTable {
    private enum Row {
        case cells([String])
        /// Stands below the last column.
        case note(String)
        case line(String)
    }

    private var rows: [Row] = []

    mutating func add(_ cells: String..., note: String? = nil, lines: [String] = []) {
        rows.append(.cells(cells))
        if let note { rows.append(.note(note)) }
        rows += lines.map { .line($0) }
    }

    /// Adds a line that is in no column.
    mutating func add(line: String) { rows.append(.line(line)) }

    var text: String {
        var widths: [Int] = []
        for case .cells(let cells) in rows {
            for (column, cell) in cells.dropLast().enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        let indentation = Self.spaces(widths.reduce(0) { $0 + $1 + 2 })
        return
            rows.map { row in
                switch row {
                case .cells(let cells):
                    zip(cells, widths).map { $0 + Self.spaces($1 - $0.count + 2) }.joined() + (cells.last ?? "") + "\n"
                case .note(let text): "\(indentation)\(text)\n"
                case .line(let text): "\(text)\n"
                }
            }
            .joined()
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension TextTable {
    /// The services, and whether their keys are set.
    init(_ services: [ServiceSummary]) {
        for service in services { add(service.service, Self.status(service), Self.detail(service)) }
    }

    private static func status(_ service: ServiceSummary) -> String {
        switch service.outcome {
        case .found: service.warnings.isEmpty ? "set" : "set (!)"
        case .notRequired: "not required"
        case .absent: "unset"
        case .fields: service.warnings.isEmpty ? "set (fields)" : "set (fields) (!)"
        case .unreadable: "set (!)"
        }
    }

    private static func detail(_ service: ServiceSummary) -> String {
        guard let winner = service.winner else { return service.variables.first ?? "" }
        let place = "\(winner.variable)  \(winner.place)\(winner.line.map { ":\($0)" } ?? "")"
        let fields = service.setFields.isEmpty ? [] : ["(--field \(service.setFields.joined(separator: ", ")))"]
        return ([place] + fields + service.warnings.map { "! \($0)" }).joined(separator: "  ")
    }

    /// The plugins, with what is to be done about those that do not run.
    init(_ listings: [PluginListing]) {
        for listing in listings {
            let remedy = listing.status == .ready ? nil : listing.remedy
            add(
                displayText(listing.id?.rawValue ?? "(no id)"),
                displayText(listing.version ?? "-"),
                listing.status.rawValue,
                listing.origin.words,
                // A reason may name a folder, which is longer than an id.
                displayText(listing.reason, limit: 8192),
                note: remedy.map { "-> \(displayText($0, limit: 8192))" }
            )
        }
    }

    /// The rules of the protocol, and how a plugin stands to them.
    init(_ report: ConformanceReport) {
        var shown: [String] = []
        // What a plugin that doesn't start is not asked is one thing to say.
        let idle = report.entries.filter { $0.outcome == .notApplicable && $0.reason.hasPrefix("not run") }
        for entry in report.entries where !idle.contains(entry) {
            let outcome =
                switch entry.outcome {
                case .passed: "passed"
                case .failed: "FAILED"
                case .notApplicable: "-"
                }
            // A plugin that cannot even start says the same for every rule.
            let words = entry.standardError == shown ? [] : entry.standardError
            if !words.isEmpty { shown = words }
            // Mistakes of a configuration are one a line.
            let reasons = entry.reason.split(separator: "\n").map { displayText(String($0), limit: 8192) }
            add(
                entry.rule.rawValue,
                outcome,
                reasons.first ?? "",
                lines: reasons.dropFirst().map { "    \($0)" }
                    + words.map { "    stderr: \(displayText($0, limit: 8192))" }
            )
        }
        if let first = idle.first {
            add(idle.count == 1 ? first.rule.rawValue : "\(idle.count) others", "-", first.reason)
        }
    }
}

extension PluginSearchPath.Origin {
    /// To be read by a person.
    var words: String {
        switch self {
        case .environment, .project, .user: rawValue
        case .builtIn: "built in"
        }
    }
}
#endif
