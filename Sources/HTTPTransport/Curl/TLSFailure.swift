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
            return HTTPTransportError(
                says("too large response headers") ? .answerTooLarge : .connectionLost,
                detail: head.status == 0 ? "before the answer" : "within the answer"
            )
        }
        if says("wrong version number", "packet length too long", "unexpected tls packet", "http request") {
            return HTTPTransportError(.plainHTTP)
        }
        let isAlert = says("alert")
        if isAlert, says("certificate", "unknown ca", "access denied") { return clientCertificateFailure(settings) }
        // GnuTLS gives the alert's name alone: "Certificate is required", "CA is unknown".
        if says("gnutls_handshake() failed"), says("certificate", "ca is ", "access was denied") {
            return clientCertificateFailure(settings)
        }
        // With TLS 1.3 the client has finished when the server looks at its certificate; GnuTLS does not say what for.
        if code == 56, isAlert, head.status == 0 { return clientCertificateFailure(settings) }
        if says("handshake fail") {
            return HTTPTransportError(
                .insecure,
                detail: "the server refuses the handshake: it wants a client certificate or other ciphers"
            )
        }
        if says("protocol version", "unsupported protocol") {
            return HTTPTransportError(.insecure, detail: "the server does not speak TLS 1.2 or newer")
        }
        if code == 35, !says("eof", "syscall", "reset", "broken pipe", "terminated", "pull function", "push function") {
            return HTTPTransportError(.insecure)
        }
        if code == 59 { return HTTPTransportError(.insecure) }
        return HTTPTransportError(
            .connectionLost,
            detail: code == 35
                ? "within the TLS handshake" : head.status == 0 ? "before the answer" : "within the answer"
        )
    }

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
            let isPlain = ["wrong version number", "packet length too long", "unexpected tls packet", "http request"]
                .contains { text.contains($0) }
            return HTTPTransportError(
                .proxyFailed,
                detail: isPlain
                    ? "the proxy speaks plain HTTP; write its URL with http://" : "TLS with the proxy failed"
            )
        }
        let error = certificateFailure(text, settings, KEYHOOKS_CURLINFO_PROXY_SSL_VERIFYRESULT)
        switch error.code {
        case .wrongHost: return HTTPTransportError(.proxyFailed, detail: "the proxy's certificate is for another host")
        case .expiredCertificate: return HTTPTransportError(.proxyFailed, detail: "the proxy's certificate has expired")
        case .certificateNotYetValid:
            return HTTPTransportError(.proxyFailed, detail: "the proxy's certificate is not valid yet")
        case .untrustedCertificate:
            return HTTPTransportError(
                .proxyFailed,
                detail: "the proxy's certificate isn't trusted: its authority is not among those to trust"
            )
        default: return error
        }
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
        switch handle.library.tls {
        case .openSSL:
            switch result {
            case 9: return HTTPTransportError(.certificateNotYetValid)
            case 10: return HTTPTransportError(.expiredCertificate)
            case 18: return untrusted("it is self-signed", settings)
            case 19: return untrusted("its authority is self-signed and not among those that are trusted", settings)
            case 62, 64: return HTTPTransportError(.wrongHost)
            default: return untrusted(nil, settings)
            }
        case .gnuTLS:
            let (noIssuer, notYet, expired) = (1 << 6, 1 << 9, 1 << 10)
            if result & noIssuer != 0 { return untrusted(nil, settings) }
            if result & expired != 0 { return HTTPTransportError(.expiredCertificate) }
            if result & notYet != 0 { return HTTPTransportError(.certificateNotYetValid) }
            return untrusted(nil, settings)
        case .other:
            return untrusted(nil, settings)
        }
    }

    /// An authority that is missing because the place for it is wrong is a fault of the settings.
    private func untrusted(_ detail: String?, _ settings: HTTPTransportSettings) -> HTTPTransportError {
        files(settings).authorityProblem ?? HTTPTransportError(.untrustedCertificate, detail: detail)
    }
}
#endif
