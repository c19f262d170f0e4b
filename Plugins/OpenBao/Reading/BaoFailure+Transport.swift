import HTTPTransport
import KeyHooks

extension BaoFailure {
    /// No reply at all.
    init(_ error: HTTPTransportError, at address: ServerAddress? = nil, through proxy: String? = nil) {
        let way = proxy.map { " through the proxy \($0)" } ?? ""
        let server = (address.map { "OpenBao at \($0.shown)" } ?? "OpenBao") + way
        if let remedy = Self.remedy(forTLS: error.code) {
            // Whoever sits in between must not be able to let a weaker source answer, nor to end a value that is good.
            self.init(.insecure, "\(server) is not trusted (\(error))", remedy: remedy)
            keepsValues = true
            return
        }
        switch error.code {
        case .missingLibrary, .invalidSettings:
            self.init(
                .invalidConfiguration,
                "\(server) cannot be asked (\(error))",
                remedy: Self.remedy(for: error.code)
            )
            keepsValues = true
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
            self.init(.unavailable, "\(server) cannot be reached (\(error))", remedy: Self.remedy(for: error.code))
            isConnectionLost = error.code == .connectionLost
        }
    }

    /// What to set when TLS failed; nil for what is no fault of TLS.
    private static func remedy(forTLS code: HTTPTransportError.Code) -> String? {
        switch code {
        case .untrustedCertificate:
            "name the file of its certificate authority in 'caCert' or BAO_CACERT, or add it to the system's trust store"
        case .expiredCertificate: "renew the server's certificate, and check the clock of this machine"
        case .certificateNotYetValid: "check the clock of this machine and of the one that issued the certificate"
        case .wrongHost: "use a host name of the certificate in 'address', or name it in 'tlsServerName'"
        case .clientCertificateRequired:
            "name the client's certificate and key in 'clientCert' and 'clientKey', or BAO_CLIENT_CERT and BAO_CLIENT_KEY"
        case .plainHTTP: "write http:// in 'address', or the port where the server speaks TLS"
        case .insecure: "check the server's certificate, 'caCert' and 'tlsServerName'"
        default: nil
        }
    }

    private static func remedy(for code: HTTPTransportError.Code) -> String {
        switch code {
        case .missingLibrary: "install libcurl, as the package libcurl4 or libcurl"
        case .invalidSettings:
            "check 'caCert', 'caPath', 'clientCert', 'clientKey' and 'proxy', and the BAO_ variables of these names"
        case .proxyFailed: "check 'proxy', BAO_PROXY_ADDR or https_proxy"
        case .unknownHost: "check the host in 'address' or BAO_ADDR, and the network"
        default: "check 'address' or BAO_ADDR, http or https, and that the server runs"
        }
    }
}
