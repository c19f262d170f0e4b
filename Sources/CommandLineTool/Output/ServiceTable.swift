#if CLI
import KeyHooks

/// The list of services as a table.
struct ServiceTable {
    private let services: [ServiceSummary]

    init(_ services: [ServiceSummary]) {
        self.services = services
    }

    var text: String {
        let rows = services.map { [$0.service, Self.status($0), Self.detail($0)] }
        let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return
            rows.map { row in
                (0..<2).map { row[$0].padded(to: widths[$0]) }.joined(separator: "  ") + "  " + row[2] + "\n"
            }
            .joined()
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
}
#endif
