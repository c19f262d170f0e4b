#if CLI
import ArgumentParser
import ExtensionHooks
import JSON5Syntax
import LightFoundation
import KeyHooks
import KeyHooksTesting
import PluginHost

extension PluginsCommand {
    /// Checks a plugin against the protocol.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Run a plugin and report each rule of the protocol by name.",
            discussion: """
                The plugin need not be installed or trusted: it is started many times, with its section of the \
                configuration (or the first example of its schema). What has no '/' is the id of an installed plugin; what \
                has one is a folder. A plugin outside of your own plugins folder gets none of the variables that its \
                manifest asks for, unless you say --with-environment. A secret manager is asked to write only with \
                --writable. No key is shown. Exits 0 if no rule is broken, 2 if \
                one is, 1 if there is no such plugin.

                Example: keyhooks plugins check ./acme-vault
                """
        )

        @OptionGroup var argument: PluginArgument

        @Option(
            help: ArgumentHelp(
                "A secret that may be written and deleted, to check what a secret manager changes.",
                valueName: "name"
            )
        )
        var writable: String?

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            if let mistake = writable.flatMap(SecretName.mistake) {
                throw ValidationError("the name after --writable \(mistake.reason): \(mistake.remedy)")
            }
        }

        func run() async throws {
            let configuration = try options.makeConfiguration()
            let chosen = try argument.choose(in: options.makeDirectory(configuration), command: "check")
            let conformance = PluginConformance(
                configuration: configuration,
                environment: chosen.environment,
                showingOutput: argument.output,
                named: argument.plugin
            )
            let folder = chosen.plugin.listing.folder
            try await withShutdown(of: { _ in await conformance.shutdown() }, { try await check(folder, conformance) })
        }

        private func check(_ folder: String, _ conformance: PluginConformance) async throws {
            let report = try await conformance.check(folder, writable: writable)
            let broken = report.entries.count { $0.outcome == .failed }
            let verdict =
                "\(displayText(report.id ?? "the plugin")): \(broken == 0 ? "conforming" : "\(broken) broken")\n"
            try StandardOutput.write(report, asJSON: options.json, text: TextTable(report).text + verdict)
            if !report.isConforming { throw ExitStatus.failed }
        }
    }

    /// Asks a plugin one question and shows the conversation.
    struct Try: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "try",
            abstract: "Ask a plugin for one key and show the lines in both directions, keys hidden.",
            discussion: """
                The plugin need not be installed or trusted. What it is sent begins with '->', what it writes with '<-', and \
                what it writes for people with 'stderr:'; no other source is asked. A plugin outside of your own plugins \
                folder gets none of the variables that its manifest asks for, unless you say --with-environment.
                Exits as 'keyhooks get' would for the same answer: 0 if there is a key, or none is required, 1 if there is \
                none, 2 if it cannot be had now, 3 if it was denied.

                Example: keyhooks plugins try ./acme-vault openai > lines.txt; echo "status $?"
                """
        )

        @OptionGroup var argument: PluginArgument

        @Argument(help: ArgumentHelp("The service, such as openai.", valueName: "service"))
        var service: String

        @Option(help: ArgumentHelp("A named field instead of the main key, such as region.", valueName: "name"))
        var field: String?

        @OptionGroup var scopes: ScopeOptions

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            if options.json {
                throw ValidationError("'try' shows lines as they are spoken; it has no other form for --json")
            }
        }

        func run() async throws {
            let configuration = try options.makeConfiguration()
            let catalogue = try configuration.catalogue()
            let typed = try Service(typed: service, in: catalogue)
            if !catalogue.definition(of: typed).isListed { try typed.check() }
            typed.warnIfUnknown(in: catalogue)
            let service = catalogue.canonical(typed)
            let chosen = try argument.choose(in: options.makeDirectory(configuration), command: "try")
            let trial = try PluginTrial(
                chosen.plugin,
                configuration: configuration,
                environment: chosen.environment,
                isInteractive: Terminal.isThere,
                command: argument.commandShowingOutput,
                showingOutput: argument.output,
                line: { try? StandardOutput.write($0 + "\n") }
            )
            if trial.usesExample {
                StandardError.write(
                    "the configuration has no section for it: the first example of its schema stands in"
                )
            }
            try await withShutdown(of: { await trial.shutdown(atOnce: $0) }, { try await ask(trial, for: service) })
        }

        private func ask(_ trial: PluginTrial, for service: Service) async throws {
            switch try await trial.answer(for: service, field: field, scope: scopes.scope) {
            case .found: StandardError.write("it has a key for '\(service)'")
            case .notRequired: StandardError.write("'\(service)' requires no key")
            case .absent:
                throw KeyResolutionError(
                    .absent,
                    "the plugin has no \(field == nil ? "key" : "such field") for '\(service)'",
                    remedy: "see above what it answered",
                    service: service
                )
            }
        }
    }

    /// The plugin that is to be run for its author, and what it may see.
    struct PluginArgument: ParsableArguments {
        @Argument(
            help: ArgumentHelp(
                "The id of an installed plugin, or with a '/' in it the folder that holds plugin.json.",
                valueName: "path|id"
            )
        )
        var plugin: String

        @Flag(help: "Give a plugin outside of your own plugins folder the variables that its manifest asks for.")
        var withEnvironment = false

        @Flag(help: "Show every line the plugin writes, on standard output and standard error, keys included.")
        var showOutput = false

        /// What was typed, as a command that shows everything that the plugin writes.
        var commandShowingOutput: String {
            let words =
                CommandLine.arguments.dropFirst().map { FileFault.shellWord($0) }
                + (showOutput ? [] : ["--show-output"])
            return (["keyhooks"] + words).joined(separator: " ")
        }

        /// Where everything goes that the plugin writes; nil if nobody asked for it.
        var output: (@Sendable (String) -> Void)? {
            guard showOutput else { return nil }
            return { StandardError.write($0) }
        }

        /// What was chosen: a plugin with the variables it is run with.
        struct Choice {
            let plugin: DiscoveredPlugin
            let environment: [String: String]
        }

        /// Finds the plugin, and says what will be run and what it gets to see, unless it is the user's own.
        func choose(in directory: PluginDirectory, command: String) throws(PluginManagementError) -> Choice {
            let plugin = try DiscoveredPlugin.inspect(try folder(in: directory, command: command))
            let environment = ProcessInfo.processInfo.environment
            if showOutput { StandardError.write("warning: what the plugin writes is shown as it is, keys included") }
            guard !plugin.isOwn(environment), let words = plugin.command else {
                return Choice(plugin: plugin, environment: environment)
            }
            let asked = plugin.askedVariables
            let given = DiscoveredPlugin.usualVariables + (withEnvironment ? asked : [])
            StandardError.write(
                "runs \(displayText(words.joined(separator: " "), limit: 8192)) with the variables "
                    + displayText(given.joined(separator: ", "), limit: 8192)
            )
            guard !asked.isEmpty, !withEnvironment else { return Choice(plugin: plugin, environment: environment) }
            StandardError.write(
                "its manifest asks for more, which is withheld: \(displayText(asked.joined(separator: ", "), limit: 8192)). "
                    + "To pass that on: --with-environment"
            )
            return Choice(plugin: plugin, environment: environment.filter { !asked.contains($0.key) })
        }

        private func isFile(_ path: String) -> Bool {
            guard let status = try? FileStatus(of: path, followsLinks: true) else { return false }
            return status.kind != .folder
        }

        /// An id is never taken for a folder of the working directory, which may be anybody's.
        private func folder(in directory: PluginDirectory, command: String) throws(PluginManagementError) -> String {
            guard !plugin.contains("/") else {
                let parts = plugin.split(separator: "/", omittingEmptySubsequences: false)
                guard parts.last == Substring(PluginManifest.fileName), isFile(plugin) else { return plugin }
                let folder = parts.dropLast().joined(separator: "/")
                throw PluginManagementError(
                    .unknownPlugin,
                    "\(FileFault.shown(plugin)) is a manifest, and a plugin is a folder",
                    remedy: "name its folder: \(FileFault.quoted(folder.isEmpty ? "/" : folder))"
                )
            }
            let id = PluginID(plugin)
            guard !directory.builtIn.contains(id) else {
                throw PluginManagementError(
                    .unusablePlugin,
                    "plugin '\(plugin)' is part of the program, which does not run it as a process",
                    remedy: "name one that is dropped in; see them: keyhooks plugins list"
                )
            }
            do throws(PluginManagementError) {
                return try directory.installed(id).listing.folder
            } catch {
                guard error.code == .unknownPlugin, FileManager.default.fileExists(atPath: plugin) else { throw error }
                throw PluginManagementError(
                    .unknownPlugin,
                    "there is no plugin '\(displayText(plugin))', and a folder is named with a '/'",
                    remedy:
                        "if you mean the folder: keyhooks plugins \(command) \(plugin == "." ? "./" : "./\(plugin)")"
                )
            }
        }
    }
}
#endif
