import HTTPTransport
import KeyHooks

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
            self.init(.invalidConfiguration, "\(server) can't be asked: \(error)", remedy: remedy)
            keepsValues = true
        case .invalidSettings:
            self.init(settings: error, server, link?.connection)
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
            self.init(.unavailable, "\(server) can't be reached: \(error)", remedy: Self.remedy(for: error, at: link))
            isConnectionLost = error.code == .connectionLost
        }
    }

    /// A setting that can't be obeyed, with who said it.
    private init(settings error: HTTPTransportError, _ server: String, _ connection: BaoConnection?) {
        if error.setting == nil, let detail = error.detail, detail.hasPrefix("the variable ") {
            self.init(.invalidConfiguration, detail, remedy: "correct that variable, or unset it")
            return
        }
        guard let setting = error.setting, let detail = error.detail, let connection else {
            self.init(
                .invalidConfiguration,
                "\(server) can't be asked: \(BaoConnection.renamed(error.description))",
                remedy:
                    "check 'caCert', 'caPath', 'clientCert', 'clientKey' and 'proxy', and the BAO_ variables of these names"
            )
            return
        }
        let remedy =
            switch setting {
            case .authorityFile: "write the path of a PEM file with the authority's certificate"
            case .authorityFolder: "write the path of a folder of PEM files with authorities' certificates"
            case .clientCertificate: "write the path of a PEM file with the client's certificate"
            case .clientKey: "write the path of a PEM file with the private key, without a passphrase"
            case .serverName: "write the name in the server's certificate, such as bao.example.org"
            case .unixSocket: "write it as unix:///run/bao.sock"
            case .proxy: "write it as http://HOST:PORT, https://HOST:PORT or socks5h://HOST:PORT"
            default: "correct it"
            }
        self.init(
            .invalidConfiguration,
            "\(connection.source(of: setting)) \(BaoConnection.renamed(detail))",
            remedy: remedy
        )
    }

    /// Whether a failure is one of TLS, which somebody in between may have brought about.
    static func isOfTLS(_ code: HTTPTransportError.Code) -> Bool { remedy(forTLS: code) != nil }

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
