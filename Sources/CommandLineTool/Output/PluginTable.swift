#if CLI
import JSON5Syntax
import KeyHooks
import PluginHost

/// The list of plugins as a table, with a line of its own for what is to be done.
struct PluginTable {
    private let listings: [PluginListing]

    init(_ listings: [PluginListing]) {
        self.listings = listings
    }

    var text: String {
        let rows = listings.map { listing in
            [
                displayText(listing.id ?? "(no id)"), displayText(listing.version ?? "-"),
                listing.status.rawValue, listing.origin.words,
            ]
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let indentation = String(repeating: " ", count: widths.reduce(0, +) + 2 * widths.count)
        return zip(rows, listings)
            .map { row, listing in
                let cells = (0..<4).map { row[$0].padded(to: widths[$0]) }.joined(separator: "  ")
                // A reason may name a folder, which is longer than an id.
                let line = "\(cells)  \(displayText(listing.reason, limit: 8192))\n"
                guard listing.status != .ready, let remedy = listing.remedy else { return line }
                return line + "\(indentation)-> \(displayText(remedy, limit: 8192))\n"
            }
            .joined()
    }
}

extension PluginOrigin {
    /// To be read by a person.
    var words: String {
        switch self {
        case .environment, .project, .user: rawValue
        case .builtIn: "built in"
        }
    }
}
#endif
