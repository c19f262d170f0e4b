import ExtensionHooks
import KeyHooks
import KeyHooksTesting
import Testing

/// Durations may be anything that a duration can be: they end up between nothing and a hundred years.
struct TTLCacheBoundsTests {
    static let century = Duration.seconds(36_500 * 86_400)

    static let durations: [Duration] = [
        .seconds(Int64.min), .seconds(-1), .zero, Duration(secondsComponent: 0, attosecondsComponent: 1), century,
        .seconds(Int64.max),
    ]

    @Test(arguments: durations, ["timeToLive", "lifetime", "both", "absence"])
    func `What a source says of how long it is good for`(duration: Duration, what: String) async throws {
        let fixture = try CacheFixture()
        fixture.source.answer { key, number in
            var load = what == "absence" ? SourceReading.absence(key) : SourceReading.value("\(key)\(number)")
            if what != "lifetime" { load.timeToLive = duration }
            if what == "lifetime" || what == "both" { load.lifetime = duration }
            return load
        }
        _ = try await fixture.read()
        _ = try await fixture.read()
        #expect(fixture.source.count == (duration > .zero ? 1 : 2))
        fixture.clock.advance(by: Self.century)
        _ = try await fixture.read()
        #expect(fixture.source.count == (duration > .zero ? 2 : 3))
    }

    @Test(arguments: durations)
    func `How old an answer may be, and how long a source wants to be left alone`(duration: Duration) async throws {
        let fixture = try CacheFixture(handling: { _ in .passing(retryAfter: duration) })
        #expect(try await fixture.read(maximumAge: duration) == "a1")
        #expect(try await fixture.read(maximumAge: duration) == (duration > .zero ? "a1" : "a2"))
        fixture.source.fail()
        #expect(await fixture.outcome("b", maximumAge: duration) == "unavailable")
        #expect(await fixture.outcome("b", maximumAge: duration) == "unavailable")
    }

    @Test(arguments: durations)
    func `A policy is obeyed or refused`(duration: Duration) async throws {
        let isAllowed = duration >= .zero && duration <= Self.century
        let changes: [@Sendable (inout CachePolicy) -> Void] = [
            { $0.timeToLive = duration }, { $0.negativeTimeToLive = duration }, { $0.staleIfError = duration },
            { $0.failureBackoff = min(duration, .zero)...max(duration, .zero) },
        ]
        for change in changes {
            do {
                let fixture = try CacheFixture(change)
                #expect(isAllowed)
                _ = try await fixture.read()
                fixture.source.fail()
                _ = await fixture.outcome("b")
            } catch let error as KeyResolutionError {
                #expect(!isAllowed && error.code == .invalidConfiguration)
            }
        }
    }

    @Test(arguments: durations)
    func `What the program says of a service`(duration: Duration) async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme", filter: .services(["openai"]), deadline: .seconds(Int64.max)) {
                call in
                await Task.yield()
                let rule = call.arguments.rule?.timeToLive
                call.answer(APIKey("\(rule.map { $0 >= .zero && $0 <= Self.century } ?? true)"))
            }
        }
        var configuration = KeyConfiguration(providers: ["openai": ProviderSettings(timeToLive: duration)])
        configuration.profiles["p"] = KeyProfile(providers: ["openai": ProviderSettings(timeToLive: duration)])
        let resolver = try KeyResolver(configuration: configuration, registry: registry, environment: [:])
        for profile in [nil, "p"] {
            let scope = KeyScope(profile: profile)
            let answer = try await resolver.resolve(service: "openai", scope: scope, maximumAge: duration)
            #expect(answer.summary == "found true")
            #expect(!"\(scope) \(try resolver.explain(service: "openai", scope: scope))".isEmpty)
        }
        do {
            try resolver.override("openai") { $0.timeToLive = duration }
            #expect(duration >= .zero)
        } catch {
            #expect(duration < .zero && error.code == .invalidConfiguration)
        }
        #expect(try await resolver.resolve(service: "openai").summary == "found true")
    }
}
