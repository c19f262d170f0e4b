#if os(Linux)
import CCurl
import LightFoundation

/// One transfer of libcurl: the request as it is sent and the answer as it comes.
///
/// Only the loop's thread has it.
final class CurlExchange {
    let transfer: CurlTransfer
    let handle: CurlHandle
    /// Why the request failed, of which the handle is to find out more; nil for the request itself.
    let cause: HTTPTransportError?
    let deadline: ContinuousClock.Instant
    private(set) var head = ResponseHead()
    /// Why the rest of the answer isn't read.
    private(set) var refusal: HTTPTransportError?
    private var body: [UInt8] = []
    private var fields: UnsafeMutableRawPointer?
    private var places: UnsafeMutableRawPointer?
    /// What is sent; libcurl keeps the pointer.
    private let sent: UnsafeMutableRawBufferPointer

    init(
        _ transfer: CurlTransfer,
        _ handle: CurlHandle,
        after cause: HTTPTransportError? = nil,
        by deadline: ContinuousClock.Instant
    ) {
        self.transfer = transfer
        self.handle = handle
        self.cause = cause
        self.deadline = deadline
        let body = cause == nil ? transfer.request.body ?? [] : []
        sent = .allocate(byteCount: max(body.count, 1), alignment: 1)
        sent.copyBytes(from: body)
    }

    deinit {
        if let fields { keyhooks_curl_list_free(handle.library.pointer, fields) }
        if let places { keyhooks_curl_list_free(handle.library.pointer, places) }
        // It may hold a login.
        keyhooks_wipe(sent.baseAddress, sent.count)
        sent.deallocate()
    }

    /// Gives the handle all that differs between requests.
    func prepare(_ settings: HTTPTransportSettings) {
        handle.clearError()
        setDestination(settings)
        let time = min(settings.connectionTimeout, deadline - .now)
        handle.set(KEYHOOKS_CURLOPT_CONNECTTIMEOUT_MS, max(time.milliseconds, 1))
        guard cause == nil else { return }
        setMethod()
        setFields(settings)
        setReceivers()
    }

    /// Why the request must not be sent with the handle as it is prepared.
    func problem(_ settings: HTTPTransportSettings) -> HTTPTransportError? {
        if let option = handle.refusedOption {
            let detail =
                "version \(handle.library.version) refuses the option \(option); install libcurl 7.68.0 or newer"
            return HTTPTransportError(.missingLibrary, detail: detail)
        }
        return usesTLS ? IdentityFiles(settings).specialFile : nil
    }

    /// Whether the server or a proxy on the way is asked over TLS.
    var usesTLS: Bool {
        if case .through(let proxy, _) = transfer.route, proxy.lowercased().hasPrefix("https:") { return true }
        return transfer.url.isSecure
    }

    /// Lets the handle forget this request.
    func release() {
        for option in [
            KEYHOOKS_CURLOPT_HTTPHEADER, KEYHOOKS_CURLOPT_CONNECT_TO, KEYHOOKS_CURLOPT_POSTFIELDS,
            KEYHOOKS_CURLOPT_HEADERDATA, KEYHOOKS_CURLOPT_WRITEDATA,
        ] { handle.set(option, nil as UnsafeRawPointer?) }
        // It also forgets the user and the password of a proxy.
        handle.require(KEYHOOKS_CURLOPT_PROXY, "")
    }

    private func setDestination(_ settings: HTTPTransportSettings) {
        let url = transfer.url
        var authority = url.authority
        if let name = settings.serverName, url.isSecure {
            let name = name.contains(":") ? "[\(name)]" : name
            let host = url.host.contains(":") ? "[\(url.host)]" : url.host
            authority = "\(name):\(url.port)"
            places = keyhooks_curl_list_append(handle.library.pointer, nil, "\(name):\(url.port):\(host):\(url.port)")
        }
        handle.require(KEYHOOKS_CURLOPT_CONNECT_TO, UnsafeRawPointer(places))
        // Nothing of the path is needed to read a certificate.
        let target = cause == nil ? url.target : "/"
        handle.require(KEYHOOKS_CURLOPT_URL, "\(url.scheme)://\(authority)\(target)")
        if case .through(let proxy, _) = transfer.route { handle.require(KEYHOOKS_CURLOPT_PROXY, proxy) }
    }

