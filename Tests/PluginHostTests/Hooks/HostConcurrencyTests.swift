import KeyHooks
import Testing

@testable import PluginHost

@Suite("Calls that do not wait for each other", .timeLimit(.minutes(5)))
struct HostConcurrencyTests {
    @Test("1,000 calls for different services are answered by one process")
    func thousand() async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving(
                services: "['s*']",
                "hello()\nfor r in requests(): key(r['id'], 'of-' + r['arguments']['service'])"
            )
            try await withHost(fixture) { resolver, _ in
                let right = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<1000 {
                        let service = Service("s\(number)")
                        group.addTask { try await resolver.value(service) == "of-s\(number)" }
                    }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(right == 1000)
            }
            #expect(fixture.processes.count == 1)
        }
    }

    @Test("A plugin that hangs delays nobody else, and whoever is tired of it may go")
    func hanging() async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving(
                services: "['openai', 'cohere']",
                """
                hello(["cancel"]); a = requests()
                for r in a:
                    mark(r["type"])
                    if r["type"] == "request" and r["arguments"]["service"] == "cohere": key(r["id"], "at once")
                """
            )
            try fixture.wellBehaved()
            try await withHost(fixture) { resolver, _ in
                let tired = Task { try await resolver.resolve(service: "openai") }
                try await until { fixture.marks == ["request"] }
                // Another plugin's, the environment's, and the same plugin's.
                #expect(try await resolver.value("groq") == "good")
                #expect(try await resolver.value("azure") == "sk-azure")
                #expect(try await resolver.value("cohere") == "at once")
                let begun = ContinuousClock.now
                tired.cancel()
                await #expect(throws: CancellationError.self) { try await tired.value }
                #expect(begun.duration(to: .now) < .seconds(55))
                // The last one has left, so the plugin is reported.
                try await until { fixture.marks == ["request", "request", "cancel"] }
            }
            #expect(fixture.isEveryProcessGone)
        }
    }

    /// A fault, and whether the environment may answer in the plugin's place.
    struct Fault: CustomTestStringConvertible, Sendable {
        let body: String
        let isPassedOver: Bool
        var hello = 30_000
        var request = 30_000

        var testDescription: String { body }
    }

    static let faults = [
        Fault(
            body: "hello(); fault(next(requests())['id'], 'unavailable', retry_after_ms=60000); read()",
            isPassedOver: true
        ),
        Fault(body: "hello(); next(requests()); time.sleep(60)", isPassedOver: true, request: 300),
        Fault(body: "time.sleep(60)", isPassedOver: true, hello: 300),
        Fault(body: "hello(); fault(next(requests())['id'], 'permission-denied'); read()", isPassedOver: false),
        Fault(body: "hello(); fault(next(requests())['id'], 'unauthenticated'); read()", isPassedOver: false),
        Fault(body: "hello(); fault(next(requests())['id'], 'interaction-required'); read()", isPassedOver: false),
        Fault(body: "hello(); fault(next(requests())['id'], 'internal'); read()", isPassedOver: false),
        Fault(body: "hello(); next(requests()); sys.exit(1)", isPassedOver: false),
        Fault(body: "print('garbage', flush=True); time.sleep(60)", isPassedOver: false),
        Fault(body: "hello(versions=[2]); time.sleep(60)", isPassedOver: false),
    ]

    @Test(
        "With \"fallback\": \"unavailable\" the environment answers for what will pass, and for nothing else",
        arguments: faults
    )
    func fallback(fault: Fault) async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving(hello: fault.hello, request: fault.request, fault.body)
            try await withHost(fixture, "{providers: {openai: {fallback: 'unavailable'}}}") { resolver, _ in
                if fault.isPassedOver {
                    let key = try await resolver.getAPIKey(service: "openai")
                    #expect(key?.value == "sk-environment")
                    #expect(key?.provenance?.skippedSources.filter { !$0.isAbsence }.isEmpty == false)
                } else {
                    let error = await resolver.failure("openai")
                    #expect(error?.message.contains("plugin 'test'") == true)
                }
            }
            #expect(fixture.isEveryProcessGone)
        }
    }
}
