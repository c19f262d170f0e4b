#if CLI
import ArgumentParser
import ExtensionHooks
import JSON5Syntax
import LightFoundation
import KeyHooks
import OpenBao
import PluginHost

extension PluginsCommand {
    /// Writes a new plugin.
    struct New: AsyncParsableCommand {
        enum Language: String, ExpressibleByArgument {
            case shell, python, swift
        }

        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Write a plugin that keeps all rules of the protocol; you add how it gets a key.",
            discussion: """
                A plugin in Swift is built as well, if swiftc is there. Overwrites nothing: exits 2 if the \
                folder is there already, 64 if the id isn't valid. With --install it is put where you are asked for nothing \
                more: in your own plugins folder a plugin needs no trust, and is asked from then on.

                Example: keyhooks plugins new acme.vault --language python --install
                """
        )

        @Argument(help: ArgumentHelp("The plugin's id: letters, digits, '.', '_' and '-'.", valueName: "id"))
        var id: String

        @Option(
            help: ArgumentHelp("The language: shell, python or swift.", valueName: "language"),
            completion: .list(["shell", "python", "swift"])
        )
        var language: Language

        @Option(help: ArgumentHelp("The plugin's folder, ./ID if it is left out.", valueName: "path"))
        var folder: String?

        @Flag(help: "Put it into your own plugins folder, ~/.config/keyhooks/plugins.")
        var install = false

        /// The user's own plugins folder; nil if there is none.
        private static var ownFolder: String? {
            KeyConfiguration.userFolder(ProcessInfo.processInfo.environment).map { "\($0)/plugins" }
        }

        /// What is to be done next.
        ///
        /// - Parameters:
        ///   - folder: Where the plugin was written.
        ///   - file: The file that its author goes on with.
        ///   - isBuilt: Whether it can be run.
        /// - Returns: A line for each step.
        private func steps(for folder: String, _ file: String, isBuilt: Bool) -> [String] {
            let shown = FileFault.quoted(folder)
            let parent = URL(fileURLWithPath: folder).standardizedFileURL.deletingLastPathComponent().path
            let write = "write in \(FileFault.quoted("\(folder)/\(file)")) how to get a key"
            guard parent == Self.ownFolder else {
                let own = FileFault.quoted(Self.ownFolder.map { "\($0)/" } ?? "a folder of KEYHOOKS_PLUGIN_PATH")
                return [
                    write, "check it: keyhooks plugins check \(shown.contains("/") ? shown : "./\(shown)")",
                    "then put it where it is looked for, into your own plugins folder (--install puts it there at once): "
                        + "mv \(shown) \(own)",
                    "or into a folder that 'pluginPath' of keyhooks.json names, and: keyhooks plugins trust \(id)",
                ]
            }
            let state =
                isBuilt
                ? "it is in your own plugins folder: it needs no trust, and is asked from now on"
                : "it is in your own plugins folder: until it is built 'keyhooks get' fails, so that no weaker source answers"
            return [state, write, "check it: keyhooks plugins check \(id)", "then: keyhooks get openai"]
        }

        /// Makes the user's own plugins folder, if need be, where nobody else can write.
        private func prepareOwnFolder() throws(KeyResolutionError) -> String {
            guard let own = Self.ownFolder else {
                throw KeyResolutionError(
                    .invalidConfiguration,
                    "there is no folder of your own for plugins",
                    remedy: "set HOME or XDG_CONFIG_HOME, or name a folder with --folder"
                )
            }
            // Two plugins with one id in one folder are both broken.
            let directory = PluginDirectory(searchPath: PluginSearchPath(), store: TrustStore())
            if let other = directory.inventory().plugin(PluginID(id))?.listing, other.origin == .user {
                throw KeyResolutionError(
                    .pluginFailed,
                    "plugin '\(id)' is there already, in \(FileFault.shown(other.folder)), and nothing is overwritten",
                    remedy: "choose another id, or move that folder away"
                )
            }
            let mask = umask(0o077)
            defer { umask(mask) }
            do {
                try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            } catch {
                throw KeyResolutionError(
                    .pluginFailed,
                    "\(FileFault.shown(own)) cannot be made",
                    remedy: "see who may write to the folder it is in"
                )
            }
            return "\(own)/\(id)"
        }

        func validate() throws {
            guard !install || folder == nil else {
                throw ValidationError("--install says where the plugin goes, and so does --folder: give one of the two")
            }
            guard !PastedKey.isIn(id) else { throw ValidationError("what was given as the id looks like a key") }
            guard PluginID(id).isPluginID else {
                throw ValidationError(
                    "'\(displayText(id))' isn't a valid plugin id: use up to 64 letters, digits, '.', '_' and '-'"
                )
            }
        }

        func run() async throws {
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
            let folder =
                try install
                ? prepareOwnFolder()
                : WrittenPath.expanded(folder ?? "./\(id)", ProcessInfo.processInfo.environment)
            try scaffold.write(to: folder)
            let shown = displayText(folder, limit: 4096)
            for file in scaffold.files { try StandardOutput.write("\(shown)/\(file.name)\n") }
            let environment = ProcessInfo.processInfo.environment
            let isBuilt = scaffold.firstStep.map { ChildStart.succeeds("\(folder)/\($0)", environment) } ?? true
            if let step = scaffold.firstStep, !isBuilt { StandardError.write("build it: \(shown)/\(step)") }
            for step in steps(for: folder, scaffold.source, isBuilt: isBuilt) { StandardError.write(step) }
        }
    }
}
#endif
