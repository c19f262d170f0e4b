#if os(Linux)
import Glibc

/// The files that settings name; looked at when TLS could not use them, to say which one is wrong.
struct IdentityFiles {
    private let settings: HTTPTransportSettings

    init(_ settings: HTTPTransportSettings) {
        self.settings = settings
    }

    /// What is wrong with those of one kind, which libcurl refused.
    func problem(isOfClient: Bool) -> HTTPTransportError {
        if let problem = isOfClient ? clientProblem : authorityProblem { return problem }
        guard isOfClient, let certificate = settings.clientCertificate else {
            return HTTPTransportError(.invalidSettings, detail: "the authorities to trust cannot be read")
        }
        let key = settings.clientKey ?? certificate
        return Self.error(
            "the client key",
            key,
            "does not fit the client certificate '\(certificate)', or one is damaged"
        )
    }

    /// What is wrong with the authorities; nil if nothing is found.
    var authorityProblem: HTTPTransportError? {
        guard let authorities = TrustedAuthorities(settings) else { return nil }
        if let file = authorities.file {
            guard let text = Self.text(of: file) else { return Self.error("the file of authorities", file, reason) }
            guard text.contains("-----BEGIN CERTIFICATE-----") || text.contains("-----BEGIN TRUSTED CERTIFICATE-----")
            else { return Self.error("the file of authorities", file, "holds no certificate in the format PEM") }
        }
        if let folder = authorities.folder {
            guard let entries = opendir(folder) else { return Self.error("the folder of authorities", folder, reason) }
            closedir(entries)
        }
        return nil
    }

    private var clientProblem: HTTPTransportError? {
        guard let certificate = settings.clientCertificate else {
            return settings.clientKey.map { Self.error("the client key", $0, "is set without a client certificate") }
        }
        guard let text = Self.text(of: certificate) else {
            return Self.error("the client certificate", certificate, reason)
        }
        guard text.contains("-----BEGIN CERTIFICATE-----") else {
            return Self.error("the client certificate", certificate, "holds no certificate in the format PEM")
        }
        let key = settings.clientKey ?? certificate
        guard let keyText = Self.text(of: key) else { return Self.error("the client key", key, reason) }
        guard keyText.contains("PRIVATE KEY-----") else {
            return Self.error("the client key", key, "holds no private key in the format PEM")
        }
        if keyText.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || keyText.contains("Proc-Type: 4,ENCRYPTED") {
            return Self.error("the client key", key, "has a passphrase; write it without one: openssl pkey")
        }
        return nil
    }

    private var reason: String { "cannot be read: \(String(cString: strerror(errno)))" }

    private static func error(_ what: String, _ path: String, _ problem: String) -> HTTPTransportError {
        HTTPTransportError(.invalidSettings, detail: "\(what) '\(path)' \(problem)")
    }

    /// The first 4 MiB of a file; nil, with `errno`, if it can't be read.
    private static func text(of path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        if count == 0, ferror(file) != 0 { return nil }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
#endif
