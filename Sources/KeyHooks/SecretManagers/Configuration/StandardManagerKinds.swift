import JSON5Syntax

extension SecretManagerKind {
    /// The kinds that need no plugin; `chain` is made of the others.
    static let standard = [
        SecretManagerKind("environment") { (_: NoSettings, context) in EnvironmentSecretManager(context.environment) },
        SecretManagerKind("file") { section, context in
            let formats = [FileSecretManager.Format.json, .dotenv]
            let (path, format) = try section.read(in: context.configuration) { reader in
                reader.require("path")
                return (reader.string("path") ?? "", reader.oneOf("format", formats.map(\.description)))
            }
            return FileSecretManager(context.path(of: path), format: formats.first { $0.description == format })
        },
        SecretManagerKind("folder") { section, context in
            if let path = try section.read(in: context.configuration, { $0.string("path") }) {
                return FolderSecretManager(context.path(of: path))
            }
            if let folder = FolderSecretManager(credentialsOf: context.environment) { return folder }
            throw KeyResolutionError.invalidConfiguration(
                "\(section.place(in: context.configuration))managers.\(section.id): 'path' is missing, and "
                    + "CREDENTIALS_DIRECTORY isn't set",
                remedy: "write \"path\": \"/run/secrets\", or start the program as a service with LoadCredential="
            )
        },
    ]
}

/// What the section of a chain says.
struct ChainSettings {
    /// The members' names, each with where it was written.
    var members: [(name: String, node: JSONNode)]
    var skipped: Set<SecretManagerChain.Failure>

    init(_ section: PluginSection, in configuration: KeyConfiguration) throws(KeyResolutionError) {
        self = try section.read(in: configuration) { reader in
            reader.require("of")
            return ChainSettings(from: &reader)
        }
    }

    private init(from reader: inout JSONObjectReader) {
        members = reader.array("of") { element in element.string().map { ($0, element.node) } } ?? []
        if reader.value("of")?.elements?.isEmpty == true { reader.reject("of", "a chain needs at least one manager") }
        let failures = SecretManagerChain.Failure.all
        skipped = []
        let policy: [(name: String, value: SecretManagerChain.Failure)]? = reader.read("on") { value in
            value.map { (name: String, value: inout JSONValueReader) -> SecretManagerChain.Failure? in
                guard let failure = failures.first(where: { $0.description == name }) else {
                    let known = failures.map(\.description)
                    let end = name == "denied" ? ": a denial always ends the call" : ""
                    value.rejectName("isn't a failure after which a chain may go on\(end)", known: known)
                    return nil
                }
                return value.oneOf(["next", "stop"]).flatMap { $0 == "next" ? failure : nil }
            }
        }
        skipped = Set((policy ?? []).map(\.value))
    }
}
