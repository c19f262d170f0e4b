#if CLI
import ArgumentParser
import ExtensionHooks
import JSON5Syntax
import KeyHooks
import PluginHost

extension PluginsCommand {
    /// Lets a plugin run as it is now.
    struct Trust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "trust",
            abstract: "Let a plugin run as it is now, until anything in its folder changes.",
            discussion: """
                Shows what is trusted and then records it, with the SHA-256 of everything in the folder. Look at the folder \
                first: a plugin can do whatever you can. A plugin in your own folder needs no trust, but may ask for the \
                values of keys at the end of calls, which --grant-values grants it. Exits 1 if there is no such plugin, 2 if it is broken or the \
                decision cannot be kept.

                Example: keyhooks plugins trust acme.vault --config keyhooks.json
                """
        )

        @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
        var id: String

        @Option(
            name: .customLong("sha256"),
            help: ArgumentHelp("Trust it only if this is its fingerprint, as 'info' shows it.", valueName: "digits")
        )
        var fingerprint: String?

        @Flag(help: "Let its end hooks that ask for the values of keys see them.")
        var grantValues = false

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            guard let fingerprint else { return }
            guard fingerprint.utf8.count == 64, fingerprint.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
                throw ValidationError(
                    "what --sha256 gives is no fingerprint: one is 64 hexadecimal digits, as the line 'sha256' of "
                        + "'keyhooks plugins info' shows them"
                )
            }
        }

        func run() async throws {
            let directory = options.makeDirectory(try options.makeConfiguration())
            let listing = try directory.listing(of: PluginID(id), configured: [])
            guard listing.origin != .builtIn else {
                StandardError.write("plugin '\(id)' is part of the program and needs no trust")
                return
            }
            // What is shown is what is trusted, whatever happens to the folder meanwhile.
            let shown = try directory.fingerprint(of: PluginID(id))
            let trusted = try directory.trust(
                PluginID(id),
                fingerprint: fingerprint ?? shown,
                grantingValues: grantValues
            )
            let isRecorded = listing.origin.needsTrust || grantValues
            if !options.json, isRecorded {
                try StandardOutput.write(PluginReport(listing: trusted, fingerprint: shown).trustText)
            }
            if !isRecorded {
                StandardError.write(
                    "plugin '\(id)' is in your own plugins folder: it needs no trust; nothing was recorded"
                )
            }
            try options.show(trusted)
        }
    }

    /// Takes trust back.
    struct Untrust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "untrust",
            abstract: "Stop trusting a plugin, wherever you trusted it.",
            discussion: "The plugin may be gone. Exits 1 if nothing is known of it, 2 if it needs no trust."
        )

        @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
        var id: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await PluginDecision.untrust.apply(to: id, options)
        }
    }

    /// Switches a plugin on.
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable",
            abstract: "Switch a plugin on again; it must still be trusted to run.",
            discussion: "The plugin may be gone. Exits 1 if nothing is known of it."
        )

        @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
        var id: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await PluginDecision.enable.apply(to: id, options)
        }
    }

    /// Switches a plugin off.
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "Switch a plugin off, wherever it is found, also one that is part of the program.",
            discussion: "Exits 1 if there is no such plugin."
        )

        @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
        var id: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            try await PluginDecision.disable.apply(to: id, options)
        }
    }

    /// Ends the warnings about a plugin that was removed.
    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "forget",
            abstract: "Stop warning about a plugin of yours whose folder you removed.",
            discussion: "Exits 1 if no such plugin is missing, 2 if it is still there or part of the program."
        )

        @Argument(help: ArgumentHelp("The plugin's id.", valueName: "id"))
        var id: String

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let directory = options.makeDirectory(try options.makeConfigurationToDecide().configuration)
            do throws(PluginManagementError) {
                try directory.forget(PluginID(id))
            } catch {
                guard error.code == .unknownPlugin else { throw error }
                throw refusal(directory, error)
            }
            StandardError.write("plugin '\(displayText(id))' is forgotten; you won't be warned about it again")
        }

        private func refusal(_ directory: PluginDirectory, _ error: PluginManagementError) -> PluginManagementError {
            guard directory.builtIn.contains(PluginID(id)) else {
                return PluginManagementError(
                    error.code,
                    "no plugin '\(displayText(id))' is missing",
                    remedy: error.remedy
                )
            }
            return PluginManagementError(
                .unusablePlugin,
                "plugin '\(id)' is part of the program, so it can't be missing",
                remedy: "switch it off: keyhooks plugins disable \(id)"
            )
        }
    }

    /// A decision of the user about a plugin, and how the plugin stands after it.
    enum PluginDecision {
        case enable
        case disable
        case untrust

        func apply(to name: String, _ options: ConfigurationOptions) async throws {
            let (configuration, isWhole) = try options.makeConfigurationToDecide()
            let directory = options.makeDirectory(configuration)
            let id = PluginID(name)
            // Trust that is taken back no longer says where the plugin was.
            let before = (try? directory.store?.read()) ?? TrustDecisions()
            try record(id, in: directory, isWhole: isWhole)
            let inventory = directory.inventory()
            if let listing = directory.builtInListings(configured: configuration.pluginIDs)
                .first(where: { $0.id == id }) ?? inventory.plugin(id)?.listing
            {
                try options.show(listing)
            } else if let listing = inventory.listings.first(where: { $0.isNameless(of: id, before) }) {
                try show(listing, of: id, isOff: try directory.disabled().contains(id), options)
            } else {
                StandardError.write("\(absentText(name)); it isn't in any folder that is searched now")
            }
        }

        private func record(_ id: PluginID, in directory: PluginDirectory, isWhole: Bool) throws {
            switch self {
            case .enable: try directory.enable(id)
            case .untrust: try directory.untrust(id)
            case .disable:
                do throws(PluginManagementError) {
                    try directory.disable(id)
                } catch {
                    // The plugin may be one of the project's, whose configuration says where it lies.
                    guard !isWhole, [.unknownPlugin, .unusablePlugin].contains(error.code), id.isPluginID,
                        let store = directory.store
                    else {
                        throw error
                    }
                    do throws(FileFault) {
                        try store.update { $0.disabled = Set($0.disabled + [id]).sorted() }
                    } catch {
                        throw PluginManagementError(.storeUnusable, error.reason, remedy: error.remedy)
                    }
                }
            }
        }

        /// Shows how a plugin stands whose manifest doesn't say that it is the one.
        private func show(_ listing: PluginListing, of id: PluginID, isOff: Bool, _ options: ConfigurationOptions)
            throws
        {
            guard !options.json else { return try StandardOutput.write(json: listing) }
            let status = isOff ? PluginListing.Status.disabled : listing.status
            let reason = isOff ? "switched off; its manifest can't be read" : displayText(listing.reason, limit: 8192)
            var text = "\(id)  \(status.rawValue)  \(listing.origin.words)  \(reason)\n"
            if !isOff, let remedy = listing.remedy { text += "  -> \(displayText(remedy, limit: 8192))\n" }
            try StandardOutput.write(text)
        }

        private func absentText(_ name: String) -> String {
            let name = displayText(name)
            return switch self {
            case .enable: "'\(name)' is switched on again"
            case .disable: "'\(name)' is switched off"
            case .untrust: "Trust in '\(name)' is taken back"
            }
        }
    }
}

extension PluginListing {
    /// Whether this is a plugin without an id that can be read, in a folder that is known as that of a plugin.
    fileprivate func isNameless(of plugin: PluginID, _ decisions: TrustDecisions) -> Bool {
        guard id == nil else { return false }
        let known = decisions.id(in: FilePath(folder))
        return known.map { $0 == plugin } ?? folder.hasSuffix("/\(plugin.rawValue)")
    }
}

extension ConfigurationOptions {
    /// Shows how a plugin stands now.
    func show(_ listing: PluginListing) throws {
        try StandardOutput.write(listing, asJSON: json, text: TextTable([listing]).text)
    }
}
#endif
