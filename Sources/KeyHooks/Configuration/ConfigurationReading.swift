package import ExtensionHooks
import JSON5Syntax
public import LightFoundation

extension KeyConfiguration {
    /// Reads a `keyhooks.json`; JSON5 is accepted.
    ///
    /// Paths in the file count from the file's own folder, and `~/` is the home folder. A dotenv file that it declares
    /// may be missing, so that one configuration serves a laptop with a `.env` and a server without. If it declares
    /// none, `.env` in the working directory is declared, as without a configuration.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - environment: Where `HOME` is taken from.
    ///   - plugins: The sources of plugins that look at their sections if there are mistakes elsewhere, so that all are
    ///     reported at once; a resolver has them look in any case.
    /// - Returns: What it says.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that lists all mistakes, each with line,
    ///   column and what was probably meant. A file that another user owns or can change is refused with the same code.
    public static func read(
        from path: String,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        plugins: [any PluginSource] = []
    ) throws(KeyResolutionError) -> KeyConfiguration {
        try read(from: path, ConfigurationReading(environment: environment, plugins: plugins))
    }

    package static func read(
        from path: String,
        _ reading: ConfigurationReading
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let path = WrittenPath.expanded(path, reading.environment)
        return try parse(bytes(of: path), path: path, reading)
    }

    /// Reads what a `keyhooks.json` would say from a text, such as one that the program has with it; JSON5 is accepted.
    ///
    /// It is believed, as the program says it. ``KeyResolver/reload(_:)`` has nothing to read again, and goes on with
    /// it. Of dotenv files those are read that the text declares.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - path: What the text is called in messages; relative paths in it count from the folder of this path. No file
    ///     has to be there.
    ///   - environment: Where `HOME` is taken from.
    ///   - plugins: The sources of plugins that look at their sections if there are mistakes elsewhere, so that all are
    ///     reported at once; a resolver has them look in any case.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` that lists all mistakes, each with line,
    ///   column and what was probably meant.
    public init(
        parsing text: String,
        path: String = "keyhooks.json",
        environment: [String: String] = ProcessInfo.processInfo.environment,
        plugins: [any PluginSource] = []
    ) throws(KeyResolutionError) {
        let reading = ConfigurationReading(defaultFile: nil, environment: environment, plugins: plugins)
        self = try Self.parse(Array(text.utf8), path: WrittenPath.expanded(path, environment), reading)
        isText = true
    }

    /// What is in the file; one that somebody else could have written is refused.
    static func bytes(of path: String) throws(KeyResolutionError) -> [UInt8] {
        do {
            return try FileReading.read(path, limit: JSONParser.Limits().size, believing: true).bytes
        } catch {
            throw .invalidConfiguration(
                error.reason(for: path),
                remedy: error.remedy(or: "check the path of the configuration")
            )
        }
    }

    /// Whether the file says what it said when this was read from it.
    package var isAsInFile: Bool {
        guard path != nil, !isText else { return true }
        return (try? reread())?.document == document
    }

    /// Understands what is in a file.
    package static func parse(
        _ bytes: [UInt8],
        path: String,
        _ reading: ConfigurationReading
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let document: JSONNode
        do {
            document = try JSONParser.parse(bytes)
        } catch {
            let mistakes = JSONMistakes([JSONMistake(error)])
            throw .invalidConfiguration(mistakes.description(in: path), remedy: ConfigurationFaults.remedy(for: 1))
        }
        var reader = JSONObjectReader(document, path: .root)
        let folder = WrittenPath.folder(ofFile: path)
        var configuration = KeyConfiguration(from: &reader, defaultFile: reading.defaultFile) { written in
            WrittenPath.counted(WrittenPath.expanded(written, reading.environment), from: folder)
        }
        let mistakes = reader.finish()
        let places = Set(mistakes.map(\.position))
        let pasted = document.mistakesOfPastedKeys().filter { !places.contains($0.position) }
        configuration.path = path
        configuration.reading = reading
        configuration.document = document
        guard mistakes.isEmpty, pasted.isEmpty else { throw configuration.invalid(mistakes, pasted) }
        return configuration
    }

    /// The error for mistakes in the file, with those that plugins find in their sections of it.
    ///
    /// One mistake for one place: what is wrong there otherwise says more than that a key was pasted.
    private func invalid(_ mistakes: [JSONMistake], _ pasted: [JSONMistake]) -> KeyResolutionError {
        var faults = ConfigurationFaults()
        let context = PluginContext(configuration: self, environment: reading.environment)
        let ofPlugins = reading.plugins.flatMap { $0.mistakes(in: context) }
        let reported = ofPlugins.flatMap { $0.message.split(separator: "\n") }
        let mistakes =
            mistakes
            + pasted.filter { key in
                let place = displayLines("\(path ?? ""):\(key.position): \(key.path): ")
                return !reported.contains { $0.hasPrefix(place) }
            }
        if !mistakes.isEmpty { faults.add(invalid(JSONMistakes(mistakes))) }
        for error in ofPlugins { faults.add(error) }
        _ = ConfiguredManagers(in: context, reading.plugins, &faults)
        if reading.hasAllPlugins { checkPresence(of: reading.plugins, &faults) }
        return faults.error ?? .invalidConfiguration("\(path ?? "") cannot be read", remedy: "report it")
    }

