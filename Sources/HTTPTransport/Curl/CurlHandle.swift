#if os(Linux)
import CCurl

/// A handle of libcurl with the settings of a transport; used for one transfer after another, by one thread.
final class CurlHandle {
    let library: CurlLibrary
    let pointer: UnsafeMutableRawPointer
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: CurlHandle.errorCapacity)
    private static let errorCapacity = 256
    private var notes: UnsafeMutablePointer<keyhooks_curl_notes>?
    let purpose: Purpose
    private var edition = 0

    /// Whether libcurl refused the certificates of a folder, so that it finds those alone that a hash names.
    private(set) var lacksFolder = false

    /// What a handle is for.
    enum Purpose {
        /// Requests, one after another.
        case requests
        /// To shake hands and read the certificate, whatever it is worth; nothing is sent.
        case certificate
        /// To shake hands as for a request and hear what the server says to that; nothing is sent.
        case alert
    }

    /// Makes a handle; nil without memory.
    init?(_ library: CurlLibrary, _ settings: HTTPTransportSettings, for purpose: Purpose) {
        guard let pointer = keyhooks_curl_easy_new(library.pointer) else { return nil }
        self.library = library
        self.pointer = pointer
        self.purpose = purpose
        errorText.initialize(repeating: 0, count: Self.errorCapacity)
        set(KEYHOOKS_CURLOPT_ERRORBUFFER, errorText)
        setProtocols()
        setConnections(settings)
        setAuthorities(settings)
        switch purpose {
        case .requests: setIdentity(settings)
        case .alert:
            setIdentity(settings)
            // HTTP/2 begins with words of the client, and a server that does not read them resets the connection.
            let http1 = 2
            set(KEYHOOKS_CURLOPT_HTTP_VERSION, http1)
            set(KEYHOOKS_CURLOPT_CONNECT_ONLY, 1)
            let notes = UnsafeMutablePointer<keyhooks_curl_notes>.allocate(capacity: 1)
            notes.initialize(to: keyhooks_curl_notes())
            self.notes = notes
            _ = keyhooks_curl_set_notes(library.pointer, pointer, notes)
        case .certificate:
            // The system's authorities take long to read, and nobody asks them here.
            set(KEYHOOKS_CURLOPT_CAINFO, nil as String?)
            set(KEYHOOKS_CURLOPT_CAPATH, nil as String?)
            set(KEYHOOKS_CURLOPT_SSL_VERIFYPEER, 0)
            set(KEYHOOKS_CURLOPT_SSL_VERIFYHOST, 0)
            set(KEYHOOKS_CURLOPT_CONNECT_ONLY, 1)
            set(KEYHOOKS_CURLOPT_CERTINFO, 1)
        }
    }

    deinit {
        keyhooks_curl_easy_free(library.pointer, pointer)
        errorText.deallocate()
        notes?.deallocate()
    }

    /// What libcurl says of the last fault; it may quote the server, so it is looked into and never shown.
    var errorMessage: String {
        let first = String(cString: errorText)
        guard let notes else { return first }
        let text = withUnsafeBytes(of: &notes.pointee.text) { bytes in
            String(decoding: bytes[..<notes.pointee.count], as: UTF8.self)
        }
        // The others tell of certificates and of farewells in good order.
        let faults = text.split(separator: "\n")
            .filter { line in
                ["OpenSSL", "GnuTLS recv", "gnutls_handshake"].contains { line.hasPrefix($0) }
            }
        return ([first] + faults.map(String.init)).joined(separator: "\n")
    }

    func clearError() { errorText[0] = 0 }

    func number(_ information: Int) -> Int {
        keyhooks_curl_number(library.pointer, pointer, Int32(information))
    }

    /// Options that a version does not know are left out: all but those of 7.68 only make it better.
    @discardableResult
    func set(_ option: Int, _ value: Int) -> Int32 {
        keyhooks_curl_set_number(library.pointer, pointer, Int32(option), value)
    }

    @discardableResult
    func set(_ option: Int, _ value: String?) -> Int32 {
        keyhooks_curl_set_text(library.pointer, pointer, Int32(option), value)
    }

    @discardableResult
    func set(_ option: Int, _ value: UnsafeRawPointer?) -> Int32 {
        keyhooks_curl_set_pointer(library.pointer, pointer, Int32(option), value)
    }

    /// The first option that libcurl refused and without which a request must not be sent.
    private(set) var refusedOption: Int?

    /// Sets what a request must not be sent without; to set nothing may fail where there is nothing to be set.
    func require(_ option: Int, _ value: Int) { check(set(option, value), option) }

    func require(_ option: Int, _ value: String?) {
        check(set(option, value), option, isNothing: value?.isEmpty != false)
    }

    func require(_ option: Int, _ value: UnsafeRawPointer?) {
        check(set(option, value), option, isNothing: value == nil)
    }

    private func check(_ code: Int32, _ option: Int, isNothing: Bool = false) {
        let (notBuiltIn, unknown): (Int32, Int32) = (4, 48)
        if code == 0 || isNothing && [notBuiltIn, unknown].contains(code) { return }
        refusedOption = refusedOption ?? option
    }

    private func setProtocols() {
        let http = 1
        let https = 2
        require(KEYHOOKS_CURLOPT_PROTOCOLS, http | https)
        set(KEYHOOKS_CURLOPT_REDIR_PROTOCOLS, 0)
        require(KEYHOOKS_CURLOPT_FOLLOWLOCATION, 0)
        set(KEYHOOKS_CURLOPT_NETRC, 0)
        set(KEYHOOKS_CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(KEYHOOKS_CURLOPT_PATH_AS_IS, 1)
        let http2OverTLS = 4
        set(KEYHOOKS_CURLOPT_HTTP_VERSION, http2OverTLS)
        set(KEYHOOKS_CURLOPT_HTTP09_ALLOWED, 0)
        set(KEYHOOKS_CURLOPT_HTTP_CONTENT_DECODING, 0)
        set(KEYHOOKS_CURLOPT_USERAGENT, "KeyHooks")
        // Header fields hold tokens, which are no proxy's business.
        let separate = 1
        set(KEYHOOKS_CURLOPT_HEADEROPT, separate)
        set(KEYHOOKS_CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // The environment was looked at before, and the rules for this very machine differ from libcurl's.
        require(KEYHOOKS_CURLOPT_PROXY, "")
        require(KEYHOOKS_CURLOPT_NOPROXY, "")
    }

    private func setConnections(_ settings: HTTPTransportSettings) {
        set(KEYHOOKS_CURLOPT_NOSIGNAL, 1)
        set(KEYHOOKS_CURLOPT_TCP_NODELAY, 1)
        set(KEYHOOKS_CURLOPT_TCP_KEEPALIVE, 1)
        set(KEYHOOKS_CURLOPT_TCP_KEEPIDLE, 30)
        set(KEYHOOKS_CURLOPT_TCP_KEEPINTVL, 10)
        set(KEYHOOKS_CURLOPT_BUFFERSIZE, 16 << 10)
        // Renewed certificates and moved hosts are noticed within ten minutes.
        set(KEYHOOKS_CURLOPT_MAXLIFETIME_CONN, 600)
        // A thread that looks a host up is left to itself when nobody waits any more; otherwise it would be waited for,
        // and everybody else's requests with it.
        set(KEYHOOKS_CURLOPT_QUICK_EXIT, 1)
        // A path that has died does not keep the streams of HTTP/2 that share its connection until the system gives up.
        let silence = max(settings.connectionTimeout.milliseconds, 1000)
        _ = keyhooks_curl_set_user_timeout(library.pointer, pointer, UInt32(clamping: silence))
        if let path = settings.unixSocket { require(KEYHOOKS_CURLOPT_UNIX_SOCKET_PATH, path) }
    }

    private func setAuthorities(_ settings: HTTPTransportSettings) {
        let tls12 = 6
        set(KEYHOOKS_CURLOPT_PROXY_SSLVERSION, tls12)
        guard let authorities = TrustedAuthorities(settings) else { return }
        // Each replaces both of the system's.
        require(KEYHOOKS_CURLOPT_CAINFO, authorities.file)
        require(KEYHOOKS_CURLOPT_CAPATH, authorities.folder)
        set(KEYHOOKS_CURLOPT_PROXY_CAINFO, authorities.file)
        set(KEYHOOKS_CURLOPT_PROXY_CAPATH, authorities.folder)
        // A file that has changed counts for the next connection.
        set(KEYHOOKS_CURLOPT_CA_CACHE_TIMEOUT, 0)
    }

    /// Trusts the certificates of a folder that libcurl does not find by itself.
    func trust(_ text: AuthorityText) {
        guard text.edition != edition else { return }
        edition = text.edition
        let options =
            [KEYHOOKS_CURLOPT_PROXY_CAINFO_BLOB] + (purpose == .certificate ? [] : [KEYHOOKS_CURLOPT_CAINFO_BLOB])
        for option in options {
            let code = text.bytes.withUnsafeBytes { bytes in
                let start = bytes.isEmpty ? nil : bytes.baseAddress
                return keyhooks_curl_set_blob(library.pointer, pointer, Int32(option), start, bytes.count)
            }
            lacksFolder = code != 0
        }
    }

    private func setIdentity(_ settings: HTTPTransportSettings) {
        let tls12 = 6
        require(KEYHOOKS_CURLOPT_SSLVERSION, tls12)
        require(KEYHOOKS_CURLOPT_SSL_VERIFYPEER, settings.acceptsAnyCertificate ? 0 : 1)
        require(KEYHOOKS_CURLOPT_SSL_VERIFYHOST, settings.acceptsAnyCertificate ? 0 : 2)
        guard let certificate = settings.clientCertificate else { return }
        require(KEYHOOKS_CURLOPT_SSLCERT, certificate)
        require(KEYHOOKS_CURLOPT_SSLKEY, settings.clientKey ?? certificate)
        // With none, OpenSSL would ask for it on the terminal; with one, GnuTLS takes every key for a locked one.
        if library.tls == .openSSL { set(KEYHOOKS_CURLOPT_KEYPASSWD, "") }
        // A session that is resumed has the certificate of then.
        set(KEYHOOKS_CURLOPT_SSL_SESSIONID_CACHE, 0)
    }
}

extension Duration {
    /// Rounded up, so that a wait does not end before its time.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
#endif
