import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import Testing

@Suite("Being told when to come again")
struct RetryAfterTests {
    @Test("A wait that the server asks for is waited, once for each repetition", arguments: Wait.honoured)
    func honoured(_ wait: Wait) async throws {
        for status in [412, 429, 503] {
            let vault = FaultyVault { _ in HTTPTransportResponse(status, headers: ["Retry-After": wait.header]) }
            try await vault.expect(.unavailable)
            #expect(vault.transport.requests.count == 3)
            #expect(vault.clock.waits.count == 2)
            #expect(vault.clock.waits.allSatisfy(wait.range.contains), "\(vault.clock.waits)")
        }
    }

    @Test("What is no wait counts as not said", arguments: Wait.garbage)
    func garbage(_ header: String) async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(429, headers: ["Retry-After": header]) }
        try await vault.expect(.unavailable)
        #expect(vault.clock.waits.count == 2)
        #expect(vault.clock.waits.allSatisfy { (.seconds(1)...(.seconds(1.5))).contains($0) }, "\(vault.clock.waits)")
    }

    @Test("A wait beyond the deadline is not begun", arguments: Wait.tooLong, KeyFallback.allCases)
    func tooLong(_ header: String, _ fallback: KeyFallback) async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(429, headers: ["retry-after": header]) }
        try await vault.expect(.unavailable, fallback) { $0.settings.timeout = .seconds(500) }
        #expect(vault.transport.requests.count == 1)
        #expect(vault.clock.waits == [])
    }

    @Test("A sealed server is not asked again, whatever it says")
    func sealed() async throws {
        let vault = FaultyVault { _ in
            HTTPTransportResponse(503, #"{"errors":["Vault is sealed"]}"#, headers: ["Retry-After": "1"])
        }
        try await vault.expect(.sealed)
        #expect(vault.transport.requests.count == 1)
    }

    @Test("A server that recovers answers at the second time of asking")
    func recovers() async throws {
        let count = Counter()
        let vault = FaultyVault { _ in
            count.next() == 1 ? HTTPTransportResponse(429, headers: ["Retry-After": "7"]) : .secret("sk-1")
        }
        #expect(try await vault.resolver().value("openai") == "sk-1")
        #expect(vault.clock.waits == [.seconds(7)])
    }

    @Test("Nobody asks before the time that was named, up to the longest pause after a failure")
    func window() async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(429, headers: ["Retry-After": "3600"]) }
        let resolver = try vault.resolver()
        for seconds in [0, 29, 1] {
            vault.clock.advance(by: .seconds(seconds))
            #expect(await resolver.failure("openai")?.code == .unavailable)
        }
        #expect(vault.transport.requests.count == 2)
    }
}

struct Wait: Sendable {
    let header: String
    let range: ClosedRange<Duration>

    init(header: String, duration: Duration) {
        self.header = header
        // A server that says 0 has rounded down.
        range = duration == .zero ? .seconds(1)...(.seconds(1.5)) : duration...duration
    }

    static let honoured = [
        Wait(header: "1", duration: .seconds(1)),
        Wait(header: " 20 ", duration: .seconds(20)),
        Wait(header: "0", duration: .zero),
        // What is in the past is due now.
        Wait(header: "-5", duration: .zero),
        Wait(header: "Fri, 15 Jan 2027 08:00:09 GMT", duration: .seconds(9)),
        Wait(header: "Thu, 14 Jan 2027 08:00:09 GMT", duration: .zero),
    ]

    static let garbage = ["", "soon", "nan", "1 s", "Fri, 15 Jan 2027", "2027-01-15T08:00:09Z", "\u{1F600}"]

    static let tooLong = [
        "500", "3600", "99999999999999999999", "1e300", String(repeating: "9", count: 400), "Infinity",
        "Sat, 16 Jan 2027 08:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
    ]
}
