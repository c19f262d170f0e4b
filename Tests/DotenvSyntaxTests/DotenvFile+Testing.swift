internal import DotenvSyntax

extension DotenvFile {
    /// Name to value for every entry, the deciding one; nil for a declaration.
    var bindings: [String: String?] {
        Dictionary(entries.map { ($0.name, self[$0.name]) }) { _, last in last }
    }

    var errors: [DotenvDiagnostic] { diagnostics.filter { $0.severity == .error } }

    var warnings: [DotenvDiagnostic] { diagnostics.filter { $0.severity == .warning } }
}
