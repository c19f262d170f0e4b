import ExtensionHooks
import HTTPTransport
import KeyHooks
import LightFoundation
import ServerSettings

/// A failed read, with how long the server asked to be left alone.
struct BaoFailure: ValueFreeError {
    private(set) var error: KeyResolutionError
    var retryAfter: Duration?
    var isConnectionLost = false

    /// Whether a good value is kept although the failure is one that no weaker source may answer for.
    var keepsValues = false

    /// Whether another token may be accepted.
    var isOfToken = false

    var description: String { error.description }

    /// Whether it is an outage: what a weaker source may answer for, if that is allowed.
    var isOutage: Bool { if case .passing = CacheFailureHandling.standard(error) { true } else { false } }

    /// What the cache makes of it.
    var handling: CacheFailureHandling { isOutage || keepsValues ? .passing(retryAfter: retryAfter) : .final }

    /// The same failure, with the proxy that the reply came through.
    func through(_ proxy: String?) -> BaoFailure { proxy.map { with(", through the proxy \($0)") } ?? self }

    /// The same failure, with a remark after the message.
    func remarking(_ remark: String) -> BaoFailure { with("; \(remark)") }

    /// The same failure, with where a token is from that the server doesn't accept.
    func ofToken(_ identity: BaoIdentity, _ origin: String) -> BaoFailure {
        error.code == .unauthenticated && identity.inline == nil ? with(" (the one \(origin))") : self
    }

    /// The same failure, where others were asked in vain as well.
    func andOthers(_ count: Int) -> BaoFailure {
        with("; nor did \(count == 1 ? "the other address" : "\(count) other addresses") answer")
    }

    private func with(_ words: String) -> BaoFailure {
        var failure = self
        failure.error = KeyResolutionError(error.code, error.message + words, remedy: error.remedy)
        return failure
    }

    init(_ code: KeyResolutionError.Code, _ message: String, remedy: String) {
        error = KeyResolutionError(code, message, remedy: remedy)
    }

    static func unavailable(_ message: String, remedy: String) -> BaoFailure {
        BaoFailure(.unavailable, message, remedy: remedy)
    }

    static func invalidConfiguration(_ message: String, remedy: String) -> BaoFailure {
        BaoFailure(.invalidConfiguration, message, remedy: remedy)
    }

    /// The server doesn't know the token.
    static var tokenRefused: BaoFailure {
        var failure = BaoFailure(
            .unauthenticated,
            "OpenBao does not accept the token",
            remedy: "it may have expired or been revoked; get a new one, or set 'login'"
        )
        failure.isOfToken = true
        return failure
    }

    static func handling(of error: any Error) -> CacheFailureHandling {
        (error as? BaoFailure)?.handling ?? CacheFailureHandling.standard(error)
    }
}

extension BaoFailure {
    /// What a status means that is the same for every request: logins and reads.
    init(_ reply: OpenBaoResponse, reading place: String, now: Date) {
        // OpenBao has no 407 of its own, whatever the body looks like.
        let isOwn = reply.isOwn && reply.status != 407
        self = (isOwn ? Self.own(reply, place) : Self.foreign(reply, place)).through(reply.proxy)
        retryAfter = reply.retryAfter(now: now)
    }

    private static func own(_ reply: OpenBaoResponse, _ place: String) -> BaoFailure {
        switch reply.status {
        case _ where reply.isSealed: BaoFailure(.sealed, "OpenBao is sealed", remedy: "unseal it")
        case _ where reply.isStandby: standby(reply)
        case 300...399: redirect(reply, place)
        case 400 where reply.isBeingUpgraded:
            .unavailable("the mount for \(place) is being upgraded", remedy: "try again shortly")
        case 400:
            .invalidConfiguration(
                "OpenBao refuses the request for \(place) (400)",
                remedy: "check 'mount', 'path' and 'version'"
            )
        case 401:
            BaoFailure(
                .unauthenticated,
                "something before OpenBao wants credentials of its own (401)",
                remedy: "check the address"
            )
        case 404: .unavailable("a 404 for \(place) that says nothing", remedy: "check the address")
        case 429: .unavailable("OpenBao limits the rate of requests (429)", remedy: "raise its quota, or 'ttl'")
        case 501: .unavailable("OpenBao is not initialised", remedy: "initialise it: 'bao operator init'")
        default: .unavailable("OpenBao cannot answer now (\(reply.status))", remedy: "see the server's log")
        }
    }

