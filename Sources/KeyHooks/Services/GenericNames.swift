import JSON5Syntax

/// The variables with the credentials of vaults, registries, clouds and the like, which are never a service's key by
/// accident: by the generic rule no id leads to them.
///
/// A service that the catalogue lists with such a variable has it, as does one whose `env` names it.
enum ForeignVariables {
    static func contain(_ name: String) -> Bool {
        names.contains(name) || !name.hasSuffix("_API_KEY") && families.contains(firstWord(of: name))
    }

    private static func firstWord(of name: String) -> String {
        let bytes = name.utf8
        return String(name[..<(bytes.firstIndex(of: UInt8(ascii: "_")) ?? bytes.endIndex)])
    }

    /// The first words of whole families of such variables; one that ends as keys of services do is no such thing
    /// unless it is among ``names``.
    private static let families = Set(data["families"]?.texts ?? [])
    private static let names = Set(data["names"]?.texts ?? [])
    private static let data = JSONNode.embeddedNames["foreignVariables"] ?? .object([:])
}

/// The variables that follow from a service's id.
enum GenericNames {
    /// Those of any service, listed or not: `<ID>_API_KEY` and `API_KEY_<ID>`.
    ///
    /// Whoever may choose the name of a service may choose the variable that goes to it. These two say what they are;
    /// `<ID>_TOKEN` and `<ID>_KEY` would be the npm token of a service called `npm`.
    ///
    /// An id that starts with a digit is fine: `execve` allows such names although a shell does not.
    static func ofAnybody(_ service: Service) -> [String] {
        let id = service.id.uppercased()
        return ["\(id)_API_KEY", "API_KEY_\(id)"]
    }

    /// Those of an alias that was asked for, which come after all names of its service: whoever says `a0_venice` may
    /// have set `API_KEY_A0_VENICE`.
    static func ofAlias(_ alias: Service) -> [String] { ofAnybody(alias) + ["\(alias.id.uppercased())_API_TOKEN"] }

    /// Those of a service that is listed or configured: Agent Zero's two others follow, and two shorter ones.
    static func all(for service: Service) -> [String] {
        let id = service.id.uppercased()
        return ofAnybody(service) + ["\(id)_API_TOKEN", "\(id)_TOKEN", "\(id)_KEY"]
    }

    /// The service in whose place one of these names was given, in lower case; nil if it is none of them.
    static func service(in name: String) -> Service? {
        if name.hasPrefix("api_key_") { return Service(String(name.dropFirst("api_key_".count))) }
        return ["_api_key", "_api_token", "_token", "_key"].first(where: name.hasSuffix)
            .map { Service(String(name.dropLast($0.count))) }
    }
}

extension JSONNode {
    /// The variables of others and the models that `names.json` lists, read when somebody first asks for them.
    static let embeddedNames = JSONNode(embedded: PackageResources.names_json, "names.json")
}
