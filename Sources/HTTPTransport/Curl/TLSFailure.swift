#if os(Linux)
import CCurl

extension CurlExchange {
    /// Tells the faults of TLS apart, by numbers where there are some and else by what the TLS libraries are known to
    /// say.
    func tlsFailure(_ code: Int32, _ settings: HTTPTransportSettings) -> HTTPTransportError {
        let text = handle.errorMessage.lowercased()
        func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        switch code {
        case 58, 77: return files(settings).problem(isOfClient: code == 58)
        case 35 where isOfProxy, 60 where isOfProxy: return proxyFailure(code, text, settings)
        case 60: return certificateFailure(text, settings, KEYHOOKS_CURLINFO_SSL_VERIFYRESULT)
        case 98: return clientCertificateFailure(settings)
        // So GnuTLS calls the client's files.
        case 35 where says("error reading x.509"): return files(settings).problem(isOfClient: true)
        default: break
        }
        guard transfer.url.isSecure else {
            let isTooLarge = says("too large response headers")
            return HTTPTransportError(isTooLarge ? .answerTooLarge : .connectionLost, detail: whenLost)
        }
        if isOfPlainHTTP(text) { return HTTPTransportError(.plainHTTP) }
        let isAlert = says("alert")
        // GnuTLS gives the alert's name alone: "Certificate is required", "CA is unknown". With TLS 1.3 the client has
        // finished when the server looks at its certificate; GnuTLS does not say what for.
        if isAlert && says("certificate", "unknown ca", "access denied")
            || says("gnutls_handshake() failed") && says("certificate", "ca is ", "access was denied")
            || code == 56 && isAlert && head.status == 0
        {
            return clientCertificateFailure(settings)
        }
        if says("handshake fail") {
            let words = "the server refuses the handshake: it wants a client certificate or other ciphers"
            return HTTPTransportError(.insecure, detail: words)
        }
        if says("protocol version", "unsupported protocol") {
            return HTTPTransportError(.insecure, detail: "the server does not speak TLS 1.2 or newer")
        }
        let isCut = says("eof", "syscall", "reset", "broken pipe", "terminated", "pull function", "push function")
        if code == 35 && !isCut || code == 59 { return HTTPTransportError(.insecure) }
        return HTTPTransportError(.connectionLost, detail: code == 35 ? "within the TLS handshake" : whenLost)
    }

    private var whenLost: String { head.status == 0 ? "before the answer" : "within the answer" }

    private func clientCertificateFailure(_ settings: HTTPTransportSettings) -> HTTPTransportError {
        HTTPTransportError(
            .clientCertificateRequired,
            detail: settings.clientCertificate.map { "it does not accept the one of \(shown($0))" } ?? "none is set"
        )
    }

    private func files(_ settings: HTTPTransportSettings) -> IdentityFiles {
        IdentityFiles(settings, lacksFolder: handle.lacksFolder)
    }

    /// Whether a handshake that failed was the proxy's: the server's comes once the proxy has let it through.
    private var isOfProxy: Bool {
        guard case .through(let url, _) = transfer.route, url.lowercased().hasPrefix("https://") else { return false }
        return !transfer.url.isSecure || handle.number(KEYHOOKS_CURLINFO_HTTP_CONNECTCODE) == 0
    }

    private func proxyFailure(_ code: Int32, _ text: String, _ settings: HTTPTransportSettings) -> HTTPTransportError {
        guard code == 60 else {
            let words =
                isOfPlainHTTP(text)
                ? "the proxy speaks plain HTTP; write its URL with http://" : "TLS with the proxy failed"
            return HTTPTransportError(.proxyFailed, detail: words)
        }
        let error = certificateFailure(text, settings, KEYHOOKS_CURLINFO_PROXY_SSL_VERIFYRESULT)
        let faults: [HTTPTransportError.Code: String] = [
            .wrongHost: "is for another host", .expiredCertificate: "has expired",
            .certificateNotYetValid: "is not valid yet",
            .untrustedCertificate: "isn't trusted: its authority is not among those to trust",
        ]
        guard let fault = faults[error.code] else { return error }
        return HTTPTransportError(.proxyFailed, detail: "the proxy's certificate \(fault)")
    }

    /// Whether TLS met plain HTTP.
    private func isOfPlainHTTP(_ text: String) -> Bool {
        ["wrong version number", "packet length too long", "unexpected tls packet", "http request"]
            .contains { text.contains($0) }
    }

    private func certificateFailure(
        _ text: String,
        _ settings: HTTPTransportSettings,
        _ information: Int
    ) -> HTTPTransportError {
        let result = handle.number(information)
        let isForOtherHost =
            ["host name", "hostname", "subject name", "subjectaltname", "alternative"].contains { text.contains($0) }
        if isForOtherHost { return HTTPTransportError(.wrongHost) }
        let (noIssuer, notYet, expired) = (1 << 6, 1 << 9, 1 << 10)
        switch (handle.library.tls, result) {
        case (.openSSL, 9): return HTTPTransportError(.certificateNotYetValid)
        case (.openSSL, 10): return HTTPTransportError(.expiredCertificate)
        case (.openSSL, 18): return untrusted("it is self-signed", settings)
        case (.openSSL, 19):
            return untrusted("its authority is self-signed and not among those that are trusted", settings)
        case (.openSSL, 62), (.openSSL, 64): return HTTPTransportError(.wrongHost)
        case (.gnuTLS, _) where result & noIssuer != 0: return untrusted(nil, settings)
        case (.gnuTLS, _) where result & expired != 0: return HTTPTransportError(.expiredCertificate)
        case (.gnuTLS, _) where result & notYet != 0: return HTTPTransportError(.certificateNotYetValid)
        default: return untrusted(nil, settings)
        }
    }

    /// An authority that is missing because the place for it is wrong is a fault of the settings.
    private func untrusted(_ detail: String?, _ settings: HTTPTransportSettings) -> HTTPTransportError {
        files(settings).authorityProblem ?? HTTPTransportError(.untrustedCertificate, detail: detail)
    }
}
#endif
