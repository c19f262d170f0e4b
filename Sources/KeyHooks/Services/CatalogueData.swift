import JSON5Syntax

/// Reads `services.json`, which the build embeds.
///
/// The file is checked by `Tests/Support/catalogue-drift.py --check` and by tests, so a fault in it is a fault in the
/// package: it traps.
enum CatalogueData {
    static var services: [ServiceDefinition] {
        do {
            let document = try JSONParser.parse(PackageResources.services_json)
            guard let services = document["services"]?.members else {
                preconditionFailure("services.json has no services")
            }
            return services.map { definition($0.name, $0.value) }
        } catch {
            preconditionFailure("services.json: \(error)")
        }
    }

    private static func definition(_ id: String, _ node: JSONNode) -> ServiceDefinition {
        var definition = ServiceDefinition(service: Service(id))
        definition.aliases = services(node["aliases"])
        definition.variables = variables(node["env"])
        for field in node["fields"]?.members ?? [] { definition.fields[field.name] = variables(field.value) }
        definition.credentials = (node["credentials"]?.elements ?? [])
            .map { group in
                (group.elements ?? []).compactMap(\.string)
            }
        if case .bool(let isKeyRequired) = node["keyRequired"]?.kind { definition.isKeyRequired = isKeyRequired }
        definition.separateAccounts = services(node["separateFrom"])
        definition.note = node["note"]?.string
        return definition
    }

    private static func services(_ node: JSONNode?) -> [Service] {
        (node?.elements ?? []).compactMap(\.string).map { Service($0) }
    }

    /// Each variable is `[name, letters]`, or `[name, letters, flag]`.
    private static func variables(_ node: JSONNode?) -> [ServiceDefinition.VariableName] {
        (node?.elements ?? [])
            .map { element in
                let parts = (element.elements ?? []).compactMap(\.string)
                return ServiceDefinition.VariableName(
                    name: parts[0],
                    tier: .service,
                    isShared: parts.dropFirst(2).contains("shared"),
                    readBy: parts[1]
                )
            }
    }
}
