internal import DotenvSyntax
internal import Testing

/// One input of a public suite and our decision for it.
///
/// Only inputs are taken from the suites. What is expected is decided by the table "What a good parser for keys
/// supports" in the design notes; `differs` names whom that decision is different from, and how.
struct SuiteRow: Sendable, CustomTestStringConvertible {
    let input: String
    let expected: Expected
    let environment: [String: String]?
    let preference: DotenvFile.Expansion.Preference
    let differs: String

    enum Expected: Sendable {
        /// Accepted: name to value, nil for a declaration.
        case values([String: String?])
        /// Refused in strict mode with these errors, in file order; what lenient mode keeps.
        case errors([DotenvDiagnostic.Code], keeps: [String: String?])
    }

    var testDescription: String { input.debugDescription }

    /// Accepted, with these values.
    static func accepts(_ input: String, _ values: [String: String?], differs: String = "") -> SuiteRow {
        SuiteRow(input: input, expected: .values(values), environment: nil, preference: .lookup, differs: differs)
    }

    /// Accepted, with one binding.
    static func accepts(_ input: String, _ name: String, _ value: String, differs: String = "") -> SuiteRow {
        accepts(input, [name: value], differs: differs)
    }

    /// Refused in strict mode; lenient mode keeps the rest.
    static func refuses(
        _ input: String,
        _ kinds: DotenvDiagnostic.Code...,
        keeps: [String: String?] = [:],
        differs: String
    ) -> SuiteRow {
        SuiteRow(
            input: input,
            expected: .errors(kinds, keeps: keeps),
            environment: nil,
            preference: .lookup,
            differs: differs
        )
    }

    /// The same row with expansion on, in an environment.
    func expanding(
        _ environment: [String: String] = [:],
        preferring preference: DotenvFile.Expansion.Preference = .lookup
    ) -> SuiteRow {
        SuiteRow(
            input: input,
            expected: expected,
            environment: environment,
            preference: preference,
            differs: differs
        )
    }

    func options(_ mode: DotenvFile.Mode) -> DotenvFile.Options {
        guard let environment else { return DotenvFile.Options(mode: mode) }
        return DotenvFile.Options(mode: mode, expansion: .braces(preferring: preference) { environment[$0] })
    }
}

/// The tables, one for each suite.
enum PublicSuites {}