    /// A reply in other words than OpenBao's: a proxy's, a firewall's, a portal's.
    ///
    /// It says nothing about the secret or the token, so what is kept stays and may be served meanwhile.
    private static func foreign(_ reply: OpenBaoResponse, _ place: String) -> BaoFailure {
        let server = reply.link.address.shown
        switch reply.status {
        case 400 where reply.isPlainHTTPRefused:
            var failure = BaoFailure(
                .insecure,
                "\(server) speaks TLS, and its address says http",
                remedy: "write https:// in 'address' or BAO_ADDR"
            )
            failure.keepsValues = true
            return failure
        // This machine is never asked through a proxy, so what says so there is something else.
        case 407 where !reply.link.address.isLocal:
            return .unavailable("the proxy wants a login (407)", remedy: proxyLogin)
        case 407:
            return .unavailable(
                "a proxy answers at \(server) in OpenBao's place, and wants a login (407)",
                remedy: "write OpenBao's own address in 'address', and the proxy's in 'proxy' or BAO_PROXY_ADDR"
            )
        default:
            return .unavailable(
                "a \(reply.status) for \(place) that is not OpenBao's",
                remedy: "see what answers at \(server), and check the proxy"
            )
        }
    }

    /// A redirect that was not followed, or not again.
    private static func redirect(_ reply: OpenBaoResponse, _ place: String) -> BaoFailure {
        let server = "OpenBao at \(reply.link.address.shown)"
        guard let url = reply.redirection else {
            return .unavailable(
                "\(server) sends reads of \(place) elsewhere and doesn't say where (\(reply.status))",
                remedy: "check 'address', and what is in front of OpenBao there"
            )
        }
        if reply.isRedirectedToItself {
            return .unavailable(
                "\(server) redirects reads of \(place) to itself",
                remedy: "check 'address', what is in front of OpenBao there, and the server's own api_addr"
            )
        }
        // A server's text: shown only as far as it is an address, and nobody else can have written it.
        let target = url.string.flatMap { $0.utf8.count <= 1000 ? try? ServerAddress($0) : nil }
        let message = "OpenBao sends reads of \(place) elsewhere, to a server that is not configured"
        guard let target, reply.link.believes(target) else {
            let remedy = "check 'address', and what is in front of OpenBao there; a token is sent to no other server"
            return .unavailable(message, remedy: remedy)
        }
        let remedy = "if that server is yours, add it to 'address'; a token is sent to no other"
        return .unavailable("\(message) (\(target.origin))", remedy: remedy)
    }

    /// A standby that neither answers by itself nor passes the request on.
    private static func standby(_ reply: OpenBaoResponse) -> BaoFailure {
        let standby = "OpenBao at \(reply.link.address.shown) is a standby and does not answer (\(reply.status))"
        guard let leader = reply.leader else {
            let remedy = "wait for the election of one, or see why there is none"
            return .unavailable("\(standby); it knows no active server", remedy: remedy)
        }
        guard reply.link.believes(leader) else {
            return .unavailable(standby, remedy: "add the active server to 'address'")
        }
        let message = "\(standby); the active server is \(leader.shown)"
        return .unavailable(message, remedy: "add \(leader.shown) to 'address'")
    }
}

extension BaoFailure {
    /// No reply at all.
    init(_ error: HTTPTransportError, at link: ServerLink? = nil) {
        let way = link?.proxy.map { " through the proxy \($0)" } ?? ""
        let server = (link.map { "OpenBao at \($0.address.shown)" } ?? "OpenBao") + way
        if let remedy = Self.remedy(forTLS: error.code) {
            // Whoever sits in between must not be able to let a weaker source answer, nor to end a value that is good.
            let what = error.code == .plainHTTP ? "can't be asked by https" : "is not trusted"
            self.init(.insecure, "\(server) \(what): \(error)", remedy: remedy)
            keepsValues = true
            return
        }
        switch error.code {
        case .missingLibrary:
            let remedy = "install libcurl, as the package libcurl4 or libcurl"
            self = .invalidConfiguration("\(server) can't be asked: \(error)", remedy: remedy)
            keepsValues = true
        case .invalidSettings:
            self = Self.settings(error, server, link?.connection)
            keepsValues = true
        case .invalidURL: self = .invalidConfiguration("the URL of OpenBao is not valid", remedy: "check 'address'")
        case .loopbackThroughProxy:
            self = .invalidConfiguration(
                "\(server) is not asked: it is on this machine, and the proxy would get the token",
                remedy: "add its host to 'no_proxy', as in: export no_proxy=localhost,127.0.0.1,::1"
            )
        case .timedOut:
            self.init(.timedOut, "\(server) did not answer in time", remedy: "raise 'timeout', or see why it is slow")
        default:
            self = .unavailable("\(server) can't be reached: \(error)", remedy: Self.remedy(for: error, at: link))
            isConnectionLost = error.code == .connectionLost
        }
    }

