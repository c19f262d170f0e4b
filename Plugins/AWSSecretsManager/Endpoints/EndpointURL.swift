#if AWS
import KeyHooks
import LightFoundation
import ServerSettings

/// The scheme, host, port and path of what is asked.
struct EndpointURL: Hashable, Sendable {
    /// Scheme, host and port, as they are shown.
    let origin: String

    /// Host and port as a request's field `Host` has them: without the port that is usual for the scheme.
    let host: String

    /// From its first slash on.
    let path: String

    var text: String { origin + path }

    private init(origin: String, host: String, path: String) {
        (self.origin, self.host, self.path) = (origin, host, path)
    }

    /// A host of AWS's own.
    init(host: String) { self.init(origin: "https://\(host)", host: host, path: "/") }

    /// Reads one that somebody set.
    ///
    /// - Parameters:
    ///   - text: The URL.
    ///   - setting: The variable or setting that said it.
    /// - Throws: A `KeyResolutionError` that doesn't show it.
    init(_ text: String, setting: String) throws(KeyResolutionError) {
        let address = try ServerAddress(text, setting: setting, of: Self.kind)
        guard let parts = URLComponents(string: address.base), let host = parts.percentEncodedHost, !host.isEmpty else {
            throw .invalidConfiguration("\(setting) isn't a valid address", remedy: "write it as https://HOST:PORT")
        }
        let isUsual = parts.port == (address.isTLS ? 443 : 80)
        let shown = parts.port.flatMap { isUsual ? nil : "\(host):\($0)" } ?? host
        self.init(
            origin: "\(address.isTLS ? "https" : "http")://\(shown)",
            host: shown.lowercased(),
            // As it was written, but for a path that has none.
            path: parts.percentEncodedPath + (parts.percentEncodedPath.isEmpty || text.hasSuffix("/") ? "/" : "")
        )
    }

    /// The same with more of a path.
    func appending(_ part: String) -> EndpointURL {
        EndpointURL(origin: origin, host: host, path: path + (path.hasSuffix("/") ? "" : "/") + part)
    }

    static let kind = ServerKind(
        "AWS",
        host: "secretsmanager.us-east-1.amazonaws.com",
        credential: "the access key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        port: 4566,
        endings: [],
        page: "/ui/"
    )
}
#endif
