import KeyHooks

/// A name with parts of the request in it: of a role, a user, a team, an organisation or a key.
struct IdentityTemplate: Hashable, Sendable {
    private let template: PathTemplate

    /// Whether it says which service it is for.
    var namesService: Bool { template.namesService }

    /// - Parameters:
    ///   - text: The text.
    ///   - setting: What it is called in errors.
    ///   - role: What stands for `{role}`; nil if nothing does.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    init(_ text: String, setting: String, role: String?) throws(KeyResolutionError) {
        // Another name would be meant than is written.
        guard !text.hasPrefix("/"), !text.hasSuffix("/") else {
            throw .invalidConfiguration(
                "\(setting) begins or ends with '/'",
                remedy: "write the name without it"
            )
        }
        let text = role.map { text.replacing("{role}", with: $0) } ?? text
        template = try PathTemplate(text, setting: setting)
    }

    /// The name for a request.
    func expanded(for service: Service, _ scope: KeyScope) throws(KeyResolutionError) -> String {
        try template.expanded(for: service, scope).joined(separator: "/")
    }
}