    /// A setting that can't be obeyed, with who said it.
    private static func settings(
        _ error: HTTPTransportError,
        _ server: String,
        _ connection: BaoConnection?
    ) -> BaoFailure {
        if error.setting == nil, let detail = error.detail, detail.hasPrefix("the variable ") {
            return .invalidConfiguration(detail, remedy: "correct that variable, or unset it")
        }
        guard let setting = error.setting, let detail = error.detail, let connection else {
            return .invalidConfiguration(
                "\(server) can't be asked: \(BaoConnection.renamed(error.description))",
                remedy:
                    "check 'caCert', 'caPath', 'clientCert', 'clientKey' and 'proxy', and the BAO_ variables of these names"
            )
        }
        let remedies: [HTTPTransportError.Setting: String] = [
            .authorityFile: "write the path of a PEM file with the authority's certificate",
            .authorityFolder: "write the path of a folder of PEM files with authorities' certificates",
            .clientCertificate: "write the path of a PEM file with the client's certificate",
            .clientKey: "write the path of a PEM file with the private key, without a passphrase",
            .serverName: "write the name in the server's certificate, such as bao.example.org",
            .unixSocket: "write it as unix:///run/bao.sock",
            .proxy: "write it as http://HOST:PORT, https://HOST:PORT or socks5h://HOST:PORT",
        ]
        let message = "\(connection.source(of: setting)) \(BaoConnection.renamed(detail))"
        return .invalidConfiguration(message, remedy: remedies[setting] ?? "correct it")
    }

    /// Whether a failure is one of TLS, which somebody in between may have brought about.
    static func isOfTLS(_ code: HTTPTransportError.Code) -> Bool { remedy(forTLS: code) != nil }

    /// What to set when TLS failed; nil for what isn't a fault of TLS.
    private static func remedy(forTLS code: HTTPTransportError.Code) -> String? {
        switch code {
        case .untrustedCertificate:
            "name the file of its certificate authority in 'caCert' or BAO_CACERT, or add it to the system's trust store"
        case .expiredCertificate: "renew the server's certificate, and check the clock of this machine"
        case .certificateNotYetValid: "check the clock of this machine and of the one that issued the certificate"
        case .wrongHost: "use a host name of the certificate in 'address', or name it in 'tlsServerName'"
        case .clientCertificateRequired:
            "name the client's certificate and key in 'clientCert' and 'clientKey', or BAO_CLIENT_CERT and BAO_CLIENT_KEY"
        case .plainHTTP: "write http:// in 'address' or BAO_ADDR, or the port where the server speaks TLS"
        case .insecure: "check the server's certificate, 'caCert' and 'tlsServerName'"
        default: nil
        }
    }

    private static func remedy(for error: HTTPTransportError, at link: ServerLink?) -> String {
        if link?.address.socket != nil {
            return "check the path of the socket in 'address', and that bao listens there"
        }
        let proxy = link?.connection.map { $0.source(of: .proxy) } ?? "'proxy', BAO_PROXY_ADDR or https_proxy"
        switch error.code {
        case .proxyFailed where error.detail?.contains("(407)") == true: return proxyLogin
        case .proxyFailed: return "check \(proxy), and that the proxy lets requests to OpenBao through"
        case .unknownHost: return "check the host in 'address' or BAO_ADDR, and the network"
        case .connectionLost where link.map { !$0.address.isTLS } ?? false:
            return "check 'address' or BAO_ADDR: write https:// there if the server speaks TLS"
        case _ where link?.proxy != nil: return "check \(proxy) and 'address', and that both servers run"
        default: return "check 'address' or BAO_ADDR, http or https, and that the server runs"
        }
    }

    static let proxyLogin =
        "give its user and password in the URL of https_proxy or BAO_PROXY_ADDR, or add OpenBao's host to no_proxy"
}
