#if os(Linux)
import CCurl
import LightFoundation

extension CurlExchange {
    /// What the caller gets for a `CURLcode`.
    func outcome(of code: Int32, _ settings: HTTPTransportSettings) -> Result<HTTPTransportResponse, any Error> {
        switch purpose {
        case .request: break
        case .certificate(let cause):
            guard code == 0 else { return .failure(cause) }
            return .failure(ServerCertificate(handle).completing(cause, transfer.url, settings))
        case .alert(let cause):
            let heard = failure(code, settings)
            return .failure([.clientCertificateRequired, .insecure].contains(heard.code) ? heard : cause)
        }
        if let refusal { return .failure(refusal) }
        guard code == 0 else { return .failure(failure(code, settings)) }
        guard head.isComplete else {
            return .failure(HTTPTransportError(.connectionLost, detail: "within the head of the answer"))
        }
        if head.status == 407, transfer.route != .direct { return .failure(proxyFailure(407)) }
        return .success(response)
    }

    /// What a second connection may find out about a fault, with nothing sent over it; nil for nothing.
    func inquiry(after error: HTTPTransportError) -> (Purpose, CurlHandle.Purpose)? {
        guard purpose.isRequest, transfer.url.isSecure, transfer.deadline > .now, !transfer.isOver else { return nil }
        switch error.code {
        case .untrustedCertificate, .expiredCertificate, .certificateNotYetValid, .wrongHost:
            return (.certificate(error), .certificate)
        // A server that ends a connection with something unread resets it, and its last words may get lost.
        case .connectionLost where head.status == 0 && handle.number(KEYHOOKS_CURLINFO_NUM_CONNECTS) > 0:
            return (.alert(error), .alert)
        default: return nil
        }
    }

    private func failure(_ code: Int32, _ settings: HTTPTransportSettings) -> HTTPTransportError {
        let answer = handle.number(KEYHOOKS_CURLINFO_HTTP_CONNECTCODE)
        if transfer.route != .direct, answer != 0, answer / 100 != 2 { return proxyFailure(answer) }
        let isProxied = transfer.route != .direct
        switch code {
        case 1: return HTTPTransportError(.invalidAnswer, detail: "it does not begin with 'HTTP/'")
        case 3: return HTTPTransportError(.invalidURL)
        case 5: return HTTPTransportError(.proxyFailed, detail: "its name has no address")
        case 6: return HTTPTransportError(.unknownHost)
        case 7: return HTTPTransportError(isProxied ? .proxyFailed : .cannotConnect, detail: systemError)
        case 8: return HTTPTransportError(.invalidAnswer)
        case 18: return HTTPTransportError(.connectionLost, detail: "within the body of the answer")
        case 27 where !head.isComplete, 100:
            return HTTPTransportError(.answerTooLarge, detail: "a line of the head is too long")
        case 28:
            return HTTPTransportError(.timedOut, detail: "no connection within \(settings.connectionTimeout)")
        case 16, 52, 92: return HTTPTransportError(.connectionLost, detail: "before the answer")
        case 35, 55, 56, 58, 59, 60, 77, 98: return tlsFailure(code, settings)
        case 97: return HTTPTransportError(.proxyFailed, detail: "it does not speak SOCKS as expected")
        default: return HTTPTransportError(.other, detail: "libcurl's code \(code)")
        }
    }

    private func proxyFailure(_ status: Int) -> HTTPTransportError {
        switch status {
        case 407: HTTPTransportError(.proxyFailed, detail: "the proxy wants a login (407)")
        default: HTTPTransportError(.proxyFailed, detail: "the proxy refuses the way to the server (\(status))")
        }
    }

    /// The system's words for why no connection was made.
    private var systemError: String? {
        let number = handle.number(KEYHOOKS_CURLINFO_OS_ERRNO)
        guard number != 0, let text = strerror(Int32(number)) else { return nil }
        return String(cString: text)
    }
}
#endif
