import JSON5Syntax

/// What was most likely meant by a service that nobody lists.
struct ServiceHint: Hashable, Sendable {
    /// An id or an alias.
    let meant: String

    /// What gave it away, without a full stop; nil if the names are much alike.
    var reason: String?

    /// The variable that would follow from the name, if that gave it away: it belongs to what was meant.
    var variable: String?

    /// Whether what was given is a variable's name.
    var isVariable = false

    /// The question, and what is behind it; without a full stop.
    ///
    /// - Parameter isSet: Whether a variable has a value.
    /// - Returns: The words; nil if the question is all there is to say.
    func text(isSet: (String) -> Bool) -> String? {
        let reason = variable.map { "\($0) \(isSet($0) ? "is set and " : "")belongs to it" } ?? reason
        return reason.map { "did you mean '\(meant)'? \($0)" }
    }
}

extension ServiceCatalogue {
    /// The id that was most likely meant by an unknown one.
    ///
    /// It is the service of a variable, if the name of one was given; the one that has the variable which would follow
    /// from the name; or the one whose name is most like it.
    ///
    /// - Parameter service: Any service.
    /// - Returns: An id or alias; nil if the service is known or nothing is close.
    public func suggestion(for service: Service) -> String? { hint(for: service)?.meant }

    func hint(for service: Service) -> ServiceHint? {
        guard !knows(service) else { return nil }
        let name = service.id.uppercased()
        let isVariable = "\(name) is the name of a variable, not of a service"
        if let owner = owner(of: name) { return ServiceHint(meant: owner.id, reason: isVariable, isVariable: true) }
        // Of a service of one's own, the ending says enough only if it is the whole one.
        if let stem = GenericNames.service(in: service.id), stem.isValid,
            knows(stem) || stem.id + "_api_key" == service.id
        {
            return ServiceHint(meant: stem.id, reason: isVariable, isVariable: true)
        }
        for name in GenericNames.ofAnybody(service) {
            if let owner = owner(of: name) { return ServiceHint(meant: owner.id, variable: name) }
        }
        if let maker = ModelName.maker(of: service.id) {
            return ServiceHint(meant: maker.id, reason: "A model is not a service; name the one that you call it at")
        }
        return closestMatch(to: service.id, among: knownIDs.lazy.map(\.id)).map { ServiceHint(meant: $0) }
    }

    /// Whose a variable is; nil for one that serves other purposes as well.
    private func owner(of name: String) -> Service? { owners[name].flatMap { $0.isShared ? nil : $0.service } }
}

/// Recognises the names of models, which people give where a service is asked for.
enum ModelName {
    /// What the names of a maker's models begin with, and the service at which the maker runs them.
    private static let families = (data["families"]?.members ?? [])
        .flatMap { maker in maker.value.texts.map { (word: $0, service: Service(maker.name)) } }

    /// What a name has behind the family that is a model's and no service's: a version or a size.
    private static let words = Set(data["words"]?.texts ?? [])
    private static let data = JSONNode.embeddedNames["models"] ?? .object([:])

    /// The service that is most likely meant by a normalised id, if it is a model's.
    static func maker(of id: String) -> Service? {
        families.first { family in
            guard id.hasPrefix(family.word) else { return false }
            let rest = id.dropFirst(family.word.count)
            if rest.isEmpty { return family.word.last?.isNumber == true || family.word.contains("_") }
            // `gpt4`, `qwen3`, `kimi_k2`; anything else is set apart, or another word.
            guard rest.first == "_" || rest.first?.isNumber == true else { return false }
            return rest.split(separator: "_").contains { $0.contains(where: \.isNumber) || words.contains(String($0)) }
        }?
        .service
    }
}
