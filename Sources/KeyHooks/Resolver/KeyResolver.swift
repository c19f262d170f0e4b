public import ExtensionHooks
import JSON5Syntax
public import LightFoundation
import Synchronization

/// Finds the API key of a service: asks the hooks, then the process environment and the declared `.env` files.
///
/// ```swift
/// let resolver = try KeyResolver(configuration: .discover(), registry: registry)
/// let key = try await resolver.getAPIKey(service: "openai")
/// ```
///
/// The environment and the files are read when the resolver is made, so that a look-up with no hooks is one dictionary
/// look-up. A call with `refresh` reads the files again that were changed, and ``reload(_:)`` reads everything again.
public final class KeyResolver: Sendable {
    /// Where hooks for this resolver are registered.
    public let registry: HookRegistry

    /// What the resolver works with, kept once for each group of threads.
    private let states = StripedSnapshot<ResolverState>()
    let inputs: Mutex<ResolverInputs>
    private let onWarning: @Sendable (KeyWarning) -> Void
    /// What was reported and is not to be reported again.
    let remarks = ReportedOnce()
    let fileChecks = FileChecks()
    let feedback = FeedbackRecord()
    /// What was lent under configurations of the past and waits to be given back.
    let retiredLeases = Mutex<[RetiredLeases]>([])
    /// How many notices of caches there were when this resolver last asked its own.
    private let noticesSeen = Atomic(0)

    /// Makes a resolver; reads the files that the configuration declares.
    ///
    /// - Parameters:
    ///   - configuration: The files to read, who wins, and what differs from the catalogue. The default reads no file;
    ///     ``KeyConfiguration/discover(in:environment:plugins:)`` reads `keyhooks.json` and `.env`.
    ///   - plugins: Where the plugins come from that the configuration may have sections of; see ``PluginSource``.
    ///   - registry: Where hooks are registered, before or after this.
    ///   - environment: The process environment.
    ///   - pluginUse: Whether hooks are asked at all. If not, they stay listed in ``explain(service:scope:)`` as
    ///     disabled.
    ///   - onWarning: Gets what is odd about a key, once per service and not before the key is asked for: also that a
    ///     source had nothing where a weaker one has the key. Gets once of each hook that it failed at the end of a
    ///     call, and what is odd about the cache of a plugin, now and then.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`: a file that cannot be read or parsed, a
    ///   configured plugin that is not there, one of `plugins` without a section, an order of hooks that is impossible.
    public init(
        configuration: KeyConfiguration = KeyConfiguration(),
        plugins: [any PluginSource] = [],
        registry: HookRegistry = HookRegistry(),
        environment: [String: String] = ProcessInfo.processInfo.environment,
        pluginUse: PluginUse = .unlessSwitchedOff,
        onWarning: @escaping @Sendable (KeyWarning) -> Void = { _ in }
    ) throws(KeyResolutionError) {
        var inputs = ResolverInputs(
            registry: registry,
            sources: plugins,
            // A dictionary takes a name that is canonically equivalent to the one asked for; no such name is a
            // variable's.
            process: environment.filter { $0.key.utf8.allSatisfy { $0 < 0x80 } },
            isUsingPlugins: pluginUse.isOn(in: environment),
            configuration: configuration
        )
        let state = try inputs.state()
        inputs.loadedPlugins = state.hooks
        self.registry = registry
        self.inputs = Mutex(inputs)
        self.onWarning = onWarning
        publish(state)
    }

    /// What a call works with from its beginning to its end.
    var state: ResolverState {
        guard let state = states.load() else { preconditionFailure("a resolver has a state from its beginning") }
        return state
    }

    func publish(_ state: ResolverState) {
        states.store { ResolverState(copying: state) }
    }

    /// The configuration currently in effect.
    public var configuration: KeyConfiguration { state.configuration }

    /// The services and variable names that it knows, those of the configuration included.
    public var catalogue: ServiceCatalogue { state.catalogue }

    func warn(_ warning: KeyWarning) { onWarning(warning) }

    /// Tells what the caches have to tell since a call for this service.
    func warnOfCaches(askedFor service: Service) {
        let notices = CacheCrowding.notices.load(ordering: .relaxed)
        guard notices != noticesSeen.load(ordering: .relaxed) else { return }
        noticesSeen.store(notices, ordering: .relaxed)
        for message in caches.flatMap({ $0.takeWarnings() }) {
            onWarning(KeyWarning(code: .source, service: service, names: [], message: displayLines(message)))
        }
    }
}

extension KeyResolver: CustomReflectable {
    /// Leaves out what was read from the environment and the files.
    public var customMirror: Mirror { Mirror(self, children: ["configuration": configuration]) }
}

extension KeyResolver {
    /// Whether a resolver asks plugins, and hooks that were registered otherwise.
    public struct PluginUse: Hashable, Sendable {
        private let isOn: Bool?

        /// Unless the environment switches them off.
        ///
        /// `KEYHOOKS_NO_PLUGINS` does with any value but an empty one, `0`, `false` and `no`; so does
        /// `KEYHOOKS_PLUGIN`, which says that a plugin started this program.
        public static var unlessSwitchedOff: Self { Self(isOn: nil) }

        /// Always, whatever the environment says.
        public static var always: Self { Self(isOn: true) }

        /// Never: keys come from the environment and from files alone.
        public static var never: Self { Self(isOn: false) }

        func isOn(in environment: [String: String]) -> Bool { isOn ?? !switchesPluginsOff(environment) }
    }
}
