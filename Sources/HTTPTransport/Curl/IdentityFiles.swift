#if os(Linux)
import LightFoundation

/// The files that settings name; looked at when TLS could not use them, to say which one is wrong.
struct IdentityFiles {
    private typealias Setting = HTTPTransportError.Setting

    private let settings: HTTPTransportSettings
    private let authorities: TrustedAuthorities?
    private let lacksFolder: Bool

    /// - Parameters:
    ///   - settings: What names them.
    ///   - lacksFolder: Whether libcurl can use only those of a folder that a hash names.
    init(_ settings: HTTPTransportSettings, lacksFolder: Bool = false) {
        self.settings = settings
        authorities = TrustedAuthorities(settings)
        self.lacksFolder = lacksFolder
    }

    /// What is wrong with those of one kind, which libcurl refused.
    func problem(isOfClient: Bool) -> HTTPTransportError {
        if let problem = isOfClient ? clientProblem : authorityProblem { return problem }
        if isOfClient, let certificate = settings.clientCertificate {
            guard let key = settings.clientKey else {
                return error(
                    .clientCertificate,
                    certificate,
                    "whose key does not fit its certificate, or one is damaged"
                )
            }
            let words = "which does not fit 'clientCertificate', \(shown(certificate)), or one is damaged"
            return error(.clientKey, key, words)
        }
        guard let authorities else {
            return HTTPTransportError(.invalidSettings, detail: "the system's authorities cannot be read")
        }
        let words = "in which a certificate is damaged"
        if let file = authorities.file { return error(.authorityFile, file, words) }
        return error(.authorityFolder, authorities.folder ?? "", words)
    }

    /// What would be waited for without end, such as a pipe; nil if nothing is found.
    var specialFile: HTTPTransportError? {
        let places: [(Setting, String?, String)] = [
            (.authorityFile, authorities?.file, "a file or a folder"),
            (.authorityFolder, authorities?.folder, "a file or a folder"),
            (.clientCertificate, settings.clientCertificate, "a file"), (.clientKey, settings.clientKey, "a file"),
        ]
        for case (let setting, let path?, let kind) in places where PEMCertificates.isSpecial(path) {
            return error(setting, path, "which isn't \(kind)")
        }
        return nil
    }

    /// What is wrong with the authorities; nil if nothing is found.
    var authorityProblem: HTTPTransportError? {
        if let file = authorities?.file, let words = problem(ofFile: file) { return error(.authorityFile, file, words) }
        if let folder = authorities?.folder, let words = problem(ofFolder: folder) {
            return error(.authorityFolder, folder, words)
        }
        return nil
    }

    private func problem(ofFile path: String) -> String? {
        guard let certificates = PEMCertificates(path: path) else {
            return errno == EISDIR ? "a folder; use 'authorityFolder'" : reason
        }
        if certificates.blocks.isEmpty { return "which holds no certificate in the format PEM" }
        return certificates.damaged.map { "whose certificate number \($0) is damaged" }
    }

    private func problem(ofFolder path: String) -> String? {
        // The files of what may be the system's folder aren't read: there are many.
        if authorities?.isOfEnvironment == true, let entries = opendir(path) {
            closedir(entries)
            return nil
        }
        guard let folder = AuthorityFolder(path: path, isExact: true) else {
            return errno == ENOTDIR ? "a file; use 'authorityFile'" : reason
        }
        if !folder.hasCertificates { return "a folder with no certificate in the format PEM" }
        if let damaged = folder.damaged { return "a folder whose file \(shown(damaged)) has a damaged certificate" }
        return lacksFolder && !folder.unnamed.isEmpty
            ? "and this libcurl finds only certificates that are named by their hash; run: openssl rehash DIR" : nil
    }

    private var clientProblem: HTTPTransportError? {
        guard let certificate = settings.clientCertificate else { return nil }
        guard let text = PEMCertificates.text(of: certificate) else {
            return error(.clientCertificate, certificate, reason)
        }
        if PEMCertificates(text).blocks.isEmpty {
            return error(.clientCertificate, certificate, "which holds no certificate in the format PEM")
        }
        let setting: Setting = settings.clientKey == nil ? .clientCertificate : .clientKey
        let key = settings.clientKey ?? certificate
        guard let keyText = PEMCertificates.text(of: key) else { return error(setting, key, reason) }
        guard keyText.contains("PRIVATE KEY-----") else {
            let advice = settings.clientKey == nil ? "; set 'clientKey'" : ""
            return error(setting, key, "which holds no private key in the format PEM\(advice)")
        }
        if keyText.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || keyText.contains("Proc-Type: 4,ENCRYPTED") {
            let words = "whose key has a passphrase; write it without one: openssl pkey -in KEY -out NEWKEY"
            return error(setting, key, words)
        }
        return nil
    }

    /// The system's words, as the rest of a sentence.
    private var reason: String {
        let text = String(cString: strerror(errno))
        return "which can't be read: \(text.prefix(1).lowercased())\(text.dropFirst())"
    }

    /// Says what is wrong with the path of a setting, or of the variable that stands in for one.
    private func error(_ setting: Setting, _ path: String, _ words: String) -> HTTPTransportError {
        let words = "names \(shown(path)), \(words)"
        guard authorities?.isOfEnvironment == true, [.authorityFile, .authorityFolder].contains(setting) else {
            return .unusable(setting, words)
        }
        let variable = setting == .authorityFile ? "SSL_CERT_FILE" : "SSL_CERT_DIR"
        return HTTPTransportError(.invalidSettings, detail: "the variable \(variable) \(words)")
    }
}
#endif
