#if CLI
#if AWS
import AWSSecretsManager
#endif
import ArgumentParser
import ExtensionHooks
import JSON5Syntax
import LightFoundation
import KeyHooks
import LiteLLM
import OpenBao
import PluginHost

/// The plugins that are part of the tool.
let builtInPlugins: [any KeyPlugin.Type] = {
    #if AWS
    [OpenBaoPlugin.self, LiteLLMPlugin.self, AWSPlugin.self]
    #else
    [OpenBaoPlugin.self, LiteLLMPlugin.self]
    #endif
}()

/// The options that every command about keys takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .customLong("env-file"),
        help: ArgumentHelp(
            "Read this dotenv file instead of the declared ones; repeatable, later files win.",
            discussion: """
                Without it the files of the configuration are read, or .env in the working directory if the \
                configuration declares none. '-' is standard input.
                """,
            valueName: "path"
        )
    )
    var envFiles: [String] = []

    @OptionGroup var files: ConfigurationOptions

    @OptionGroup var scopes: ScopeOptions

    var scope: KeyScope { scopes.scope }

    var json: Bool { files.json }

    func makeHost(isRecording: Bool) -> DropInPlugins { files.makeHost(isRecording: isRecording) }

    /// A resolver to get a key with.
    func makeResolver(_ host: DropInPlugins) throws(KeyResolutionError) -> KeyResolver {
        try files.makeResolver(host, envFiles: envFiles)
    }

    /// A resolver to look at.
    func makeReadOnlyResolver() throws(KeyResolutionError) -> KeyResolver {
        try files.makeReadOnlyResolver(envFiles: envFiles)
    }
}

extension ConfigurationOptions {
    /// The plugins that are built in, and those that are dropped in.
    ///
    /// They are recorded if a key is asked for; a command that explains or lists writes nothing.
    func makeHost(isRecording: Bool) -> DropInPlugins {
        DropInPlugins(
            builtIn: builtInPlugins.map { $0.plugin },
            isInteractive: Terminal.isThere,
            isRecording: isRecording,
            isErrorInLog: true,
            log: { StandardError.write($0) }
        )
    }

    /// A resolver to get a key with.
    func makeResolver(_ host: DropInPlugins, envFiles: [String] = []) throws(KeyResolutionError) -> KeyResolver {
        try makeResolver(host, try makeConfiguration(host, envFiles, hasAll: true))
    }

    /// A resolver to look at: it takes sections of plugins and of managers that the tool does not have, and says so.
    func makeReadOnlyResolver(envFiles: [String] = []) throws(KeyResolutionError) -> KeyResolver {
        let host = makeHost(isRecording: false)
        var configuration = try makeConfiguration(host, envFiles, hasAll: false)
        let environment = ProcessInfo.processInfo.environment
        guard !noPlugins, !switchesPluginsOff(environment) else { return try makeResolver(host, configuration) }
        let known = host.plugins(in: PluginContext(configuration: configuration, environment: environment)) ?? []
        configuration.unknownPlugins = known
        let names = known.union(host.sectionedPlugins).map(\.rawValue).sorted()
        for section in configuration.plugins where !known.contains(section.id) {
            configuration.unknownPlugins.insert(section.id)
            let place = section.place(in: configuration)
            let question =
                KeyHooks.remedy(forAbsent: section.id).map { " To do: \($0)." }
                ?? closestMatch(to: section.id.rawValue, among: names)
                .map { " Did you mean '\($0)'?" } ?? ""
            StandardError.write(
                "warning: \(place)plugins.\(section.id): this tool has no plugin of this name, so the section isn't looked at, "
                    + "and 'keyhooks get' refuses the file.\(question)"
            )
        }
        for section in configuration.managersOfUnknownKinds(besides: [host]) {
            configuration.unknownPlugins.insert(section.id)
            let place = section.place(in: configuration)
            let kind = displayText(section.settings["kind"]?.string ?? "")
            StandardError.write(
                "warning: \(place)managers.\(section.id): this tool has no kind '\(kind)' of secret managers, so the section "
                    + "isn't looked at, and 'keyhooks get' refuses the file."
                    + (KeyHooks.remedy(forAbsent: PluginID(kind)).map { " To do: \($0)." } ?? "")
            )
        }
        return try makeResolver(host, configuration)
    }

