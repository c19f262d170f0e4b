/// The variables that any service may have, by its id.
enum GenericNames {
    /// `<ID>_API_KEY`, then Agent Zero's two others, then the two shorter ones.
    ///
    /// An id that starts with a digit is fine: `execve` allows such names although a shell does not.
    static func names(for service: Service) -> [String] {
        let id = service.id.uppercased()
        return ["\(id)_API_KEY", "API_KEY_\(id)", "\(id)_API_TOKEN", "\(id)_TOKEN", "\(id)_KEY"]
    }

    /// Names that no id may claim by the generic rule: the tokens with which a secret store itself is opened, and a
    /// spelling of `GITHUB_TOKEN` that the catalogue does not name.
    static let reserved: Set<String> = ["BAO_TOKEN", "VAULT_TOKEN", "OPENBAO_TOKEN", "GH_TOKEN"]
}
