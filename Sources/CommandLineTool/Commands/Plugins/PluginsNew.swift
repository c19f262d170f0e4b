#if CLI
import ArgumentParser
import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao

/// Writes a new plugin.
struct PluginsNew: AsyncParsableCommand {
    enum Language: String, ExpressibleByArgument, CaseIterable {
        case shell
        case python
        case swift
    }

    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a plugin that keeps all rules of the protocol and waits for you to say where the keys are.",
        discussion: """
            A plugin in Swift is built as well, if swiftc is there. Overwrites nothing: exits 2 if the \
            folder is there already, 64 if the id isn't valid.

            Example: keyhooks plugins new acme.vault --language python --folder ~/.config/keyhooks/plugins/acme.vault
            """
    )

    @Argument(help: ArgumentHelp("The plugin's id: letters, digits, '.', '_' and '-'.", valueName: "id"))
    var id: String

    @Option(help: ArgumentHelp("The language.", valueName: "language"))
    var language: Language

    @Option(help: ArgumentHelp("The plugin's folder, ./ID if it is left out.", valueName: "path"))
    var folder: String?

    /// Runs a script that was just written and says whether it succeeded.
    private static func isDone(_ script: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: script)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.standardError
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationReason == .exit && process.terminationStatus == 0
    }

    /// What is left to be done where nobody looks for plugins yet; nil in the user's own folder.
    private static func installation(of folder: String, id: String) -> String? {
        let parent = URL(fileURLWithPath: folder).standardizedFileURL.deletingLastPathComponent().path
        let own = KeyConfiguration.userFolder(ProcessInfo.processInfo.environment).map { "\($0)/plugins" }
        guard parent != own else { return nil }
        return "then move it into \(displayText(own ?? "a folder of KEYHOOKS_PLUGIN_PATH", limit: 4096)), or into a "
            + "folder that 'pluginPath' of keyhooks.json names and: keyhooks plugins trust \(id)"
    }

    func validate() throws {
        let isPlain = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard !PastedKey.isIn(id) else { throw ValidationError("what was given as the id looks like a key") }
        guard isPlain, (1...64).contains(id.utf8.count), !"._-".contains(id.first ?? ".") else {
            throw ValidationError(
                "'\(displayText(id))' is no plugin id: use up to 64 letters, digits, '.', '_' and '-'"
            )
        }
    }

    func run() async throws {
        try await reportingErrors {
            if id == OpenBaoPlugin.id.rawValue {
                throw KeyResolutionError(
                    .invalidConfiguration,
                    "'\(id)' is the id of a plugin that is part of the program",
                    remedy: "choose another id"
                )
            }
            let scaffold =
                switch language {
                case .shell: PluginScaffold.shell(id)
                case .python: PluginScaffold.python(id)
                case .swift: PluginScaffold.swift(id)
                }
            let folder = WrittenPath.expanded(folder ?? "./\(id)", ProcessInfo.processInfo.environment)
            try scaffold.write(to: folder)
            let shown = displayText(folder, limit: 4096)
            for file in scaffold.files { try StandardOutput.write("\(shown)/\(file.name)\n") }
            if let step = scaffold.firstStep, !Self.isDone("\(folder)/\(step)") {
                StandardError.write("build it: \(shown)/\(step)")
            }
            let isPath = shown.contains("/")
            StandardError.write("check it: keyhooks plugins check \(isPath ? shown : "./\(shown)")")
            if let step = Self.installation(of: folder, id: id) { StandardError.write(step) }
        }
    }
}
#endif
