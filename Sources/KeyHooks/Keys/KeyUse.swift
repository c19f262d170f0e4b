/// What a value is wanted for, as far as that decides what is odd about it.
struct KeyUse: Sendable {
    /// The service whose main key or field it is; nil if nobody knows.
    var definition: ServiceDefinition?

    /// Whether it is a named field, which may be a sentence or a document by its nature.
    var isField = false

    /// Whether it may go to another server than the vendor's, so that any vendor's key may be right.
    var mayGoElsewhere = false
}

extension KeyUse {
    /// The use of a service's key.
    ///
    /// - Parameters:
    ///   - definition: The service.
    ///   - environment: Where a base URL of its own may be set.
    ///   - isField: Whether it is a named field.
    init(_ definition: ServiceDefinition, in environment: KeyEnvironment, isField: Bool = false) {
        self.definition = definition
        self.isField = isField
        let isSure = !isField && KeyPrefix.isSure(of: definition.service)
        mayGoElsewhere = !isSure || definition.isOfUser || environment.hasBaseURL(of: definition)
    }

    /// Whether a stand-in won't do: a server that requires no key takes any word.
    var wantsKey: Bool { definition?.isKeyRequired ?? true }

    /// Whether the user made the service, so that its key may be any text, a sentence or a URL too.
    var isOfOwnMaking: Bool { definition.map { !ServiceCatalogue.standard.knows($0.service) } ?? false }

    /// Whether users choose the key themselves: of their own services, and of servers that they run, which have no
    /// address of a vendor's.
    var isKeyOfOwnChoice: Bool {
        guard let definition else { return false }
        guard !isOfOwnMaking, let url = definition.baseURL?.template else { return true }
        return url.hasPrefix("http://localhost") || url.hasPrefix("{")
    }

    /// Whether JSON is what is wanted: a field's value, a key that is exchanged for another, or the account that the
    /// user made a service of.
    func mayBeJSON(_ text: some StringProtocol) -> Bool {
        wantsDocument || definition?.isOfUser == true && text.contains("\"private_key\"")
    }

    /// The same of PEM.
    var mayBePEM: Bool { wantsDocument || definition?.isOfUser == true }

    private var wantsDocument: Bool {
        guard let definition, !isField else { return true }
        return definition.authentication == .exchange || definition.authentication == .signature
    }

    /// Whether it may have line ends: as a document that is whole, a JSON object or PEM, and where that is what is
    /// wanted.
    func mayHaveLines(_ text: some StringProtocol) -> Bool {
        guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return false }
        return text.hasPrefix("{") ? mayBeJSON(text) && text.isValidJSON : mayBePEM && text.isPEM
    }

    /// Whose key it is, if it is surely another vendor's.
    func otherVendor(of key: some StringProtocol) -> String? {
        guard let service = definition?.service, !mayGoElsewhere, KeyPrefix.isSure(of: service),
            let vendor = KeyPrefix.vendor(of: key), vendor.service != service
        else { return nil }
        return vendor.name
    }
}

extension ServiceDefinition {
    /// Whether the user said which variables it has, or made the service.
    fileprivate var isOfUser: Bool {
        variables.contains { $0.tier == .configured } || !ServiceCatalogue.standard.knows(service)
    }
}

extension KeyEnvironment {
    /// Whether a variable says that a service's requests go to another server, such as `OPENAI_BASE_URL`.
    fileprivate func hasBaseURL(of definition: ServiceDefinition) -> Bool {
        let endings = ["_API_KEY", "_API_TOKEN", "_AUTH_TOKEN", "_TOKEN", "_KEY"]
        let stems = definition.variables.compactMap { variable in
            endings.first(where: variable.name.hasSuffix).map { String(variable.name.dropLast($0.count)) }
        }
        let names = [
            "BASE_URL", "API_BASE", "API_BASE_URL", "BASE", "API_URL", "URL", "API_HOST", "HOST", "ENDPOINT", "PROXY",
        ]
        return Set(stems).contains { stem in names.contains { value(of: "\(stem)_\($0)") != nil } }
    }
}
