import HTTPTransport
import KeyHooks
import Synchronization

/// A model of what OpenBao does with tokens, for days that nobody can wait for: a token lasts for its TTL, a renewal
/// gives it that again but nothing past its longest life, and whoever comes with one that has ended is refused.
///
/// It is a fake; ``TokenLifeTests`` has the same rules on a real server.
final class TokenRules: Sendable {
    struct Life: Sendable {
        var ttl = Duration.seconds(600)
        var longest = Duration.seconds(3600)
    }

    private struct State {
        var tokens: [String: (made: Duration, ends: Duration)] = [:]
        var logins = 0
        var renewals = 0
        var failures = 0
        var refused = 0
        var underWay = 0
        var mostUnderWay = 0
        var random: Seeded
    }

    /// A generator that gives the same numbers in each run (SplitMix64).
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private let life: Life
    private let failing: Double
    private let now: @Sendable () -> Duration
    private let state: Mutex<State>

    /// With a share of logins and renewals that fail.
    init(_ life: Life = Life(), failing: Double, seed: UInt64, now: @escaping @Sendable () -> Duration) {
        self.life = life
        self.failing = failing
        self.now = now
        state = Mutex(State(random: Seeded(state: seed)))
    }

    var logins: Int { state.withLock { $0.logins } }
    var renewals: Int { state.withLock { $0.renewals } }
    var failures: Int { state.withLock { $0.failures } }
    /// Requests with a token that had ended.
    var refused: Int { state.withLock { $0.refused } }
    /// The most logins and renewals at one moment.
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

    /// How often somebody tried to log in or to renew.
    var attempts: Int { state.withLock { $0.logins + $0.renewals + $0.failures } }

    func answer(_ request: HTTPTransportRequest) throws -> HTTPTransportResponse {
        let now = now()
        let token = request.headers["X-Vault-Token"]
        return try state.withLock { state in
            let isLogin = request.url.hasSuffix("/login")
            if isLogin || request.url.hasSuffix("/renew-self") {
                if Double.random(in: 0..<1, using: &state.random) < failing {
                    state.failures += 1
                    throw HTTPTransportError(.cannotConnect)
                }
            }
            if isLogin {
                state.logins += 1
                let name = "s.\(state.logins)"
                state.tokens[name] = (now, now + min(life.ttl, life.longest))
                return grant(name, life.ttl)
            }
            guard let token, let known = state.tokens[token], now < known.ends else {
                state.refused += 1
                return HTTPTransportResponse(403, #"{"errors":["permission denied"]}"#)
            }
            guard request.url.hasSuffix("/renew-self") else { return .secret("sk-1") }
            state.renewals += 1
            let ends = min(now + life.ttl, known.made + life.longest)
            state.tokens[token]?.ends = ends
            return grant(token, ends - now)
        }
    }

    private func grant(_ token: String, _ life: Duration) -> HTTPTransportResponse {
        let seconds = Int(life / .seconds(1))
        let text = #"{"auth":{"client_token":"\#(token)","lease_duration":\#(seconds),"renewable":true}}"#
        return HTTPTransportResponse(200, text)
    }
}
