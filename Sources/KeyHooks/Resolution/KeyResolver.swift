public import ExtensionHooks
public import Foundation
import Synchronization

/// Finds the API key of a service: asks the hooks, then the process environment and the declared `.env` files.
///
/// ```swift
/// let resolver = try KeyResolver(configuration: .discover(), registry: registry)
/// let key = try await resolver.getAPIKey(service: "openai")
/// ```
///
/// The environment and the files are read when the resolver is made, so that a look-up with no hooks is one dictionary
/// look-up. Make a new resolver to see changes to them.
public final class KeyResolver: Sendable {
    /// Where hooks for this resolver are registered.
    public let registry: HookRegistry

    /// What the resolver was told.
    public let configuration: KeyConfiguration

    /// The services and variable names that it knows, those of the configuration included.
    public let catalogue: ServiceCatalogue

    let environment: KeyEnvironment
    let keys: HookSite<KeyRequest, KeyAnswer>
    let secrets: HookSite<SecretRequest, KeyAnswer>
    private let table: [Service: ResolvedService]
    private let unlisted = Mutex<[Service: ResolvedService]>([:])
    private let onWarning: @Sendable (KeyWarning) -> Void

    /// Makes a resolver; reads the files that the configuration declares.
    ///
    /// - Parameters:
    ///   - configuration: The files to read, who wins, and what differs from the catalogue. The default reads no file;
    ///     ``KeyConfiguration/discover(in:environment:)`` reads `keyhooks.json` and `.env`.
    ///   - registry: Where hooks are registered, before or after this.
    ///   - environment: The process environment.
    ///   - isUsingPlugins: Whether hooks are asked at all; without a value, unless `KEYHOOKS_NO_PLUGINS` is `1`. If not,
    ///     the hooks stay listed in ``explain(service:)`` as disabled.
    ///   - onWarning: Is told what is odd about a key, once per service and not before the key is asked for.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`: a file that cannot be read or parsed, a
    ///   configured plugin that is not there, an order of hooks that is impossible.
    public init(
        configuration: KeyConfiguration = KeyConfiguration(),
        registry: HookRegistry = HookRegistry(),
        environment: [String: String] = ProcessInfo.processInfo.environment,
        isUsingPlugins: Bool? = nil,
        onWarning: @escaping @Sendable (KeyWarning) -> Void = { _ in }
    ) throws(KeyResolutionError) {
        let isUsingPlugins = isUsingPlugins ?? (environment["KEYHOOKS_NO_PLUGINS"] != "1")
        var files: [LoadedFile] = []
        for file in configuration.envFiles { files.append(try .load(file)) }
        let catalogue = try configuration.catalogue()
        self.configuration = configuration
        self.catalogue = catalogue
        self.registry = try Self.effective(registry, configuration, isUsingPlugins: isUsingPlugins)
        self.onWarning = onWarning
        let variables = KeyEnvironment(process: environment, files: files, precedence: configuration.envPrecedence)
        self.environment = variables
        keys = HookSite(.getAPIKey, in: self.registry)
        secrets = HookSite(.getSecret, in: self.registry)
        var table: [Service: ResolvedService] = [:]
        for definition in catalogue.all {
            let resolved = ResolvedService(definition, in: variables, catalogue: catalogue)
            for id in [definition.service] + definition.aliases { table[id] = resolved }
        }
        self.table = table
    }

    /// What the environment has for a service.
    func resolved(_ service: Service) throws(KeyResolutionError) -> ResolvedService {
        if let known = table[service] { return known }
        guard service.isValid else {
            throw KeyResolutionError(
                .invalidService,
                "'\(displayText(service.id))' is no service id",
                remedy: "use 1 to 128 letters, digits, '-', '.' and '_', as in 'openai'"
            )
        }
        return unlisted.withLock { unlisted in
            if let known = unlisted[service] { return known }
            let resolved = ResolvedService(catalogue.definition(of: service), in: environment, catalogue: catalogue)
            // Names may come from outside, so their number is bounded.
            if unlisted.count < 1_000 { unlisted[service] = resolved }
            return resolved
        }
    }

    func warn(about resolved: ResolvedService) {
        for warning in resolved.takeWarnings() { onWarning(warning) }
    }

    /// The registry whose hooks this resolver asks: pinned as configured, all disabled if plugins are off.
    private static func effective(
        _ registry: HookRegistry,
        _ configuration: KeyConfiguration,
        isUsingPlugins: Bool
    ) throws(KeyResolutionError) -> HookRegistry {
        do {
            guard isUsingPlugins else { return try registry.derived(disabling: [.all]) }
            let hooks = registry.order(of: .getAPIKey) + registry.order(of: .getSecret)
            let present = Set(hooks.map(\.id.plugin))
            // A configured vault that is silently not asked would let a weaker source answer.
            if let missing = configuration.plugins.first(where: { !present.contains($0.id.plugin) }) {
                let place = configuration.path.map { "\($0):\(missing.position): " } ?? ""
                throw KeyResolutionError.invalidConfiguration(
                    "\(place)plugins.\(missing.id): no plugin of this name is registered",
                    remedy: "register it before the resolver is made, take its section out, "
                        + "or switch plugins off (--no-plugins, KEYHOOKS_NO_PLUGINS=1)"
                )
            }
            guard !configuration.hookOrder.isEmpty else { return registry }
            let ordered = try registry.derived()
            try ordered.pinOrder(configuration.hookOrder)
            return ordered
        } catch let error as KeyResolutionError {
            throw error
        } catch {
            throw .invalidConfiguration(
                "the hooks cannot be put in order (\(valueFreeDescription(of: error)))",
                remedy: "change hookOrder, or the before: and after: of the hooks"
            )
        }
    }
}

extension KeyResolver: CustomReflectable {
    /// Leaves out what was read from the environment and the files.
    public var customMirror: Mirror { Mirror(self, children: ["configuration": configuration]) }
}
