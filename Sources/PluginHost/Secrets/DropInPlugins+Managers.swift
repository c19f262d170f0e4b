import JSON5Syntax
public import KeyHooks
import Synchronization

extension DropInPlugins {
    /// The kinds of the plugins that are part of the program, and each plugin that manages secrets as one of its own id.
    public func managerKinds(in context: PluginContext) -> [SecretManagerKind] {
        let builtIn = builtIn.flatMap { $0.managerKinds(in: context) }
        guard !context.configuration.managers.isEmpty else { return builtIn }
        let directory = directory(context)
        let plugins = directory.inventory().plugins.filter { $0.manifest.map { $0.secrets != nil } ?? true }
        return builtIn
            + plugins.compactMap { plugin in
                plugin.listing.id.map { id in
                    SecretManagerKind(id.rawValue) { section, context in
                        try self.manager(plugin, section, in: directory, context)
                    }
                }
            }
    }

    /// A plugin as a manager with settings of its own, and so with a process of its own.
    ///
    /// The process of a manager that is the same after a reload goes on.
    private func manager(
        _ plugin: DiscoveredPlugin,
        _ section: PluginSection,
        in directory: PluginDirectory,
        _ context: PluginContext
    ) throws(KeyResolutionError) -> any SecretManager {
        guard plugin.listing.status == .ready, let manifest = plugin.manifest, let executable = plugin.executable else {
            throw .invalidConfiguration(
                "\(section.place(in: context.configuration))managers.\(section.id): plugin "
                    + "'\(plugin.listing.id?.rawValue ?? "")' does not run: \(plugin.listing.reason)",
                remedy: plugin.listing.remedy ?? "see 'keyhooks plugins list'"
            )
        }
        do throws(JSONMistakes) {
            try manifest.check(section.settings, at: section.managerPath)
        } catch {
            throw context.configuration.invalid(error)
        }
        let identity = identity(of: plugin, manifest, executable, section.settings, context)
        let runner = managers.withLock { managers -> any PluginRunner in
            managers = managers.filter { $0.value.runner != nil }
            if let known = managers[identity]?.runner { return known }
            let settings = RunnerSettings(identity.launch, in: children, log: log) {
                () throws(PluginManagementError) in
                try directory.verify(plugin)
            }
            let runner = settings.runner()
            managers[identity] = WeakRunner(runner: runner)
            return runner
        }
        guard let manager = PluginSecretManager(manifest, runner) else {
            throw .invalidConfiguration("plugin '\(manifest.id)' manages no secrets", remedy: "name another kind")
        }
        return manager
    }
}

/// A plugin's runner, which goes when nobody else has it.
struct WeakRunner: Sendable {
    private(set) weak var runner: (any PluginRunner)?
}