    private func setMethod() {
        let method = transfer.request.method
        handle.set(KEYHOOKS_CURLOPT_NOBODY, 0)
        // A server may wait for a body that these have by their meaning, unless the head says that there is none.
        if ["POST", "PUT", "PATCH"].contains(method) || transfer.request.body != nil {
            handle.set(KEYHOOKS_CURLOPT_POST, 1)
            let count = Int64(transfer.request.body?.count ?? 0)
            _ = keyhooks_curl_set_size(
                handle.library.pointer,
                handle.pointer,
                Int32(KEYHOOKS_CURLOPT_POSTFIELDSIZE_LARGE),
                count
            )
            handle.set(KEYHOOKS_CURLOPT_POSTFIELDS, UnsafeRawPointer(sent.baseAddress))
            handle.set(KEYHOOKS_CURLOPT_CUSTOMREQUEST, method == "POST" ? nil : method)
        } else {
            handle.set(KEYHOOKS_CURLOPT_HTTPGET, 1)
            handle.set(KEYHOOKS_CURLOPT_CUSTOMREQUEST, method == "GET" || method == "HEAD" ? nil : method)
            if method == "HEAD" { handle.set(KEYHOOKS_CURLOPT_NOBODY, 1) }
        }
        // libcurl repeats a request if a connection that it had kept is found closed, and nobody knows whether the
        // server acted on it. So what may act twice goes through a new connection.
        handle.set(KEYHOOKS_CURLOPT_FRESH_CONNECT, transfer.request.isIdempotent ? 0 : 1)
    }

    private func setFields(_ settings: HTTPTransportSettings) {
        // An answer that is packed could unpack to any length; 'Expect' costs a second where it isn't known.
        var lines = ["Accept-Encoding: identity", "Expect:"]
        let names = Set(transfer.request.headers.keys.map { $0.lowercased() })
        for (name, value) in transfer.request.headers {
            let value = value.drop { $0 == " " || $0 == "\t" }
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        if !names.contains("content-type") { lines.append("Content-Type:") }
        if settings.serverName != nil, !names.contains("host") { lines.append("Host: \(transfer.url.authority)") }
        for line in lines { fields = keyhooks_curl_list_append(handle.library.pointer, fields, line) }
        handle.set(KEYHOOKS_CURLOPT_HTTPHEADER, UnsafeRawPointer(fields))
    }

    /// The receivers run within the calls of the loop's thread, which has this object as long as the handle works for
    /// it.
    private func setReceivers() {
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        let (library, handle) = (self.handle.library.pointer, self.handle)
        handle.set(KEYHOOKS_CURLOPT_HEADERDATA, context)
        handle.set(KEYHOOKS_CURLOPT_WRITEDATA, context)
        _ = keyhooks_curl_set_receiver(library, handle.pointer, Int32(KEYHOOKS_CURLOPT_HEADERFUNCTION)) {
            Unmanaged<CurlExchange>.fromOpaque($3!).takeUnretainedValue()
                .takeLine(UnsafeRawBufferPointer(start: $0, count: $1 * $2))
        }
        _ = keyhooks_curl_set_receiver(library, handle.pointer, Int32(KEYHOOKS_CURLOPT_WRITEFUNCTION)) {
            Unmanaged<CurlExchange>.fromOpaque($3!).takeUnretainedValue()
                .takeBody(UnsafeRawBufferPointer(start: $0, count: $1 * $2))
        }
    }
}

extension CurlExchange {
    /// Takes a line of the head; how many bytes of it, fewer than there are to end the transfer.
    private func takeLine(_ line: UnsafeRawBufferPointer) -> Int {
        let wasComplete = head.isComplete
        do throws(HTTPTransportError) {
            try head.take(line)
            if head.isComplete, !wasComplete { try expectBody() }
            return line.count
        } catch {
            refusal = error
            // No count of bytes: an empty line would be taken.
            return line.count + 1
        }
    }

