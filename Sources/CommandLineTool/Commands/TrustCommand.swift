#if CLI
import ArgumentParser
import Foundation
import KeyHooks

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

            Exits 0 when it is trusted, 1 if there is no such file, 78 if it has mistakes or isn't safe; with --show, 0 if \
            it is trusted as it is, 78 if it isn't.

            Example: keyhooks trust --show
            """
    )

    @Argument(help: ArgumentHelp("The file, keyhooks.json if it is left out.", valueName: "path"))
    var path = "keyhooks.json"

    @Flag(help: "Only show what it would do, or what changed; record nothing.")
    var show = false

    func run() async throws {
        try await reportingErrors {
            let file = try FoundConfiguration(named: path)
            let configuration = try KeyConfiguration.parse(file.bytes, path: file.path, defaultFile: nil)
            let effects = ConfigurationEffects(of: configuration, plugins: builtInPlugins)
            guard let store = TrustStore() else {
                throw KeyResolutionError(
                    .invalidConfiguration,
                    "there is no folder in which your trust could be recorded",
                    remedy: "set HOME or XDG_CONFIG_HOME"
                )
            }
            let trust = file.trust(in: try decisions(of: store))
            try StandardOutput.write(TrustText(file, effects, trust).text)
            if show {
                guard trust == .trusted else { throw ExitStatus.configuration }
                return
            }
            do throws(FileFault) {
                try store.trust(file, effects: effects.kept)
            } catch {
                throw KeyResolutionError(error)
            }
            try StandardOutput.write("It is trusted as it is now, until it changes.\n")
        }
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

    func run() async throws {
        try await reportingErrors {
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
}

private func decisions(of store: TrustStore) throws(KeyResolutionError) -> TrustDecisions {
    do {
        return try store.read()
    } catch {
        throw KeyResolutionError(error)
    }
}

extension FoundConfiguration {
    /// Reads the file that was named on the command line, or the `keyhooks.json` of a folder that was.
    fileprivate init(named path: String) throws {
        let path = Self.file(path)
        guard FileManager.default.fileExists(atPath: path) else {
            StandardError.write(
                "error: \(displayText(path, limit: 4096)) does not exist. Run this in the folder that has it, or name it"
            )
            throw ExitStatus.absent
        }
        try self.init(path)
    }

    fileprivate static func place(of path: String) -> FilePath { place(of: FilePath(file(path))) }

    private static func file(_ path: String) -> String {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return isThere && isFolder.boolValue ? FilePath(path).appending("keyhooks.json").text : path
    }
}

/// What a configuration would do, for the one who decides about it.
private struct TrustText {
    private let file: FoundConfiguration
    private let effects: ConfigurationEffects
    private let trust: FoundConfiguration.Trust

    init(_ file: FoundConfiguration, _ effects: ConfigurationEffects, _ trust: FoundConfiguration.Trust) {
        self.file = file
        self.effects = effects
        self.trust = trust
    }

    var text: String {
        let title = "\(file.place)\nsha256 \(file.fingerprint)\n"
        switch trust {
        case .trusted: return title + "You trust it as it is. It" + list(effects.lines)
        case .never: return title + "You haven't trusted it yet. It" + list(effects.lines)
        case .changed(let record):
            let changes = effects.changes(since: record.effects)
            guard !changes.isEmpty else {
                return title + "It changed since you trusted it, but does the same. It" + list(effects.lines)
            }
            return title + "It changed since you trusted it. What it does is new (+) or went (-):\n"
                + changes.map { "  \($0)\n" }.joined()
        }
    }

    private func list(_ lines: [String]) -> String { "\n" + lines.map { "  \($0)\n" }.joined() }
}
#endif
