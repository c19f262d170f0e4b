#if os(Linux)
import LightFoundation

/// The files that settings name; looked at when TLS could not use them, to say which one is wrong.
struct IdentityFiles {
    private let settings: HTTPTransportSettings
    private let lacksFolder: Bool

    /// - Parameters:
    ///   - settings: What names them.
    ///   - lacksFolder: Whether libcurl can use only those of a folder that a hash names.
    init(_ settings: HTTPTransportSettings, lacksFolder: Bool = false) {
        self.settings = settings
        self.lacksFolder = lacksFolder
    }

    /// What is wrong with those of one kind, which libcurl refused.
    func problem(isOfClient: Bool) -> HTTPTransportError {
        if let problem = isOfClient ? clientProblem : authorityProblem { return problem }
        if isOfClient, let certificate = settings.clientCertificate {
            guard let key = settings.clientKey else {
                return .unusable(
                    .clientCertificate,
                    "names \(shown(certificate)), whose key does not fit its certificate, or one is damaged"
                )
            }
            return .unusable(
                .clientKey,
                "names \(shown(key)), which does not fit 'clientCertificate', \(shown(certificate)), or one is damaged"
            )
        }
        guard let authorities = TrustedAuthorities(settings) else {
            return HTTPTransportError(.invalidSettings, detail: "the system's authorities cannot be read")
        }
        let words = { (path: String) in "names \(shown(path)), in which a certificate is damaged" }
        if let file = authorities.file { return error(authorities, .authorityFile, words(file)) }
        return error(authorities, .authorityFolder, words(authorities.folder ?? ""))
    }

    /// What would be waited for without end, such as a pipe; nil if nothing is found.
    var specialFile: HTTPTransportError? {
        if let authorities = TrustedAuthorities(settings) {
            for (setting, path) in [
                (.authorityFile, authorities.file), (.authorityFolder, authorities.folder),
            ] as [(HTTPTransportError.Setting, String?)] {
                guard let path, PEMCertificates.isSpecial(path) else { continue }
                return error(authorities, setting, "names \(shown(path)), which isn't a file or a folder")
            }
        }
        for (setting, path) in [
            (.clientCertificate, settings.clientCertificate), (.clientKey, settings.clientKey),
        ] as [(HTTPTransportError.Setting, String?)] {
            guard let path, PEMCertificates.isSpecial(path) else { continue }
            return .unusable(setting, "names \(shown(path)), which isn't a file")
        }
        return nil
    }

    /// What is wrong with the authorities; nil if nothing is found.
    var authorityProblem: HTTPTransportError? {
        guard let authorities = TrustedAuthorities(settings) else { return nil }
        if let words = authorities.file.flatMap(problem(ofFile:)) { return error(authorities, .authorityFile, words) }
        if let words = authorities.folder.flatMap({ problem(ofFolder: $0, isSystems: authorities.isOfEnvironment) }) {
            return error(authorities, .authorityFolder, words)
        }
        return nil
    }

    private func problem(ofFile path: String) -> String? {
        guard let certificates = PEMCertificates(path: path) else {
            return errno == EISDIR
                ? "names \(shown(path)), a folder; use 'authorityFolder'" : "names \(shown(path)), \(reason)"
        }
        if certificates.blocks.isEmpty { return "names \(shown(path)), which holds no certificate in the format PEM" }
        return certificates.damaged.map { "names \(shown(path)), whose certificate number \($0) is damaged" }
    }

    // The files of what may be the system's folder aren't read: there are many.
    private func problem(ofFolder path: String, isSystems: Bool) -> String? {
        if isSystems, let entries = opendir(path) {
            closedir(entries)
            return nil
        }
        guard let folder = AuthorityFolder(path: path, isExact: true) else {
            return errno == ENOTDIR
                ? "names \(shown(path)), a file; use 'authorityFile'" : "names \(shown(path)), \(reason)"
        }
        if !folder.hasCertificates { return "names \(shown(path)), a folder with no certificate in the format PEM" }
        if let damaged = folder.damaged {
            return "names \(shown(path)), a folder whose file \(shown(damaged)) has a damaged certificate"
        }
        return lacksFolder && !folder.unnamed.isEmpty
            ? "names \(shown(path)), and this libcurl finds only certificates that are named by their hash; run: "
                + "openssl rehash DIR" : nil
    }

    private var clientProblem: HTTPTransportError? {
        guard let certificate = settings.clientCertificate else { return nil }
        guard let text = PEMCertificates.text(of: certificate) else {
            return .unusable(.clientCertificate, "names \(shown(certificate)), \(reason)")
        }
        if PEMCertificates(text).blocks.isEmpty {
            return .unusable(
                .clientCertificate,
                "names \(shown(certificate)), which holds no certificate in the format PEM"
            )
        }
        let (setting, key): (HTTPTransportError.Setting, String) =
            settings.clientKey.map { (.clientKey, $0) } ?? (.clientCertificate, certificate)
        guard let keyText = PEMCertificates.text(of: key) else {
            return .unusable(setting, "names \(shown(key)), \(reason)")
        }
        guard keyText.contains("PRIVATE KEY-----") else {
            let advice = settings.clientKey == nil ? "; set 'clientKey'" : ""
            return .unusable(setting, "names \(shown(key)), which holds no private key in the format PEM\(advice)")
        }
        if keyText.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || keyText.contains("Proc-Type: 4,ENCRYPTED") {
            return .unusable(
                setting,
                "names \(shown(key)), whose key has a passphrase; write it without one: openssl pkey -in KEY -out NEWKEY"
            )
        }
        return nil
    }

    /// The system's words, as the rest of a sentence.
    private var reason: String {
        let text = String(cString: strerror(errno))
        return "which can't be read: \(text.prefix(1).lowercased())\(text.dropFirst())"
    }

    private func error(
        _ authorities: TrustedAuthorities,
        _ setting: HTTPTransportError.Setting,
        _ words: String
    ) -> HTTPTransportError {
        guard authorities.isOfEnvironment else { return .unusable(setting, words) }
        let variable = setting == .authorityFile ? "SSL_CERT_FILE" : "SSL_CERT_DIR"
        return HTTPTransportError(.invalidSettings, detail: "the variable \(variable) \(words)")
    }
}
#endif
