import HTTPTransport
import JSON5Syntax
import KeyHooks
import ServerSettings

/// How the servers are connected to, and where each setting for that was said.
struct BaoConnection: Sendable {
    typealias Setting = HTTPTransportError.Setting

    var settings: HTTPTransportSettings

    /// The variables that said what the configuration doesn't.
    var variables: [Setting: String] = [:]

    /// The variable that lets certificates go unchecked; nil for `skipVerify`.
    var skipVerifyVariable: String?

    /// The member of the section or the variable that said a setting; for the authorities, where nothing of OpenBao's
    /// does, a variable of the system.
    func source(of setting: Setting) -> String {
        if let variable = variables[setting] { return variable }
        switch setting {
        case .authorityFile where settings.authorityFile == nil: return "SSL_CERT_FILE"
        case .authorityFolder where settings.authorityFolder == nil: return "SSL_CERT_DIR"
        case .proxy where settings.proxy == .environment: return "the proxy that the environment names"
        default: return "'\(Self.members[setting] ?? setting.rawValue)'"
        }
    }

    var skipVerifySource: String { skipVerifyVariable ?? "'skipVerify'" }

    /// The names of the transport's settings replaced by those of the section.
    static func renamed(_ text: String) -> String {
        members.reduce(text) { $0.replacing("'\($1.key.rawValue)'", with: "'\($1.value)'") }
    }

    /// What the settings are called in the section.
    private static let members: [Setting: String] = [
        .authorityFile: "caCert", .authorityFolder: "caPath", .clientCertificate: "clientCert", .clientKey: "clientKey",
        .serverName: "tlsServerName", .unixSocket: "address", .proxy: "proxy",
    ]

}

extension BaoConnection {
    /// What is in force for one server, for explanations; a line for each setting with where it was said.
    ///
    /// - Parameters:
    ///   - address: The server.
    ///   - proxy: The proxy that its requests go through.
    /// - Returns: The lines.
    func words(for address: ServerAddress, through proxy: String?) -> [String] {
        var words: [String] = []
        if address.isTLS { words += tlsWords }
        if let proxy {
            // A variable of the system stands behind it already.
            let source = settings.proxy == .environment ? "" : " (\(source(of: .proxy)))"
            words.append("through the proxy \(proxy)\(source)")
        } else if settings.proxy == .none, address.socket == nil {
            words.append("through no proxy (\(source(of: .proxy)))")
        }
        return words
    }

    private var tlsWords: [String] {
        var words: [String] = []
        func add(_ what: String, _ text: String?, _ setting: Setting) {
            if let text { words.append("\(what) \(displayText(text, limit: 4096)) (\(source(of: setting)))") }
        }
        if settings.acceptsAnyCertificate {
            words.append("accepts ANY certificate (\(skipVerifySource))")
        } else {
            let authorities = TrustedAuthorities(settings)
            add("trusts the authorities in", authorities?.file, .authorityFile)
            add("trusts the authorities in the folder", authorities?.folder, .authorityFolder)
        }
        add("expects a certificate for", settings.serverName, .serverName)
        add("shows the client certificate", settings.clientCertificate, .clientCertificate)
        return words
    }

    /// What is odd about how these servers are asked.
    func warnings(about addresses: [ServerAddress]) -> [String] {
        var warnings: [String] = []
        if settings.acceptsAnyCertificate, addresses.contains(where: \.isTLS) {
            warnings.append(
                "OpenBao's certificate goes unchecked (\(skipVerifySource)): whoever sits in between gets the token and "
                    + "the keys"
            )
        }
        let encrypted = addresses.firstIndex(where: \.isTLS) ?? addresses.endIndex
        for address in addresses[encrypted...] where !address.isTLS && !address.isLocal {
            warnings.append(
                "\(address.shown) gets the token in clear while \(addresses[encrypted].shown) doesn't answer: write https:// "
                    + "in its address too"
            )
        }
        return warnings
    }
}
