import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// A request to the proxy, as an admin.
struct LiteLLMRequest: Sendable {
    var method = "GET"

    /// Below the proxy's address, with the query.
    var path: String

    var body: JSONNode?

    /// What is to be done, in the words of errors: `making a key for the role 'agents'`.
    var doing: String
}

extension LiteLLMRequest: CustomReflectable {
    /// Leaves the body out: it may hold a key.
    var customMirror: Mirror { Mirror(self, children: ["method": method]) }
}

extension LiteLLMReply.Refusal {
    /// Whether another admin key may be let do it.
    fileprivate var isOfAdminKey: Bool { [.adminKey, .notAdmin, .budget].contains(self) }
}

/// Sends requests to one proxy, with the admin key.
struct LiteLLMClient: Sendable {
    static let bodyLimit = 8 << 20

    let address: ServerAddress
    let transport: any HTTPTransport
    let adminKey: AdminKey
    let clock: SourceClock

    /// How long making or renewing a key may take in all.
    let timeout: Duration

    var deadline: Duration { clock.now() + timeout }

    /// For how long an admin key that was refused isn't tried again, unless there is another one.
    private static let pause = Duration.seconds(2)

    /// Sends a request, and once more if the admin key was replaced meanwhile.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - deadline: The moment on the clock at which it must be over.
    ///   - expected: A refusal that the caller wants as a reply.
    /// - Returns: The reply: a success, or the refusal that was expected.
    /// - Throws: A ``LiteLLMFailure``, a `KeyResolutionError` for an admin key that isn't there, or a
    ///   `CancellationError`.
    func send(
        _ request: LiteLLMRequest,
        by deadline: Duration,
        expecting expected: Set<LiteLLMReply.Refusal> = []
    ) async throws -> LiteLLMReply {
        let members = request.body?.members?.map(\.name) ?? []
        var key = try adminKey.current()
        if adminKey.wasRefused(at: clock.now()) {
            // However many keys are wanted, the proxy is not asked for each of them meanwhile.
            guard let newer = adminKey.newer(than: key) else { throw LiteLLMFailure.adminKeyRefused(request.doing) }
            key = newer
        }
        var reply = try await transmit(request, key, by: deadline)
        // Also where something in front of the proxy looks at the key.
        let isRefused = reply.status == 401 || reply.refusal()?.isOfAdminKey == true
        if isRefused, let newer = adminKey.newer(than: key) {
            key = newer
            reply = try await transmit(request, newer, by: deadline)
        }
        if reply.isSuccess { return reply }
        if reply.refusal() == .adminKey { adminKey.refuse(key, until: clock.now() + Self.pause) }
        if let refusal = reply.refusal(of: members), expected.contains(refusal) { return reply }
        throw LiteLLMFailure(reply, request.doing, members: members, at: address.shown, now: clock.date())
    }

    /// Sends a request with another key than the admin's, or with none.
    func transmit(_ request: LiteLLMRequest, _ key: APIKey?, by deadline: Duration) async throws -> LiteLLMReply {
        var headers = ["Accept": "application/json"]
        if let key {
            headers["Authorization"] = "Bearer \(key.value)"
            headers["litellm-changed-by"] = "keyhooks"
        }
        if request.body != nil { headers["Content-Type"] = "application/json" }
        let message = HTTPTransportRequest(
            method: request.method,
            url: address.base + request.path,
            headers: headers,
            body: try request.body?.jsonBytes()
        )
        do {
            return LiteLLMReply(
                try await transport.send(message, within: deadline - clock.now(), limit: Self.bodyLimit, clock)
            )
        } catch let error as HTTPTransportError {
            throw LiteLLMFailure(
                error,
                request.doing,
                at: address.shown,
                through: transport.proxy(for: address.base)
            )
        }
    }
}
