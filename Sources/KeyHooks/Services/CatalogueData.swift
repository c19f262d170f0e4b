import JSON5Syntax

/// Reads `services.json`, which the build embeds.
///
/// The file is checked by `Tests/Support/catalogue-drift.py --check` and by tests, so a fault in it is a fault in the
/// package: it traps.
enum CatalogueData {
    static var services: [ServiceDefinition] {
        let document = JSONNode(embedded: PackageResources.services_json, "services.json")
        return (document["services"]?.members ?? []).map { definition($0.name, $0.value) }
    }

    private static func definition(_ id: String, _ node: JSONNode) -> ServiceDefinition {
        var definition = ServiceDefinition(service: Service(id))
        definition.aliases = services(node["aliases"])
        definition.variables = variables(node["env"])
        for field in node["fields"]?.members ?? [] { definition.fields[field.name] = variables(field.value) }
        definition.credentials = (node["credentials"]?.elements ?? []).map(\.texts)
        if case .bool(let isKeyRequired) = node["keyRequired"]?.kind { definition.isKeyRequired = isKeyRequired }
        definition.separateAccounts = services(node["separateFrom"])
        definition.note = node["note"]?.string
        return definition
    }

    private static func services(_ node: JSONNode?) -> [Service] { (node?.texts ?? []).map { Service($0) } }

    /// Each variable is `[name, letters]`, or `[name, letters, flag]`.
    private static func variables(_ node: JSONNode?) -> [ServiceDefinition.VariableName] {
        (node?.elements ?? [])
            .map { element in
                let parts = element.texts
                return ServiceDefinition.VariableName(
                    name: parts[0],
                    tier: .service,
                    isShared: parts.dropFirst(2).contains("shared"),
                    readBy: parts[1]
                )
            }
    }
}

/// Reads `endpoints.json`, which the build embeds.
///
/// It is a file of its own, read when somebody first asks for it, since no look-up of a key needs it. It is checked by
/// `Tests/Support/catalogue-drift.py --check` and by tests, so a fault in it is a fault in the package: it traps.
enum EndpointData {
    /// What is known of each service.
    static let endpoints =
        JSONNode(embedded: PackageResources.endpoints_json, "endpoints.json")["endpoints"]?.membersByService ?? [:]

    /// Reads `[form, name, letters]`.
    static func authentication(_ node: JSONNode?) -> ServiceAuthentication? {
        guard let texts = node?.texts, texts.count > 1 else { return nil }
        let isNamed = ["header", "scheme", "query", "basic"].contains(texts[0])
        return ServiceAuthentication(texts[0], isNamed ? texts[1] : nil)
    }
}

extension ServiceDefinition {
    /// The base URL of the service's API, from its documentation or from projects that call it; nil if none is known.
    ///
    /// Of a vendor with several it is the one that speaks as OpenAI does, or else the vendor's own, for the account
    /// that this service means. A service with a server of one's own has the address that its documentation begins
    /// with.
    public var baseURL: ServiceBaseURL? {
        (endpoint?["baseURL"]?.texts).map { ServiceBaseURL(template: $0[0], sources: $0[1]) }
    }

    private var endpoint: JSONNode? { EndpointData.endpoints[service] }

    /// How the service wants its main key in a request; nil if it is not known.
    public var authentication: ServiceAuthentication? { EndpointData.authentication(endpoint?["authentication"]) }

    /// How the service wants a key that a certain variable holds, which is not always as any other key.
    ///
    /// `ANTHROPIC_API_KEY` goes into `x-api-key`, and `ANTHROPIC_AUTH_TOKEN` into `Authorization`.
    ///
    /// - Parameter variable: The variable, as in ``KeyProvenance/Source/environment(name:)``.
    /// - Returns: The form; nil if it is not known.
    public func authentication(forVariable variable: String) -> ServiceAuthentication? {
        EndpointData.authentication(endpoint?["variables"]?[variable]) ?? authentication
    }
}

extension JSONNode {
    /// Reads a file that the build embeds.
    ///
    /// Tests read all of them, so a fault in one is a fault in the package: it traps.
    init(embedded bytes: [UInt8], _ name: String) {
        do {
            self = try JSONParser.parse(bytes)
        } catch {
            preconditionFailure("\(name): \(error)")
        }
    }

    /// The texts in an array; none if it is something else.
    var texts: [String] { (elements ?? []).compactMap(\.string) }

    /// The words of a text, between blanks; none if it is something else.
    var words: [String] { (string ?? "").split(separator: " ").map(String.init) }
}
