import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Testing

@testable import PluginHost

@Suite("Watching the plugins", .timeLimit(.minutes(5)))
struct WatchingTests {
    /// Watches while a closure runs; `look` lets the watch look once.
    private func watching(
        _ fixture: PluginFixture,
        _ configuration: String = "{}",
        log: Recording<String> = Recording(),
        _ use: (KeyResolver, _ look: () async -> Void) async throws -> Void
    ) async throws {
        try await withHost(fixture, configuration, log: log) { resolver, host in
            let clock = ManualClock()
            let watch = Task { try await host.watch(resolver, every: .seconds(2), clock: clock) }
            await clock.someoneSleeps()
            try await use(resolver) {
                clock.advance(by: .seconds(2))
                await clock.someoneSleeps()
            }
            watch.cancel()
            await #expect(throws: CancellationError.self) { try await watch.value }
        }
    }

    private let forCohere = "[{point: 'getAPIKey', phase: 'start', services: ['cohere']}]"

    @Test(
        "The time between two looks may be anything",
        arguments: [
            .seconds(Int64.min), .seconds(-1), .zero, Duration(secondsComponent: 0, attosecondsComponent: 1),
            .seconds(36_500 * 86_400), .seconds(Int64.max),
        ] as [Duration]
    )
    func interval(_ interval: Duration) async throws {
        try await withPlugins { fixture in
            try await withHost(fixture, "{}", log: Recording()) { resolver, host in
                let watch = Task { try await host.watch(resolver, every: interval) }
                await Task.yield()
                watch.cancel()
                await #expect(throws: CancellationError.self) { try await watch.value }
            }
        }
    }

    @Test("A plugin that comes, changes or goes is seen at the next look, and nothing is run for it")
    func plugins() async throws {
        try await withPlugins { fixture in
            try await watching(fixture) { resolver, look in
                #expect(try await resolver.value("cohere") == nil)
                try fixture.python(hooks: forCohere, "return key('1')")
                #expect(try await resolver.value("cohere") == nil)
                await look()
                #expect(fixture.log().isEmpty)
                #expect(try await resolver.value("cohere") == "1")
                try fixture.python(hooks: forCohere, "return key('22')")
                await look()
                #expect(try await resolver.value("cohere") == "22")
                await look()
                #expect(try await resolver.value("cohere") == "22")
                #expect(fixture.log().count { $0 == "spawned" } == 2)
                // What is lost is missed until the user says that it is not.
                try fixture.remove("\(fixture.user)/acme")
                await look()
                #expect(try await resolver.value("cohere") == "22")
                try fixture.directory().forget("acme")
                await look()
                #expect(try await resolver.value("cohere") == nil)
            }
        }
    }

    @Test("What changed between the making of the resolver and the first look is not missed")
    func before() async throws {
        try await withPlugins { fixture in
            try await withHost(fixture) { resolver, host in
                try fixture.python(hooks: forCohere, "return key('1')")
                #expect(try await resolver.value("cohere") == nil)
                let clock = ManualClock()
                let watch = Task { try await host.watch(resolver, clock: clock) }
                await clock.someoneSleeps()
                #expect(try await resolver.value("cohere") == "1")
                watch.cancel()
                await #expect(throws: CancellationError.self) { try await watch.value }
            }
        }
    }

    /// Counts how often it is made.
    private struct Compiled: KeyPlugin {
        struct Configuration: Decodable {}
        static let id: PluginID = "compiled"
        static let made = Recording<Void>()

        init(_ configuration: Configuration, in context: PluginContext) { Self.made.add(()) }
        func register(in hooks: inout HookBundle) { hooks.onStart(.getAPIKey, id: HookID(Self.id)) { _ in } }
    }

    @Test("Where nothing changed it changes nothing: not what the program set, and no plugin is made anew")
    func nothing() async throws {
        try await withPlugins { fixture in
            let file = "\(fixture.root)/project/keyhooks.json"
            try fixture.write(file, "{plugins: {compiled: {}}, providers: {cohere: {fallback: 'unavailable'}}}")
            var configuration = try KeyConfiguration.read(from: file)
            configuration.providers["cohere"]?.fallback = .never
            let host = DropInPlugins(builtIn: [Compiled.plugin], environment: fixture.environment)
            let resolver = try KeyResolver(configuration: configuration, plugins: [host], environment: [:])
            let clock = ManualClock()
            let watch = Task { try await host.watch(resolver, clock: clock) }
            for _ in 1...3 {
                await clock.someoneSleeps()
                clock.advance(by: .seconds(2))
            }
            #expect(resolver.configuration.providers["cohere"]?.fallback == .never)
            #expect(Compiled.made.events.count == 1)
            // A file that is another by then is read.
            watch.cancel()
            _ = await watch.result
            try fixture.write(file, "{plugins: {compiled: {}}, providers: {cohere: {notRequired: true}}}")
            let second = ManualClock()
            let again = Task { try await host.watch(resolver, clock: second) }
            await second.someoneSleeps()
            #expect(try resolver.explain(service: "cohere").isKeyRequired == false)
            again.cancel()
            await host.shutdown()
        }
    }

