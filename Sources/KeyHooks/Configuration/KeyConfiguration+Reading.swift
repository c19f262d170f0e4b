import ExtensionHooks
import Foundation

extension KeyConfiguration {
    /// Reads a `keyhooks.json`; JSON5 is accepted.
    ///
    /// Paths in the file count from the file's own folder. A dotenv file that it declares may be missing, so that one
    /// configuration serves a laptop with a `.env` and a server without. If it declares none, `.env` in the working
    /// directory is declared, as without a configuration.
    ///
    /// - Parameter path: The file.
    /// - Returns: What it says.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that lists all mistakes, each with line,
    ///   column and what was probably meant.
    public static func read(from path: String) throws(KeyResolutionError) -> KeyConfiguration {
        try read(from: path, defaultFile: ".env")
    }

    static func read(from path: String, defaultFile: String) throws(KeyResolutionError) -> KeyConfiguration {
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(path, limit: JSON5.Limits().size).bytes
        } catch {
            throw .invalidConfiguration("\(path) \(error.message)", remedy: "check the path of the configuration")
        }
        return try parse(bytes, path: path, defaultFile: defaultFile)
    }

    private static func parse(
        _ bytes: [UInt8],
        path: String,
        defaultFile: String
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
        do {
            var configuration = try JSONObjectReader.decode(bytes) { reader in
                KeyConfiguration(from: &reader, folder: folder, defaultFile: defaultFile)
            }
            configuration.path = path
            return configuration
        } catch {
            throw .invalidConfiguration(error.description(in: path), remedy: "mend the file at the places named")
        }
    }

    private init(from reader: inout JSONObjectReader, folder: String, defaultFile: String) {
        reader.ignore("$schema")
        let declared = reader.stringArray("envFiles", orSingle: true)?.map { Self.path($0, in: folder) }
        self.init(
            envFiles: (declared ?? [defaultFile]).map { EnvironmentFile($0, isRequired: false) },
            envPrecedence: reader.oneOf("envPrecedence", EnvironmentPrecedence.self) ?? .process,
            hookOrder: reader.array("hookOrder") { $0.hookID() } ?? []
        )
        var seen: Set<Service> = []
        let described = reader.map("providers") { name, value in value.provider(named: name, seen: &seen) }
        for (name, settings) in described ?? [] { providers[Service(name)] = settings }
        plugins = (reader.map("plugins") { $1.pluginSection(named: $0) } ?? []).map(\.value)
    }

    private static func path(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : folder + "/" + path
    }
}

extension JSONValueReader {
    fileprivate mutating func hookID() -> HookID? {
        guard let text = string() else { return nil }
        let id = HookID(text)
        if !id.isWellFormed { reject("is no hook id: use 'plugin' or 'plugin/hook'") }
        return id
    }

    fileprivate mutating func pluginSection(named name: String) -> PluginSection? {
        let id = HookID(name)
        guard id.isWellFormed, id.plugin == name else {
            rejectName("is no plugin id: use letters, digits, '.', '_' and '-'")
            return nil
        }
        guard node.members != nil else {
            rejectType(expecting: "an object")
            return nil
        }
        return PluginSection(id: id, settings: node, position: node.position)
    }

    fileprivate mutating func provider(named name: String, seen: inout Set<Service>) -> ProviderSettings? {
        let service = Service(name)
        guard service.isValid else {
            rejectName("is no service id: use letters, digits, '-', '.' and '_'")
            return nil
        }
        guard ServiceCatalogue.standard.canonical(service) == service else {
            rejectName("is an alias: write its settings under '\(ServiceCatalogue.standard.canonical(service))'")
            return nil
        }
        guard seen.insert(service).inserted else {
            rejectName("is the same service as an earlier name: '\(service)'")
            return nil
        }
        return object { reader in
            var settings = ProviderSettings()
            settings.env = reader.array("env") { $0.variableName() }
            settings.aliases = reader.array("aliases") { $0.alias(of: service) } ?? []
            settings.isKeyRequired = reader.bool("notRequired").map { !$0 }
            return settings
        }
    }

    /// The name of a variable; stricter than the system, so that a key pasted in place of a name is refused.
    package mutating func variableName() -> String? {
        guard let name = string() else { return nil }
        let isName =
            !name.isEmpty && name.utf8.count <= 128
            && name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0))
            }
            && !name.split(separator: "_").contains(where: Self.isRandom)
        if !isName { reject("expected the name of an environment variable: letters, digits and '_', never a value") }
        return isName ? name : nil
    }

    /// Whether a part of a name is no word but looks drawn by lot, as keys are: long, in mixed case or with digits
    /// among its small letters.
    private static func isRandom(_ part: Substring) -> Bool {
        part.utf8.count >= 16 && part.contains(where: \.isLowercase)
            && part.contains { $0.isUppercase || $0.isNumber }
    }

    private mutating func alias(of service: Service) -> Service? {
        guard let name = string() else { return nil }
        let alias = Service(name)
        guard alias.isValid else {
            reject("is no service id: use letters, digits, '-', '.' and '_'")
            return nil
        }
        let owner = ServiceCatalogue.standard.canonical(alias)
        if owner != service, ServiceCatalogue.standard.definition(of: alias).isListed {
            reject("'\(alias)' already means '\(owner)'; choose another alias")
            return nil
        }
        return alias
    }
}
