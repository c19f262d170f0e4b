public import ExtensionHooks

/// Why there is no answer.
public struct HTTPTransportError: ValueFreeError {
    /// The kind of failure.
    public let code: Code

    /// The subject of the server's certificate, where the failure is about it and it could be read.
    ///
    /// It is what the server says of itself: printable ASCII of at most 200 characters.
    public var subject: String?

    /// What exactly is wrong, as far as it is known; never a text of the server's and never a header field or a body.
    public var detail: String?

    /// Which setting can't be obeyed, for the code `invalidSettings`; nil if it is none alone.
    public var setting: Setting?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - subject: The subject of the server's certificate.
    ///   - detail: What exactly is wrong, free of values and of what a server sent.
    ///   - setting: Which setting can't be obeyed.
    public init(_ code: Code, subject: String? = nil, detail: String? = nil, setting: Setting? = nil) {
        self.code = code
        self.subject = subject
        self.detail = detail
        self.setting = setting
    }

    /// A setting of ``HTTPTransportSettings``, by its name; more may come.
    ///
    /// With one, ``detail`` goes on after the setting's name: "names '/a/ca.pem', which can't be read: no such file".
    /// Other settings stand in it in single quotes, as in "use 'authorityFolder'"; who calls them otherwise replaces
    /// these words.
    public struct Setting: RawRepresentable, Hashable, Sendable {
        /// The name of the property.
        public let rawValue: String

        /// Names a setting.
        ///
        /// - Parameter rawValue: The name of the property.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public static let authorityFile = Setting(rawValue: "authorityFile")
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public static let authorityFolder = Setting(rawValue: "authorityFolder")
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public static let clientCertificate = Setting(rawValue: "clientCertificate")
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public static let clientKey = Setting(rawValue: "clientKey")
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public static let serverName = Setting(rawValue: "serverName")
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public static let unixSocket = Setting(rawValue: "unixSocket")
        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public static let proxy = Setting(rawValue: "proxy")
    }

    /// What went wrong, in words.
    public var description: String {
        if let setting, let detail { return "the setting '\(setting.rawValue)' \(detail)" }
        return code.words + (subject.map { ": its certificate is for '\($0)'" } ?? "")
            + (detail.map { " (\($0))" } ?? "")
    }
}

extension HTTPTransportError {
    /// Whether the server couldn't be reached, or the connection ended before the answer did: it may pass by itself.
    ///
    /// What may be the work of somebody in between, such as a certificate that isn't trusted, isn't an outage.
    public var isOutage: Bool { [.cannotConnect, .unknownHost, .connectionLost, .timedOut].contains(code) }

    /// The kind of an ``HTTPTransportError``; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind; short and stable, fit for a metric's label.
        public let description: String

        /// In words, for the text of an error.
        let words: String

        private init(_ name: String, _ words: String) {
            description = name
            self.words = words
        }

        /// Two codes are equal if their names are.
        public static func == (left: Self, right: Self) -> Bool { left.description == right.description }

        // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
        public func hash(into hasher: inout Hasher) { hasher.combine(description) }
    }
}

extension HTTPTransportError.Code {
    /// No connection could be made.
    public static var cannotConnect: Self { Self("cannot-connect", "cannot connect") }

    /// The host has no address.
    public static var unknownHost: Self { Self("unknown-host", "the name of the host has no address") }

    /// The connection ended before the answer was complete.
    public static var connectionLost: Self { Self("connection-lost", "the connection was lost") }

    /// What came is not HTTP, or not as HTTP prescribes.
    public static var invalidAnswer: Self { Self("invalid-answer", "what the server sent is not a valid HTTP answer") }

    /// It took too long.
    public static var timedOut: Self { Self("timed-out", "no answer in time") }

    /// TLS failed, and it is not known why.
    public static var insecure: Self { Self("insecure", "TLS failed") }

    /// No authority that is trusted issued the server's certificate.
    public static var untrustedCertificate: Self {
        Self("untrusted-certificate", "no authority that is trusted issued the server's certificate")
    }

    /// The server's certificate has expired.
    public static var expiredCertificate: Self { Self("expired-certificate", "the server's certificate has expired") }

    /// The server's certificate isn't valid yet.
    public static var certificateNotYetValid: Self {
        Self("certificate-not-yet-valid", "the server's certificate is not valid yet")
    }

    /// The server's certificate is for other hosts.
    public static var wrongHost: Self { Self("wrong-host", "the server's certificate is for another host") }

    /// The server wants a client certificate, or does not accept the one it got.
    public static var clientCertificateRequired: Self {
        Self("client-certificate-required", "the server wants a client certificate that it accepts")
    }

    /// The server speaks plain HTTP where TLS was expected.
    public static var plainHTTP: Self { Self("plain-http", "the server speaks plain HTTP, not TLS") }

    /// A header or a body is longer than allowed.
    public static var answerTooLarge: Self { Self("answer-too-large", "the answer is too large") }

    /// The body is compressed, though that was not asked for.
    public static var encoded: Self { Self("encoded", "the answer is compressed, which was not asked for") }

    /// The URL isn't valid.
    public static var invalidURL: Self { Self("invalid-url", "the URL is not valid") }

    /// The request can't be sent as it is, such as with a line end in a header field.
    public static var invalidRequest: Self { Self("invalid-request", "the request is not valid") }

    /// A setting of the transport can't be obeyed, such as a file of certificates that can't be read.
    public static var invalidSettings: Self { Self("invalid-settings", "a setting for TLS or a proxy cannot be used") }

    /// The proxy can't be reached or refuses.
    public static var proxyFailed: Self { Self("proxy-failed", "the proxy cannot be reached or refuses") }

    /// A proxy would get a request that is for this very machine, and its credentials.
    public static var loopbackThroughProxy: Self {
        Self("loopback-through-proxy", "a request for this very machine would go through a proxy")
    }

    /// The library that sends requests isn't installed or is too old.
    public static var missingLibrary: Self { Self("missing-library", "libcurl cannot be used") }

    /// Something else.
    public static var other: Self { Self("other", "the request failed") }
}
