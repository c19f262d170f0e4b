#if os(Linux)
/// The authorities that are trusted in place of those that libcurl was built with.
struct TrustedAuthorities: Hashable {
    let file: String?
    let folder: String?

    /// From the settings, or else from `SSL_CERT_FILE` and `SSL_CERT_DIR`, as programs of Go and OpenSSL read them.
    ///
    /// nil if none of them is set.
    init?(_ settings: HTTPTransportSettings, _ environment: (String) -> String? = EnvironmentProxy.variable) {
        if settings.authorityFile != nil || settings.authorityFolder != nil {
            file = settings.authorityFile
            folder = settings.authorityFolder
            return
        }
        let variables = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
            .map { name in environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        guard variables.contains(where: { $0 != nil }) else { return nil }
        file = variables[0]
        folder = variables[1]
    }
}
#endif
