import KeyHooks

/// Sections that ask the same servers with the same token.
struct SectionGroup: Sendable {
    private(set) var sections: [BaoSection]

    /// The namespace that the token is of.
    let tokenNamespace: String?

    /// To whom which credential is sent, in words; what tells groups apart.
    private let sending: [String]

    /// The groups of all sections.
    static func all(_ sections: [BaoSection]) throws(KeyResolutionError) -> [SectionGroup] {
        var groups: [SectionGroup] = []
        for section in sections {
            let configuration = section.configuration
            let namespace =
                configuration.loginNamespace == nil
                ? section.namespace : try OpenBaoKeySource.namespace(configuration.loginNamespace)
            let sending = OpenBaoPlugin.sending(configuration).map(\.words)
            if let known = groups.firstIndex(where: { $0.tokenNamespace == namespace && $0.sending == sending }) {
                groups[known].sections.append(section)
            } else {
                groups.append(SectionGroup(sections: [section], tokenNamespace: namespace, sending: sending))
            }
        }
        return groups
    }

    /// The folders between the token's namespace and another one; nil if that isn't below it.
    func way(to namespace: String?) -> [String]? {
        let own = tokenNamespace.map { $0.split(separator: "/").map(String.init) } ?? []
        let other = namespace.map { $0.split(separator: "/").map(String.init) } ?? []
        return other.starts(with: own) ? Array(other.dropFirst(own.count)) : nil
    }
}
