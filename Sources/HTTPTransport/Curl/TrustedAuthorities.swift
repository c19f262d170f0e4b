import LightFoundation

/// The authorities that are trusted in place of those that libcurl was built with.
package struct TrustedAuthorities: Hashable {
    package let file: String?
    package let folder: String?

    /// Whether variables of the process name them, and not the settings.
    let isOfEnvironment: Bool

    /// From the settings, or else from `SSL_CERT_FILE` and `SSL_CERT_DIR`, as programs of Go and OpenSSL read them.
    ///
    /// nil if none of them is set.
    package init?(_ settings: HTTPTransportSettings) {
        isOfEnvironment = settings.authorityFile == nil && settings.authorityFolder == nil
        func variable(_ name: String) -> String? { environmentVariable(name).flatMap { $0.isEmpty ? nil : $0 } }
        file = isOfEnvironment ? variable("SSL_CERT_FILE") : settings.authorityFile
        folder = isOfEnvironment ? variable("SSL_CERT_DIR") : settings.authorityFolder
        if file == nil, folder == nil { return nil }
    }
}

#if os(Linux)
extension TrustedAuthorities {
    /// What tells whether a file has changed.
    fileprivate var states: [FileState] {
        (file.flatMap(FileState.init).map { [$0] } ?? []) + (folder.map(AuthorityFolder.states) ?? [])
    }

    /// What to trust besides what libcurl finds in the folder by itself, with the file, whose place it takes.
    ///
    /// Empty if libcurl finds everything, or should say what is wrong with the file.
    fileprivate var text: [UInt8] {
        guard let folder = folder.flatMap({ AuthorityFolder(path: $0) }), !folder.unnamed.isEmpty else { return [] }
        var blocks: [String] = []
        if let file {
            guard let certificates = PEMCertificates(path: file), !certificates.blocks.isEmpty else { return [] }
            blocks = certificates.blocks
        }
        return Array((blocks + folder.unnamed).joined().utf8)
    }
}

/// The certificates of a folder, as libcurl gets them; read again within a second when a file has changed.
struct AuthorityText {
    private(set) var bytes: [UInt8] = []
    /// Grows with each change.
    private(set) var edition = 0
    private let authorities: TrustedAuthorities?
    private var states: [FileState]?
    private var lookedAt: ContinuousClock.Instant?

    /// That of `SSL_CERT_DIR` is OpenSSL's own, with hashes, and most often the system's.
    ///
    /// - Parameters:
    ///   - settings: Which folder.
    ///   - library: GnuTLS takes all files of a folder by itself.
    init(_ settings: HTTPTransportSettings, _ library: CurlLibrary) {
        let authorities = TrustedAuthorities(settings)
        self.authorities = library.tls == .gnuTLS || settings.authorityFolder == nil ? nil : authorities
    }

    mutating func refresh() {
        guard let authorities else { return }
        let now = ContinuousClock.now
        if let lookedAt, now - lookedAt < .seconds(1) { return }
        lookedAt = now
        // Before the files are read, so that what changes meanwhile is read the next time.
        let states = authorities.states
        guard states != self.states else { return }
        self.states = states
        let text = authorities.text
        guard text != bytes else { return }
        bytes = text
        edition += 1
    }
}
#endif