    /// Finds the plugins that aren't there, if these are all sources that there can be.
    package func checkPresence(of sources: [any PluginSource], _ faults: inout ConfigurationFaults) {
        guard !switchesPluginsOff(reading.environment) else { return }
        let context = PluginContext(configuration: self, environment: reading.environment)
        let present = sources.map { $0.plugins(in: context) } + [Set(managers.map(\.id))]
        guard !present.contains(nil) else { return }
        let inputs = ResolverInputs(
            registry: HookRegistry(),
            sources: sources,
            process: reading.environment,
            isUsingPlugins: true,
            configuration: self
        )
        inputs.checkPresence(among: Set(present.compactMap(\.self).joined()), &faults)
    }

    private init(from reader: inout JSONObjectReader, defaultFile: String?, path: (String) -> String) {
        let names = [
            "$schema", "envFiles", "envPrecedence", "hookOrder", "managers", "plugins", "pluginPath", "providers",
            "profiles",
        ]
        _ = reader.string("$schema")
        let declared = reader.stringArray("envFiles", orSingle: true)?.map(path)
        self.init(
            envFiles: declared.map { $0.map { EnvironmentFile($0, isRequired: false) } }
                ?? defaultFile.map { [EnvironmentFile(undeclared: $0)] } ?? [],
            envPrecedence: reader.oneOf("envPrecedence", EnvironmentPrecedence.self) ?? .process,
            hookOrder: reader.array("hookOrder", orSingle: true) { $0.hookID() } ?? []
        )
        let sections = reader.readMisspelt("plugins", besides: names) { $0.map { $1.pluginSection(named: $0) } }
        plugins = (sections ?? []).map(\.value)
        pluginPath = reader.stringArray("pluginPath", orSingle: true)?.map(path) ?? []
        let taken = Set(plugins.map(\.id))
        let described = reader.readMisspelt("managers", besides: names) {
            $0.map { $1.managerSection(named: $0, besides: taken) }
        }
        managers = (described ?? []).map(\.value)
        let known = taken.union(hookOrder.map(\.plugin)).union(managers.map(\.id))
        providers = reader.readMisspelt("providers", besides: names) { $0.providers(of: nil, plugins: known) } ?? [:]
        let profiled = reader.readMisspelt("profiles", besides: names) { value in
            value.map { name, value in value.profile(named: name, plugins: known) }
        }
        for (name, profile) in profiled ?? [] {
            // Names that are canonically equivalent are one for whoever looks a profile up.
            if profiles.updateValue(profile, forKey: name) != nil {
                reader.reject("profiles", "'\(displayText(name))' is the same profile as an earlier name")
            }
        }
    }
}

/// How a file is read: the same again when a program reloads.
package struct ConfigurationReading: Sendable {
    /// The dotenv file that is declared where the file declares none.
    var defaultFile: String? = ".env"

    /// Where `HOME` is taken from.
    var environment: [String: String] = [:]

    /// Who looks at sections of plugins if there are mistakes elsewhere.
    var plugins: [any PluginSource] = []

    /// Whether a plugin that none of them has isn't there: a program may have hooks of its own besides.
    var hasAllPlugins = false

    package init(
        defaultFile: String? = ".env",
        environment: [String: String] = ProcessInfo.processInfo.environment,
        plugins: [any PluginSource] = [],
        hasAllPlugins: Bool = false
    ) {
        self.defaultFile = defaultFile
        self.environment = environment
        self.plugins = plugins
        self.hasAllPlugins = hasAllPlugins
    }
}

extension JSONValueReader {
    package mutating func hookID() -> HookID? {
        string(orSay: "isn't a valid hook id: use 'plugin' or 'plugin/hook'") { HookID($0).isWellFormed }
            .map { HookID($0) }
    }

    /// Reads a text that has to pass a check.
    mutating func string(orSay message: String, if isRight: (String) -> Bool) -> String? {
        guard let text = string() else { return nil }
        if isRight(text) { return text }
        reject(message)
        return nil
    }

    fileprivate mutating func pluginSection(named name: String) -> PluginSection? {
        let id = PluginID(name)
        guard id.isWellFormed else {
            rejectName("isn't a valid plugin id: use letters, digits, '.', '_' and '-'")
            return nil
        }
        guard node.members != nil else {
            rejectType(expecting: "an object")
            return nil
        }
        return PluginSection(id: id, settings: node, position: node.position)
    }

    fileprivate mutating func profile(named name: String, plugins: Set<PluginID>) -> KeyProfile? {
        guard !name.isEmpty else {
            rejectName("a profile needs a name")
            return nil
        }
        return object { reader in
            let providers = reader.readMisspelt("providers", besides: []) {
                $0.providers(of: name, plugins: plugins)
            }
            for name in reader.names where name != "providers" {
                guard PeerWords.meaning(of: name, among: ["providers"]) == nil,
                    closestMatch(to: name, among: ["providers"]) == nil
                else { continue }
                reader.rejectName(name, "unknown key: a profile has 'providers' and nothing else")
            }
            return KeyProfile(providers: providers ?? [:])
        }
    }
}