    @Test("What the user decides and which permissions files have counts as well")
    func decisions() async throws {
        try await withPlugins { fixture in
            try fixture.python(hooks: forCohere, "return key('1')")
            try await watching(fixture) { resolver, look in
                #expect(try await resolver.value("cohere") == "1")
                try fixture.directory().disable("acme")
                await look()
                #expect(try await resolver.value("cohere") == nil)
                try fixture.directory().enable("acme")
                await look()
                #expect(try await resolver.value("cohere") == "1")
                // A set with a plugin that cannot run is a bad one: the last good one stays.
                try fixture.change("\(fixture.user)/acme/run", to: 0o777)
                await look()
                #expect(try await resolver.value("cohere") == "1")
            }
        }
    }

    @Test("The configuration's file is read when it changes, and the folders it names are watched from then on")
    func configuration() async throws {
        try await withPlugins { fixture in
            try await watching(fixture) { resolver, look in
                let file = "\(fixture.root)/project/keyhooks.json"
                try fixture.write(file, "{providers: {cohere: {notRequired: true}}}")
                await look()
                #expect(try resolver.explain(service: "cohere").isKeyRequired == false)
                try fixture.write(file, "{pluginPath: ['Plugins']}")
                await look()
                try fixture.python(in: fixture.project, hooks: forCohere, "return key('1')")
                try fixture.directory().trust("acme")
                await look()
                #expect(try await resolver.value("cohere") == "1")
            }
        }
    }

    @Test("A configuration that was found is read again once it is trusted as it is now")
    func found() async throws {
        try await withPlugins { fixture in
            let file = "\(fixture.root)/project/keyhooks.json"
            let store = try #require(TrustStore(environment: fixture.environment))
            try fixture.write(file, "{}")
            try store.trust(FoundConfiguration(file), effects: [])
            let log = Recording<String>()
            let host = DropInPlugins(environment: fixture.environment, log: log.add)
            let resolver = try KeyResolver(
                configuration: .discover(in: "\(fixture.root)/project", environment: fixture.environment),
                plugins: [host],
                environment: [:]
            )
            let clock = ManualClock()
            let watch = Task { try await host.watch(resolver, clock: clock) }
            func look() async {
                clock.advance(by: .seconds(2))
                await clock.someoneSleeps()
            }
            await clock.someoneSleeps()
            try fixture.write(file, "{providers: {cohere: {notRequired: true}}}")
            await look()
            #expect(log.events.count == 1 && log.events.first?.contains("changed since you trusted it") == true)
            #expect(try resolver.explain(service: "cohere").isKeyRequired)
            try store.trust(FoundConfiguration(file), effects: [])
            await look()
            #expect(try resolver.explain(service: "cohere").isKeyRequired == false)
            watch.cancel()
            await host.shutdown()
        }
    }

    @Test("What is wrong is reported to the log, the last good set stays, and a file that waited for a plugin is read")
    func wrong() async throws {
        try await withPlugins { fixture in
            try fixture.python(hooks: forCohere, "return key('1')")
            let log = Recording<String>()
            try await watching(fixture, log: log) { resolver, look in
                #expect(try await resolver.value("cohere") == "1")
                try fixture.write(
                    "\(fixture.root)/project/keyhooks.json",
                    "{plugins: {later: {}}, hookOrder: ['later']}"
                )
                await look()
                #expect(log.events.count == 1)
                #expect(log.events.first?.contains("later") == true)
                #expect(try await resolver.value("cohere") == "1")
                // It is reported once, not at every look.
                await look()
                #expect(log.events.count == 1)
                try fixture.python(id: "later", hooks: forCohere, "return key('later')")
                await look()
                #expect(log.events.count == 1)
                #expect(try await resolver.value("cohere") == "later")
            }
        }
    }
}