    /// The configuration and the environment, for what asks a server by itself; no plugin is started.
    func makeContext() throws(KeyResolutionError) -> PluginContext {
        PluginContext(configuration: try makeConfiguration(), environment: ProcessInfo.processInfo.environment)
    }

    /// Does something with secret managers, and ends what was started for them.
    func withManagers(_ body: (KeyResolver) async throws -> Void) async throws {
        let host = makeHost(isRecording: true)
        let end: @Sendable (Bool) async -> Void = { atOnce in
            Terminal.restore()
            await host.shutdown(atOnce: atOnce)
        }
        try await withShutdown(of: end) {
            do { try await body(try makeResolver(host)) } catch { throw reported(error) }
        }
    }

    private func makeConfiguration(
        _ host: DropInPlugins,
        _ envFiles: [String],
        hasAll: Bool
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let isOff = noPlugins
        var configuration = try makeConfiguration(isOff ? [] : [host], hasAll: hasAll && !isOff)
        if !envFiles.isEmpty {
            configuration.envFiles = envFiles.map { EnvironmentFile($0 == "-" ? "/dev/stdin" : $0) }
        }
        return configuration
    }

    private func makeResolver(
        _ host: DropInPlugins,
        _ configuration: KeyConfiguration
    ) throws(KeyResolutionError) -> KeyResolver {
        let resolver = try KeyResolver(
            configuration: configuration,
            plugins: [host],
            pluginUse: noPlugins ? .never : .unlessSwitchedOff,
            onWarning: { StandardError.write("warning: \($0)") }
        )
        // Never taken apart: the process ends with it, and sooner.
        _ = Unmanaged.passRetained(resolver)
        return resolver
    }
}

/// The options that say for whom a key is wanted.
struct ScopeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The profile for which keys are wanted.", valueName: "name"))
    var profile: String?

    @Option(help: ArgumentHelp("The project for which keys are wanted.", valueName: "name"))
    var project: String?

    @Option(help: ArgumentHelp("The tenant for which keys are wanted.", valueName: "name"))
    var tenant: String?

    @Option(help: ArgumentHelp("What keys are wanted for, such as embedding.", valueName: "name"))
    var purpose: String?

    var scope: KeyScope { KeyScope(profile: profile, project: project, tenant: tenant, purpose: purpose) }
}

extension Service {
    /// Reads what was typed where a service belongs.
    ///
    /// - Throws: A `KeyResolutionError` if it is a model of a service, or looks like a key. Capitals tell most keys
    ///   from names, and an id has none.
    init(typed text: String, in catalogue: ServiceCatalogue) throws(KeyResolutionError) {
        self.init(text)
        guard !catalogue.definition(of: self).isListed else { return }
        try refuseModel(in: catalogue)
        if PastedKey.isInPlaceOfService(text) { throw .pastedKey }
    }

    /// Says so if nobody knows the service and its name is much like that of one that is known.
    func warnIfUnknown(in catalogue: ServiceCatalogue) {
        // What isn't a valid service id at all is refused later on; it may hold anything, control characters included.
        guard isValid, let suggestion = catalogue.suggestion(for: self) else { return }
        StandardError.write("warning: '\(self)' is not a known service. Did you mean '\(suggestion)'?")
    }
}

extension ServiceCatalogue {
    /// The services that were typed, by their canonical ids.
    func services(typed names: [String]) throws -> [Service] {
        try names.map { name in
            let service = try Service(typed: name, in: self)
            guard service.isValid else { throw ValidationError("'\(displayText(name))' isn't a valid service id") }
            service.warnIfUnknown(in: self)
            return canonical(service)
        }
    }
}
#endif
