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
    ///   column and what was probably meant. A file that another user owns or can change is refused with the same code.
    public static func read(from path: String) throws(KeyResolutionError) -> KeyConfiguration {
        try read(from: path, defaultFile: ".env")
    }

    package static func read(from path: String, defaultFile: String?) throws(KeyResolutionError) -> KeyConfiguration {
        try parse(bytes(of: path), path: path, defaultFile: defaultFile)
    }

    /// What is in the file; one that somebody else could have written is refused.
    static func bytes(of path: String) throws(KeyResolutionError) -> [UInt8] {
        do {
            return try FileReading.read(path, limit: JSON5.Limits().size, believing: true).bytes
        } catch {
            throw .invalidConfiguration(
                error.reason(for: path),
                remedy: error.remedy(or: "check the path of the configuration")
            )
        }
    }

    /// Whether the file says what it said when this was read from it.
    package var isAsInFile: Bool {
        guard path != nil else { return true }
        return (try? reread())?.document == document
    }

    /// Understands what is in a file.
    package static func parse(
        _ bytes: [UInt8],
        path: String,
        defaultFile: String?
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
        do {
            return try decode(JSON5.parse(bytes), path: path, folder: folder, defaultFile: defaultFile)
        } catch let error as JSONSyntaxError {
            throw invalid(ConfigurationMistakes([ConfigurationMistake(error)]), in: path)
        } catch let error as ConfigurationMistakes {
            throw invalid(error, in: path)
        } catch {
            throw .invalidConfiguration("\(path) cannot be read", remedy: "report it")
        }
    }

    private static func invalid(_ mistakes: ConfigurationMistakes, in path: String) -> KeyResolutionError {
        .invalidConfiguration(mistakes.description(in: path), remedy: ConfigurationFaults.remedy)
    }

    private static func decode(
        _ document: JSONNode,
        path: String,
        folder: String,
        defaultFile: String?
    ) throws(ConfigurationMistakes) -> KeyConfiguration {
        var reader = JSONObjectReader(document)
        var configuration = KeyConfiguration(from: &reader, folder: folder, defaultFile: defaultFile)
        let mistakes = reader.finish()
        let places = Set(mistakes.map(\.position))
        // One mistake for one place: what is wrong there otherwise says more.
        let pasted = document.mistakesOfPastedKeys().filter { !places.contains($0.position) }
        guard mistakes.isEmpty, pasted.isEmpty else { throw ConfigurationMistakes(mistakes + pasted) }
        configuration.path = path
        configuration.defaultFile = defaultFile
        configuration.document = document
        return configuration
    }

    private init(from reader: inout JSONObjectReader, folder: String, defaultFile: String?) {
        _ = reader.string("$schema")
        let declared = reader.stringArray("envFiles", orSingle: true)?.map { Self.path($0, in: folder) }
        self.init(
            envFiles: declared.map { $0.map { EnvironmentFile($0, isRequired: false) } }
                ?? defaultFile.map { [EnvironmentFile(undeclared: $0)] } ?? [],
            envPrecedence: reader.oneOf("envPrecedence", EnvironmentPrecedence.self) ?? .process,
            hookOrder: reader.array("hookOrder") { $0.hookID() } ?? []
        )
        plugins = (reader.map("plugins") { $1.pluginSection(named: $0) } ?? []).map(\.value)
        pluginPath = reader.stringArray("pluginPath", orSingle: true)?.map { Self.path($0, in: folder) } ?? []
        let known = Set(plugins.map(\.id) + hookOrder.map { HookID($0.plugin) })
        providers = reader.read("providers") { $0.providers(of: nil, plugins: known) } ?? [:]
        let described = reader.map("profiles") { name, value in value.profile(named: name, plugins: known) }
        for (name, profile) in described ?? [] {
            // Names that are canonically equivalent are one for whoever looks a profile up.
            if profiles.updateValue(profile, forKey: name) != nil {
                reader.reject("profiles", "'\(displayText(name))' is the same profile as an earlier name")
            }
        }
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

    fileprivate mutating func profile(named name: String, plugins: Set<HookID>) -> KeyProfile? {
        guard !name.isEmpty else {
            rejectName("a profile needs a name")
            return nil
        }
        return object { reader in
            KeyProfile(providers: reader.read("providers") { $0.providers(of: name, plugins: plugins) } ?? [:])
        }
    }
}
