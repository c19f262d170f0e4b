#if AWS
import HTTPTransport
import KeyHooks
import LightFoundation
import ServerSettings
import Synchronization

/// What is asked of AWS.
struct AWSCall: Sendable, CustomReflectable {
    let service: AWSService
    let endpoint: AWSEndpoint
    var method = "POST"

    /// What is appended to the endpoint's path.
    var path = ""
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]?

    /// What is done, for texts: `reading the secret 'prod/openai'`.
    let doing: String

    /// What is done; header fields and a body may hold a token or a secret.
    var customMirror: Mirror { Mirror(self, children: ["service": service, "doing": doing]) }

    /// The header fields of the query protocol, which STS speaks.
    static let form = [(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")]
}

/// Sends signed requests, and again what may pass by itself.
struct AWSCaller: Sendable {
    let transport: any HTTPTransport
    let clock: SourceClock
    let skew: ClockSkew

    /// Nil for what is asked seldom.
    var rate: SendingRate?

    /// How often a request is sent at most (AWS's standard mode: three).
    var attempts = 3

    /// A number from 0 to 1.
    var random: @Sendable () -> Double = { Double.random(in: 0...1) }

    init(_ transport: any HTTPTransport, _ clock: SourceClock, skew: ClockSkew = ClockSkew()) {
        (self.transport, self.clock, self.skew) = (transport, clock, skew)
    }

    /// Sends a request until it succeeds, is refused, or the time is over.
    ///
    /// - Parameters:
    ///   - call: What is asked.
    ///   - credentials: What it is signed with; nil for a request without a signature.
    ///   - deadline: The moment on the clock at which it must be over.
    /// - Returns: The reply, which is a success.
    /// - Throws: An ``AWSFailure``, or a `CancellationError`.
    func send(_ call: AWSCall, with credentials: AWSCredentials?, by deadline: Duration) async throws -> AWSReply {
        var attempt = 1
        var isCorrected = false
        while true {
            if let rate {
                guard let place = rate.reserve(at: clock.now(), by: deadline) else {
                    throw AWSFailure(tooOftenFor: call.doing)
                }
                if place > .zero { try await clock.sleep(place) }
            }
            let failure: AWSFailure
            do {
                let reply = try await transmit(call, credentials, by: deadline)
                if reply.isSuccess {
                    rate?.succeeded()
                    return reply
                }
                if !isCorrected, credentials != nil, correct(by: reply) {
                    isCorrected = true
                    continue
                }
                failure = AWSFailure(reply, call.doing, at: call.endpoint.url.origin, now: clock.date())
            } catch let error as HTTPTransportError {
                let proxy = transport.proxy(for: call.endpoint.url.text)
                failure = AWSFailure(error, call.doing, at: call.endpoint.url.origin, through: proxy)
            }
            if failure.kind == .throttled { rate?.throttled(at: clock.now()) }
            guard let pause = pause(after: failure, attempt), pause < deadline - clock.now() else { throw failure }
            try await clock.sleep(pause)
            attempt += 1
        }
    }

    private func transmit(_ call: AWSCall, _ credentials: AWSCredentials?, by deadline: Duration) async throws
        -> AWSReply
    {
        let url = call.path.isEmpty ? call.endpoint.url : call.endpoint.url.appending(call.path)
        var request: HTTPTransportRequest
        if let credentials {
            let signer = RequestSigner(
                credentials: credentials,
                region: call.endpoint.signingRegion,
                service: call.service.rawValue
            )
            request = signer.signed(
                call.method,
                url,
                query: call.query,
                headers: call.headers,
                body: call.body,
                at: skew.corrected(clock.date())
            )
        } else {
            request = HTTPTransportRequest(
                method: call.method,
                url: url.text + (call.query.isEmpty ? "" : "?\(CanonicalRequest.encoded(call.query))"),
                headers: Dictionary(call.headers.map { ($0.name, $0.value) }) { $1 },
                body: call.body
            )
        }
        request.headers["User-Agent"] = "keyhooks/\(KeyHooksVersion.current)"
        let time = deadline - clock.now()
        return AWSReply(try await transport.send(request, within: time, limit: AWSReply.bodyLimit, clock))
    }

    /// Takes over the server's date if that is why it refused; false if it isn't.
    private func correct(by reply: AWSReply) -> Bool {
        guard let type = reply.errorType, let kind = AWSFailure.Kind(type: type, message: reply.message),
            [.skewed, .credentials].contains(kind), let date = reply.date
        else { return false }
        return skew.correct(clock.date(), to: date)
    }

    /// How long to wait before the next attempt: full jitter, of a base that doubles; nil for no further one.
    private func pause(after failure: AWSFailure, _ attempt: Int) -> Duration? {
        guard attempt < attempts, [.throttled, .passing].contains(failure.kind) || failure.isBroken else { return nil }
        let base = failure.kind == .throttled ? 1.0 : 0.05
        let jitter = random() * min(20, base * Double(1 << min(attempt - 1, 16)))
        return max(.seconds(jitter), failure.retryAfter ?? .zero)
    }
}

extension AWSFailure {
    fileprivate init(tooOftenFor doing: String) {
        self.init(
            .throttled,
            .unavailable,
            "\(doing) has to wait longer than there is time for: AWS had too many requests",
            remedy: "ask less often, or have the quota raised"
        )
    }

    /// Whether something in front of AWS answered, such as a load balancer that is out of servers.
    fileprivate var isBroken: Bool { kind == .unanswered && error.code == .unavailable }
}

/// How far AWS's clock is ahead of this machine's.
final class ClockSkew: Sendable {
    private let seconds = Mutex(0.0)

    /// By how many seconds dates are corrected; zero until AWS refused one.
    var correction: Double { seconds.withLock(\.self) }

    /// The date as AWS has it.
    func corrected(_ date: Date) -> Date { date.addingTimeInterval(seconds.withLock(\.self)) }

    /// Notes AWS's date; false if it is near enough that it was known.
    func correct(_ date: Date, to server: Date) -> Bool {
        let difference = server.timeIntervalSince(date)
        return seconds.withLock { seconds in
            // AWS takes what is less than five minutes off.
            guard abs(difference - seconds) > 240 else { return false }
            seconds = difference
            return true
        }
    }
}
#endif
