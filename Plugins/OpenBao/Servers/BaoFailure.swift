import ExtensionHooks
import KeyHooks
import LightFoundation

/// A failed read, with how long the server asked to be left alone.
struct BaoFailure: ValueFreeError {
    let error: KeyResolutionError
    var retryAfter: Duration?
    var isConnectionLost = false

    /// Whether a good value is kept although the failure is one that no weaker source may answer for.
    var keepsValues = false

    var description: String { error.description }

    /// Whether it is an outage: what a weaker source may answer for, if that is allowed.
    var isOutage: Bool { if case .passing = CacheFailureHandling.standard(error) { true } else { false } }

    /// What the cache makes of it.
    var handling: CacheFailureHandling { isOutage || keepsValues ? .passing(retryAfter: retryAfter) : .final }

    /// The same failure, with the proxy that the reply came through.
    func through(_ proxy: String?) -> BaoFailure {
        guard let proxy else { return self }
        return with(message: "\(error.message), through the proxy \(proxy)")
    }

    /// The same failure, with a remark after the message.
    func remarking(_ remark: String) -> BaoFailure { with(message: "\(error.message); \(remark)") }

    /// The same failure, with where a token is from that the server doesn't accept.
    func ofToken(_ origin: String) -> BaoFailure {
        error.code == .unauthenticated ? with(message: "\(error.message) (the one \(origin))") : self
    }

    /// The same failure, where others were asked in vain as well.
    func andOthers(_ count: Int) -> BaoFailure {
        with(
            message: "\(error.message); nor did \(count == 1 ? "the other address" : "\(count) other addresses") answer"
        )
    }

    private func with(message: String) -> BaoFailure {
        var failure = BaoFailure(error.code, message, remedy: error.remedy, retryAfter: retryAfter)
        failure.isConnectionLost = isConnectionLost
        failure.keepsValues = keepsValues
        return failure
    }

    init(_ error: KeyResolutionError, retryAfter: Duration? = nil) {
        self.error = error
        self.retryAfter = retryAfter
    }

    init(_ code: KeyResolutionError.Code, _ message: String, remedy: String, retryAfter: Duration? = nil) {
        self.init(KeyResolutionError(code, message, remedy: remedy), retryAfter: retryAfter)
    }

    static func handling(of error: any Error) -> CacheFailureHandling {
        (error as? BaoFailure)?.handling ?? CacheFailureHandling.standard(error)
    }
}

extension BaoFailure {
    /// What a status means that is the same for every request: logins and reads.
    init(_ reply: OpenBaoResponse, reading place: String, now: Date) {
        let retryAfter = reply.retryAfter(now: now)
        // OpenBao has no 407 of its own, whatever the body looks like.
        guard reply.isOwn, reply.status != 407 else {
            self.init(foreign: reply, reading: place, retryAfter: retryAfter)
            return
        }
        switch reply.status {
        case _ where reply.isSealed:
            self.init(.sealed, "OpenBao is sealed", remedy: "unseal it", retryAfter: retryAfter)
        case _ where reply.isStandby:
            self.init(standby: reply, retryAfter: retryAfter)
        case 300...399: self.init(redirect: reply, reading: place)
        case 400 where reply.says("Upgrading from non-versioned to versioned"):
            self.init(.unavailable, "the mount for \(place) is being upgraded", remedy: "try again shortly")
        case 400:
            self.init(
                .invalidConfiguration,
                "OpenBao refuses the request for \(place) (400)",
                remedy: "check 'mount', 'path' and 'version'"
            )
        case 401:
            self.init(
                .unauthenticated,
                "something before OpenBao wants credentials of its own (401)",
                remedy: "check the address"
            )
        case 404:
            self.init(.unavailable, "a 404 for \(place) that says nothing", remedy: "check the address")
        case 429:
            self.init(
                .unavailable,
                "OpenBao limits the rate of requests (429)",
                remedy: "raise its quota, or 'ttl'",
                retryAfter: retryAfter
            )
        case 501:
            self.init(.unavailable, "OpenBao is not initialised", remedy: "initialise it: 'bao operator init'")
        default:
            self.init(
                .unavailable,
                "OpenBao cannot answer now (\(reply.status))",
                remedy: "see the server's log",
                retryAfter: retryAfter
            )
        }
    }

    /// A reply in other words than OpenBao's: a proxy's, a firewall's, a portal's.
    ///
    /// It says nothing about the secret or the token, so what is kept stays and may be served meanwhile.
    private init(foreign reply: OpenBaoResponse, reading place: String, retryAfter: Duration?) {
        switch reply.status {
        case 400 where reply.isPlainHTTPRefused:
            self.init(
                .insecure,
                "\(reply.link.address.shown) speaks TLS, and its address says http",
                remedy: "write https:// in 'address' or BAO_ADDR"
            )
            keepsValues = true
        // This machine is never asked through a proxy, so what says so there is something else.
        case 407 where !reply.link.address.isLocal:
            self.init(
                .unavailable,
                "the proxy wants a login (407)",
                remedy: Self.proxyLogin
            )
        case 407:
            self.init(
                .unavailable,
                "a proxy answers at \(reply.link.address.shown) in OpenBao's place, and wants a login (407)",
                remedy: "write OpenBao's own address in 'address', and the proxy's in 'proxy' or BAO_PROXY_ADDR"
            )
        default:
            self.init(
                .unavailable,
                "a \(reply.status) for \(place) that is not OpenBao's",
                remedy: "see what answers at \(reply.link.address.shown), and check the proxy",
                retryAfter: retryAfter
            )
        }
    }

    /// A redirect that was not followed, or not again.
    private init(redirect reply: OpenBaoResponse, reading place: String) {
        let server = "OpenBao at \(reply.link.address.shown)"
        guard let url = reply.redirection else {
            self.init(
                .unavailable,
                "\(server) sends reads of \(place) elsewhere and doesn't say where (\(reply.status))",
                remedy: "check 'address', and what is in front of OpenBao there"
            )
            return
        }
        if reply.isRedirectedToItself {
            self.init(
                .unavailable,
                "\(server) redirects reads of \(place) to itself",
                remedy: "check 'address', what is in front of OpenBao there, and the server's own api_addr"
            )
            return
        }
        // A server's text: shown only as far as it is an address, and nobody else can have written it.
        let target = url.string.flatMap { $0.utf8.count <= 1000 ? try? ServerAddress($0) : nil }
        let message = "OpenBao sends reads of \(place) elsewhere, to a server that is not configured"
        guard let target, reply.link.believes(target) else {
            self.init(
                .unavailable,
                message,
                remedy: "check 'address', and what is in front of OpenBao there; a token is sent to no other server"
            )
            return
        }
        self.init(
            .unavailable,
            "\(message) (\(target.origin))",
            remedy: "if that server is yours, add it to 'address'; a token is sent to no other"
        )
    }

    /// A standby that neither answers by itself nor passes the request on.
    private init(standby reply: OpenBaoResponse, retryAfter: Duration?) {
        let standby = "OpenBao at \(reply.link.address.shown) is a standby and does not answer (\(reply.status))"
        guard let leader = reply.leader else {
            self.init(
                .unavailable,
                "\(standby); it knows no active server",
                remedy: "wait for the election of one, or see why there is none",
                retryAfter: retryAfter
            )
            return
        }
        let isShown = reply.link.believes(leader)
        self.init(
            .unavailable,
            standby + (isShown ? "; the active server is \(leader.shown)" : ""),
            remedy: "add \(isShown ? leader.shown : "the active server") to 'address'",
            retryAfter: retryAfter
        )
    }
}
