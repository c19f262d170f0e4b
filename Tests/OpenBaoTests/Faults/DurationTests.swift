import ExtensionHooks
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// Any duration that a program may write: nothing traps, and what is beyond a century is forever.
@Suite("Durations beyond reason", .timeLimit(.minutes(2)))
struct DurationTests {
    static let durations: [Duration] = [
        .seconds(Int64.min), .seconds(-1), .zero, Duration(secondsComponent: 0, attosecondsComponent: 1),
        .seconds(36_500 * 86_400), .seconds(Int64.max),
    ]

    @Test("A time-out", arguments: durations, [false, true])
    func timeout(_ duration: Duration, _ logsIn: Bool) async throws {
        let vault = FaultyVault { request in
            request.method == "GET"
                ? .secret("sk-1") : HTTPTransportResponse(200, #"{"auth":{"client_token":"s.1","lease_duration":60}}"#)
        }
        let resolver = try vault.resolver {
            $0.settings.timeout = duration
            guard logsIn else { return }
            $0.token = nil
            $0.appRole = AppRoleCredentials(roleID: .literal("r"), secretID: .environment("TEST_SECRET_ID"))
        }
        if duration > .seconds(1) {
            #expect(try await resolver.value("openai") == "sk-1")
        } else {
            let error = await resolver.failure("openai")
            #expect(error == nil || error?.code == .timedOut)
        }
    }

    @Test("A rule of the program's, and how old an answer may be", arguments: durations)
    func rule(_ duration: Duration) async throws {
        let vault = FaultyVault { _ in .secret("sk-1") }
        let resolver = try vault.resolver()
        do { try resolver.override("openai") { $0.timeToLive = duration } } catch { #expect(duration < .zero) }
        for _ in 0..<2 {
            #expect(try await resolver.getAPIKey(service: "openai", maximumAge: duration)?.value == "sk-1")
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-1")
        }
    }

    @Test("What the transport is reported", arguments: durations)
    func transport(_ duration: Duration) async throws {
        let server = try await FaultServer()
        let request = HTTPTransportRequest(method: "GET", url: "\(server.address)/any")
        do {
            let reply = try await HTTPTransportSettings().transport().send(request, timeout: duration, limit: 1 << 20)
            #expect(reply.status == 200)
        } catch let error as HTTPTransportError {
            #expect(error.code == .timedOut && duration < .seconds(1))
        }
    }

    @Test("The timeout ends an answer that comes byte by byte")
    func drip() async throws {
        let server = try await FaultServer()
        var configuration = OpenBaoConfiguration(path: "slow/50")
        configuration.addresses = [server.address]
        configuration.settings.timeout = .seconds(1)
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(configuration, environment: ["BAO_TOKEN": "s.1"])
        try registry.register { plugin.register(in: &$0) }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(await resolver.failure("openai")?.code == .timedOut)
    }
}
