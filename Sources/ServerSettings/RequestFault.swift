package import HTTPTransport
package import KeyHooks

/// Why a request has no reply, in the words of whoever sent it.
package struct RequestFault: Sendable {
    package let code: KeyResolutionError.Code
    package let message: String
    package let remedy: String

    /// Whether the server may have done what was asked.
    package var mayBeDone = false

    /// Whether a good value is kept, although no weaker source may answer.
    package var keepsValues = false

    /// What a plugin's settings are called, and what goes to its server.
    package struct Words: Sendable {
        let address: String
        let plainHTTP: String
        let certificate: String
        let settings: String
        let credential: String

        /// - Parameters:
        ///   - address: What to check where the server can't be reached.
        ///   - plainHTTP: What to do where it speaks no TLS.
        ///   - certificate: What to check where its certificate isn't trusted.
        ///   - settings: What to check where a setting can't be obeyed.
        ///   - credential: What a proxy would get.
        package init(
            address: String,
            plainHTTP: String,
            certificate: String,
            settings: String,
            credential: String
        ) {
            self.address = address
            self.plainHTTP = plainHTTP
            self.certificate = certificate
            self.settings = settings
            self.credential = credential
        }
    }

    private init(_ code: KeyResolutionError.Code, _ message: String, _ remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// - Parameters:
    ///   - error: What went wrong.
    ///   - doing: What was to be done, such as `making a key`.
    ///   - server: The server as it is shown.
    ///   - proxy: The proxy on the way.
    ///   - words: What the settings are called.
    package init(
        _ error: HTTPTransportError,
        _ doing: String,
        at server: String,
        through proxy: String?,
        _ words: Words
    ) {
        let place = server + (proxy.map { " through the proxy \($0)" } ?? "")
        switch error.code {
        case .plainHTTP:
            self.init(.insecure, "\(place) can't be asked by https: \(error)", words.plainHTTP)
            keepsValues = true
        case .untrustedCertificate, .expiredCertificate, .certificateNotYetValid, .wrongHost,
            .clientCertificateRequired, .insecure:
            self.init(.insecure, "\(place) is not trusted: \(error)", words.certificate)
            keepsValues = true
        case .missingLibrary:
            let remedy = "install libcurl, as the package libcurl4 or libcurl"
            self.init(.invalidConfiguration, "\(place) can't be asked: \(error)", remedy)
            keepsValues = true
        case .invalidSettings, .invalidURL, .invalidRequest:
            self.init(.invalidConfiguration, "\(place) can't be asked: \(error)", words.settings)
            keepsValues = error.code != .invalidURL
        case .loopbackThroughProxy:
            self.init(
                .invalidConfiguration,
                "\(place) is not asked: it is on this machine, and the proxy would get \(words.credential)",
                "add its host to 'no_proxy', as in: export no_proxy=localhost,127.0.0.1,::1"
            )
        case .timedOut:
            self.init(
                .timedOut,
                "\(place) didn't answer in time: \(doing) may or may not have been done",
                "raise 'timeout', or see why it is slow"
            )
            mayBeDone = true
        case .cannotConnect, .unknownHost:
            self.init(.unavailable, "\(place) can't be reached: \(error)", words.address)
        default:
            self.init(
                .unavailable,
                "\(place) gave no whole answer, so that \(doing) may or may not have been done: \(error)",
                words.address
            )
            mayBeDone = true
        }
    }
}
