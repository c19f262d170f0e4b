import HTTPTransport
import KeyHooks

extension HTTPTransportSettings {
    /// The settings with what the variables of OpenBao's own tools say where nothing is set.
    ///
    /// - Parameter environment: The variables; their paths count from the working directory, as those tools have it.
    /// - Returns: The settings to connect with.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration` that names the variable.
    func completed(by environment: BaoEnvironment) throws(KeyResolutionError) -> HTTPTransportSettings {
        var settings = self
        if authorityFile == nil, authorityFolder == nil {
            settings.authorityFile = environment.value("CACERT")
            if settings.authorityFile == nil { try Self.refuseBytes("CACERT", environment) }
            // A file wins over a folder, as it does with OpenBao's own tools.
            if settings.authorityFile == nil { settings.authorityFolder = environment.value("CAPATH") }
        }
        if clientCertificate == nil {
            settings.clientCertificate = environment.value("CLIENT_CERT")
            settings.clientKey = environment.value("CLIENT_KEY")
            if settings.clientCertificate == nil { try Self.refuseBytes("CLIENT_CERT", environment) }
            if settings.clientKey == nil { try Self.refuseBytes("CLIENT_KEY", environment) }
            guard settings.clientCertificate != nil || settings.clientKey == nil else {
                throw KeyResolutionError(
                    .invalidConfiguration,
                    "\(environment.variable("CLIENT_KEY")) is set and BAO_CLIENT_CERT is not",
                    remedy: "name the client's certificate in BAO_CLIENT_CERT as well"
                )
            }
        }
        settings.serverName = serverName ?? environment.value("TLS_SERVER_NAME")
        let isUnchecked = try environment.bool("SKIP_VERIFY")
        settings.acceptsAnyCertificate = acceptsAnyCertificate || isUnchecked
        if proxy == .environment {
            let name = ["PROXY_ADDR", "HTTP_PROXY"].first { environment.value($0) != nil }
            if let name, let text = environment.value(name) {
                let variable = environment.variable(name)
                settings.proxy = .url(try ProxyAddress(text, allowsUser: true, setting: variable).url)
            }
        }
        settings.authorityFile = settings.authorityFile.map(environment.expanded)
        settings.authorityFolder = settings.authorityFolder.map(environment.expanded)
        settings.clientCertificate = settings.clientCertificate.map(environment.expanded)
        settings.clientKey = settings.clientKey.map(environment.expanded)
        return settings
    }

    /// Certificates in variables are not read: who sets one counts on it.
    private static func refuseBytes(_ name: String, _ environment: BaoEnvironment) throws(KeyResolutionError) {
        guard environment.value("\(name)_BYTES") != nil else { return }
        throw KeyResolutionError(
            .invalidConfiguration,
            "\(environment.variable("\(name)_BYTES")) is set, and KeyHooks takes certificates and keys from files only",
            remedy: "write it to a file and name that in BAO_\(name)"
        )
    }
}

extension BaoEnvironment {
    /// A boolean in the forms that Go takes.
    fileprivate func bool(_ name: String) throws(KeyResolutionError) -> Bool {
        switch value(name) {
        case nil, "0", "f", "F", "false", "FALSE", "False": return false
        case "1", "t", "T", "true", "TRUE", "True": return true
        default:
            throw KeyResolutionError(
                .invalidConfiguration,
                "\(variable(name)) isn't a valid boolean",
                remedy: "set it to true or false, or not at all"
            )
        }
    }
}
