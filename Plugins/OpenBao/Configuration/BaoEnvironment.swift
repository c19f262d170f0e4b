import HTTPTransport
import JSON5Syntax
import KeyHooks
import ServerSettings

/// The variables that OpenBao's own tools read.
///
/// A `BAO_` variable that is set, even to nothing, hides the `VAULT_` one of the same name, as in OpenBao's `api`
/// module.
struct BaoEnvironment: Sendable {
    /// The process environment, and whose dotenv files may set what is missing, which is mentioned then and not used.
    let context: PluginContext

    init(_ context: PluginContext) {
        self.context = context
    }

    init(_ process: [String: String]) {
        self.init(PluginContext(configuration: KeyConfiguration(), environment: process))
    }

    func value(_ name: String) -> String? { context[variable: variable(name)] }

    /// The variable that counts, whether or not it is set.
    func variable(_ name: String) -> String {
        let process = context.environment
        let isVault = process["BAO_\(name)"] == nil && process["VAULT_\(name)"] != nil
        return (isVault ? "VAULT_" : "BAO_") + name
    }

    /// What to add where a variable is missing that a dotenv file sets; nil if none does.
    ///
    /// - Parameter name: Without `BAO_` or `VAULT_`.
    /// - Returns: The remark, without a value.
    func remark(onMissing name: String) -> String? {
        context.remark(onMissing: ["BAO_\(name)", "VAULT_\(name)"])
    }

    /// The user's home; never a folder that depends on the working directory, whose `.vault-token` may be anybody's.
    var home: String? { KeyConfiguration.homeFolder(context.environment) }

    /// A path with `~/` replaced by the home.
    func expanded(_ path: String) -> String { WrittenPath.expanded(path, context.environment) }

    /// A boolean in the forms that Go takes.
    fileprivate func bool(_ name: String) throws(KeyResolutionError) -> Bool {
        switch value(name) {
        case nil, "0", "f", "F", "false", "FALSE", "False": return false
        case "1", "t", "T", "true", "TRUE", "True": return true
        default:
            throw .invalidConfiguration(
                "\(variable(name)) isn't a valid boolean",
                remedy: "set it to true or false, or not at all"
            )
        }
    }
}

extension OpenBaoConfiguration {
    /// How to connect: what is configured, and what the variables of OpenBao's own tools say where nothing is.
    ///
    /// - Parameter environment: The variables; their paths count from the working directory, as those tools have it.
    /// - Returns: How to connect.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration` that names the variable.
    func connection(_ environment: BaoEnvironment) throws(KeyResolutionError) -> BaoConnection {
        var connection = BaoConnection(settings: transport)
        func take(_ name: String, for setting: BaoConnection.Setting) -> String? {
            let value = environment.value(name)
            if value != nil { connection.variables[setting] = environment.variable(name) }
            return value
        }
        // Certificates in variables are not read: who sets one counts on it.
        func takeFile(_ name: String, for setting: BaoConnection.Setting) throws(KeyResolutionError) -> String? {
            if let path = take(name, for: setting) { return path }
            guard environment.value("\(name)_BYTES") != nil else { return nil }
            throw .invalidConfiguration(
                "\(environment.variable("\(name)_BYTES")) is set, and KeyHooks takes certificates and keys from files only",
                remedy: "write it to a file and name that in BAO_\(name)"
            )
        }
        if transport.authorityFile == nil, transport.authorityFolder == nil {
            connection.settings.authorityFile = try takeFile("CACERT", for: .authorityFile)
            // A file wins over a folder, as it does with OpenBao's own tools.
            if connection.settings.authorityFile == nil {
                connection.settings.authorityFolder = take("CAPATH", for: .authorityFolder)
            }
        }
        if transport.clientCertificate == nil {
            connection.settings.clientCertificate = try takeFile("CLIENT_CERT", for: .clientCertificate)
            connection.settings.clientKey = try takeFile("CLIENT_KEY", for: .clientKey)
            guard connection.settings.clientCertificate != nil || connection.settings.clientKey == nil else {
                throw .invalidConfiguration(
                    "\(environment.variable("CLIENT_KEY")) is set and BAO_CLIENT_CERT is not",
                    remedy: "name the client's certificate in BAO_CLIENT_CERT as well"
                )
            }
        }
        if transport.serverName == nil { connection.settings.serverName = take("TLS_SERVER_NAME", for: .serverName) }
        if let name = connection.settings.serverName, !HTTPTransportSettings.isHost(name) {
            throw .invalidConfiguration(
                "\(connection.source(of: .serverName)) isn't the name of a host",
                remedy: "write the name in the server's certificate, such as bao.example.org, without scheme and port"
            )
        }
        // Who wrote down whom to trust, or that certificates are checked, isn't overruled by a variable.
        let isDecided = checksCertificates || transport.authorityFile != nil || transport.authorityFolder != nil
        if try environment.bool("SKIP_VERIFY"), !isDecided, !transport.acceptsAnyCertificate {
            connection.settings.acceptsAnyCertificate = true
            connection.skipVerifyVariable = environment.variable("SKIP_VERIFY")
        }
        if transport.proxy == .environment {
            let name = environment.value("PROXY_ADDR") != nil ? "PROXY_ADDR" : "HTTP_PROXY"
            if let text = take(name, for: .proxy) {
                let variable = environment.variable(name)
                connection.settings.proxy = try HTTPTransportSettings.Proxy(
                    text,
                    allowsUser: true,
                    setting: variable,
                    otherPlace: ServerKind.openBao.proxyPlace
                )
            }
        }
        try connection.expandPaths(environment)
        return connection
    }
}

extension BaoConnection {
    /// Replaces `~/`, and refuses what can't be a path and may be a key, so that it is shown nowhere.
    fileprivate mutating func expandPaths(_ environment: BaoEnvironment) throws(KeyResolutionError) {
        let paths: [(Setting, WritableKeyPath<HTTPTransportSettings, String?>)] = [
            (.authorityFile, \.authorityFile), (.authorityFolder, \.authorityFolder),
            (.clientCertificate, \.clientCertificate), (.clientKey, \.clientKey),
        ]
        for (setting, path) in paths {
            guard let text = settings[keyPath: path] else { continue }
            guard !text.contains("-----BEGIN"), !text.contains(where: \.isNewline), !text.utf8.contains(0) else {
                throw .invalidConfiguration(
                    "\(source(of: setting)) holds what should be in a file, and not the path of one",
                    remedy: "write it to a file and name that"
                )
            }
            guard !HTTPTransportSettings.hasScheme(text) else {
                throw .invalidConfiguration(
                    "\(source(of: setting)) isn't the path of a file",
                    remedy: "write a path alone, without a scheme such as file: or pkcs11:"
                )
            }
            settings[keyPath: path] = WrittenPath.absolute(environment.expanded(text))
        }
    }
}
