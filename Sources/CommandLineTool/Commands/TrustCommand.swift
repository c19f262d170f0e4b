#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation
import PluginHost

/// Lets a configuration that was found be obeyed.
struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Let the keyhooks.json of this folder be obeyed as it is now.",
        discussion: """
            A keyhooks.json decides which programs run and where credentials go, and a folder that was cloned may bring \
            one. It is obeyed once you trusted it, until it changes. This prints what it would do, or what changed since \
            you trusted it, and records its path and its SHA-256; nothing is asked. Files that you name by --config or \
            KEYHOOKS_CONFIG, and your own in ~/.config/keyhooks, need no trust.

            Exits 0 when it is trusted or needs no trust, 1 if there is no such file, 64 if it isn't called keyhooks.json, \
            78 if it has mistakes or isn't safe, or the decision can't be kept; with --show, 0 if it is trusted as it is, \
            78 if it isn't.

            Example: keyhooks trust --show
            """
    )

    @Argument(help: ArgumentHelp("The file, keyhooks.json if it is left out.", valueName: "path"))
    var path = "keyhooks.json"

    @Flag(help: "Only show what it would do, or what changed; record nothing.")
    var show = false

    func validate() throws { try refuseNoName(path) }

    func run() async throws {
        let name = try FoundConfiguration.existing(path)
        if KeyConfiguration.isOwnFile(name, ProcessInfo.processInfo.environment) {
            return try StandardOutput.write("This is your own file; it needs no trust.\n")
        }
        guard FilePath(name).name == FoundConfiguration.fileName else {
            StandardError.write(
                "error: Only a file called keyhooks.json is found by itself; name this one with --config, which needs "
                    + "no trust"
            )
            throw ExitStatus.usage
        }
        let file = try FoundConfiguration(name)
        let configuration = try KeyConfiguration.parse(
            file.bytes,
            path: file.path,
            ConfigurationReading(defaultFile: nil, plugins: builtInPlugins.map { $0.plugin })
        )
        // What nobody will obey is not to be trusted, and what it would do can't be said.
        for section in configuration.plugins {
            let plugin = builtInPlugins.first { $0.id == section.id } as? any EffectDescribing.Type
            try plugin?.validate(section, in: configuration)
        }
        let host = DropInPlugins(builtIn: builtInPlugins.map { $0.plugin }, isInteractive: false, isRecording: false) {
            _ in
        }
        var faults = ConfigurationFaults()
        // Where a file that nobody trusts yet says that plugins are, nothing is looked for.
        if configuration.pluginPath.isEmpty { configuration.checkPresence(of: [host], &faults) }
        let words = faults.text.split(separator: "\n").map { "warning: \($0), so 'keyhooks get' refuses the file" }
        words.forEach(StandardError.write)
        let effects = ConfigurationEffects(of: configuration, plugins: builtInPlugins)
        if show { try show(file, effects) } else { try record(file, effects) }
    }

    private func show(_ file: FoundConfiguration, _ effects: ConfigurationEffects) throws {
        let trust: FoundConfiguration.Trust
        do {
            trust = file.trust(in: try Self.store().read())
        } catch {
            throw KeyResolutionError(error)
        }
        try StandardOutput.write(TrustText(file: file, effects: effects, trust: trust, isRecorded: false).text)
        guard trust == .trusted else { throw ExitStatus.configuration }
    }

    /// Records the decision; what was looked at is shown first, in words that claim nothing yet.
    private func record(_ file: FoundConfiguration, _ effects: ConfigurationEffects) throws {
        do {
            let store = try Self.store()
            let trust = file.trust(in: try store.read())
            try StandardOutput.write(TrustText(file: file, effects: effects, trust: trust, isRecorded: true).text)
            try store.trust(file, effects: effects.kept)
        } catch let fault as FileFault {
            throw KeyResolutionError(.invalidConfiguration, "Not trusted: \(fault.reason)", remedy: fault.remedy)
        }
        let argument = path == FoundConfiguration.fileName ? "" : " \(FileFault.quoted(file.place.text))"
        try StandardOutput.write("Trusted as it is now, until it changes. To undo: keyhooks untrust\(argument)\n")
    }

    private static func store() throws(FileFault) -> TrustStore {
        guard let store = TrustStore() else {
            throw FileFault(
                "there is no folder in which your trust could be recorded",
                remedy: "set HOME or XDG_CONFIG_HOME"
            )
        }
        return store
    }
}

/// Takes trust in a configuration back.
struct UntrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untrust",
        abstract: "Take back the trust in the keyhooks.json of this folder.",
        discussion: "The file may be gone. Exits 1 if it was never trusted."
    )

    @Argument(help: ArgumentHelp("The file, keyhooks.json if it is left out.", valueName: "path"))
    var path = "keyhooks.json"

    func validate() throws { try refuseNoName(path) }

    func run() async throws {
        let place = FoundConfiguration.place(of: path)
        let isTakenBack: Bool
        do throws(FileFault) {
            isTakenBack = try TrustStore()?.untrust(place) ?? false
        } catch {
            throw KeyResolutionError(error)
        }
        guard isTakenBack else {
            StandardError.write("error: \(place) was never trusted")
            throw ExitStatus.absent
        }
        try StandardOutput.write("\(place) is no longer trusted.\n")
    }
}

/// A variable that is not set gives an empty argument.
private func refuseNoName(_ path: String) throws {
    guard path.isEmpty else { return }
    throw ValidationError("an empty path names no file. Leave it out for the keyhooks.json of this folder")
}

extension FoundConfiguration {
    fileprivate static let fileName = "keyhooks.json"

    /// The file that was named on the command line, or the `keyhooks.json` of a folder that was.
    fileprivate static func existing(_ path: String) throws -> String {
        let path = file(path)
        guard FileManager.default.fileExists(atPath: path) else {
            StandardError.write(
                "error: \(displayText(path, limit: 4096)) does not exist. Run this in the folder that has it, or name it"
            )
            throw ExitStatus.absent
        }
        return path
    }

    fileprivate static func place(of path: String) -> FilePath { place(of: FilePath(file(path))) }

    private static func file(_ written: String) -> String {
        let path = WrittenPath.expanded(written, ProcessInfo.processInfo.environment)
        let status = try? FileStatus(of: path, followsLinks: true)
        return status?.kind == .folder ? FilePath(path).appending(fileName).text : path
    }
}

/// What a configuration would do, for the one who decides about it.
private struct TrustText {
    let file: FoundConfiguration
    let effects: ConfigurationEffects
    let trust: FoundConfiguration.Trust
    /// Whether trusting it is what is being done.
    let isRecorded: Bool

    var text: String {
        let title = "\(file.place)\nsha256 \(file.fingerprint)\n"
        switch trust {
        case .trusted: return title + "You trust it as it is. It" + list(effects.lines)
        case .never where isRecorded: return title + "If you trust it, it" + list(effects.lines)
        case .never: return title + "You haven't trusted it yet. It" + list(effects.lines)
        case .changed(let record):
            let changes = effects.changes(since: record.effects)
            guard !changes.isEmpty else {
                return title + "It changed since you trusted it. It" + list(effects.lines)
                    + "These words are the same as before, but the file isn't: look at it.\n"
            }
            return title + "It changed since you trusted it. What changed (+ new, - gone):\n"
                + changes.map { "  \($0)\n" }.joined()
        }
    }

    private func list(_ lines: [String]) -> String { "\n" + lines.map { "  \($0)\n" }.joined() }
}
#endif
