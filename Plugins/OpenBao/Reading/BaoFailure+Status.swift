import Foundation
import HTTPTransport
import KeyHooks

extension BaoFailure {
    /// What a status means that is the same for every request: logins and reads.
    init(_ reply: ServerReply, reading place: String, now: Date) {
        let retryAfter = reply.retryAfter(now: now)
        switch reply.status {
        case _ where reply.isSealed:
            self.init(.sealed, "OpenBao is sealed", remedy: "unseal it", retryAfter: retryAfter)
        case 300...399:
            self.init(
                .unavailable,
                "OpenBao sends reads of \(place) elsewhere, to a server that is not configured",
                remedy: "add that server to 'address': a token is sent to no other"
            )
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

    /// No reply at all.
    init(_ error: HTTPTransportError, at address: ServerAddress? = nil, through proxy: String? = nil) {
        let way = proxy.map { " through the proxy \($0)" } ?? ""
        let server = (address.map { "OpenBao at \($0.shown)" } ?? "OpenBao") + way
        switch error.code {
        case .insecure:
            self.init(
                .unavailable,
                "\(server) cannot be reached (\(error))",
                remedy: "add its certificate authority to the system's trust store"
            )
        case .invalidURL:
            self.init(.invalidConfiguration, "the URL of OpenBao is not valid", remedy: "check 'address'")
        case .loopbackThroughProxy:
            self.init(
                .invalidConfiguration,
                "\(server) is not asked: it is on this machine, and the proxy would get the token",
                remedy: "add its host to 'no_proxy', as in: export no_proxy=localhost,127.0.0.1,::1"
            )
        case .timedOut:
            self.init(.timedOut, "\(server) did not answer in time", remedy: "raise 'timeout', or see why it is slow")
        default:
            self.init(
                .unavailable,
                "\(server) cannot be reached (\(error))",
                remedy: "check 'address' or BAO_ADDR, http or https, and that the server runs"
            )
            isConnectionLost = error.code == .connectionLost
        }
    }
}