    /// Refuses a body before a byte of it is read.
    private func expectBody() throws(HTTPTransportError) {
        let encoding = head.headers["content-encoding"]?.lowercased() ?? "identity"
        if encoding != "identity", !encoding.isEmpty { throw HTTPTransportError(.encoded) }
        guard transfer.request.method != "HEAD", let length = head.length else { return }
        if length > transfer.limit { throw tooLarge }
        body.reserveCapacity(length)
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= transfer.limit - body.count else {
            refusal = tooLarge
            return bytes.count + 1
        }
        if body.count + bytes.count > body.capacity {
            // A long one gets room for the limit at once: the system gives memory only as it is used, and what growing
            // by and by leaves behind would be as much again.
            let needed = max(body.capacity * 2, body.count + bytes.count)
            body.reserveCapacity(needed < 1 << 20 ? min(transfer.limit, needed) : transfer.limit)
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    private var tooLarge: HTTPTransportError {
        HTTPTransportError(.answerTooLarge, detail: "the body is longer than \(transfer.limit) bytes")
    }
}

extension CurlExchange {
    /// What the caller gets for a `CURLcode`.
    func outcome(of code: Int32, _ settings: HTTPTransportSettings) -> Result<HTTPTransportResponse, any Error> {
        if let cause { return .failure(finding(of: code, after: cause, settings)) }
        if let refusal { return .failure(refusal) }
        guard code == 0 else { return .failure(failure(code, settings)) }
        guard head.isComplete else {
            return .failure(HTTPTransportError(.connectionLost, detail: "within the head of the answer"))
        }
        if head.status == 407, isProxied { return .failure(proxyFailure(407)) }
        return .success(HTTPTransportResponse(status: head.status, headers: head.headers, body: body))
    }

    /// Why the request failed, with what was found out about it.
    private func finding(
        of code: Int32,
        after cause: HTTPTransportError,
        _ settings: HTTPTransportSettings
    ) -> HTTPTransportError {
        if handle.purpose == .certificate {
            return code == 0 ? ServerCertificate(handle).completing(cause, transfer.url, settings) : cause
        }
        let heard = failure(code, settings)
        return [.clientCertificateRequired, .insecure].contains(heard.code) ? heard : cause
    }

    /// What a second connection may find out about a fault, with nothing sent over it; nil for nothing.
    func inquiry(after error: HTTPTransportError) -> CurlHandle.Purpose? {
        guard cause == nil, transfer.url.isSecure, transfer.deadline > .now, !transfer.isOver else { return nil }
        switch error.code {
        case .untrustedCertificate, .expiredCertificate, .certificateNotYetValid, .wrongHost: return .certificate
        // A server that ends a connection with something unread resets it, and its last words may get lost.
        case .connectionLost where head.status == 0 && handle.number(KEYHOOKS_CURLINFO_NUM_CONNECTS) > 0:
            return .alert
        default: return nil
        }
    }

    private func failure(_ code: Int32, _ settings: HTTPTransportSettings) -> HTTPTransportError {
        let answer = handle.number(KEYHOOKS_CURLINFO_HTTP_CONNECTCODE)
        if isProxied, answer != 0, answer / 100 != 2 { return proxyFailure(answer) }
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
        let words = status == 407 ? "wants a login" : "refuses the way to the server"
        return HTTPTransportError(.proxyFailed, detail: "the proxy \(words) (\(status))")
    }

    private var isProxied: Bool { transfer.route != .direct }

    /// The system's words for why no connection was made.
    private var systemError: String? {
        let number = handle.number(KEYHOOKS_CURLINFO_OS_ERRNO)
        guard number != 0, let text = strerror(Int32(number)) else { return nil }
        return String(cString: text)
    }
}
#endif
