import HTTPTransport
import KeyHooks

extension HTTPTransportSettings {
    /// The effects of these settings in a file, for whoever decides whether to trust it.
    var effects: [ConfigurationEffect] {
        func effect(_ words: String) -> ConfigurationEffect { ConfigurationEffect(words, isGrave: true) }
        func shown(_ path: String) -> String { ConfigurationEffects.shown(path, asPath: true) }
        var effects: [ConfigurationEffect] = []
        if acceptsAnyCertificate {
            effects.append(
                effect(
                    "accepts any certificate as OpenBao's, so that whoever sits in between gets the token and the keys"
                )
            )
        }
        if let authorityFile {
            effects.append(effect("trusts as OpenBao's authorities those in \(shown(authorityFile))"))
        }
        if let authorityFolder {
            effects.append(effect("trusts as OpenBao's authorities those in the folder \(shown(authorityFolder))"))
        }
        if let clientCertificate {
            let key = clientKey.map { " and the key \(shown($0))" } ?? ""
            effects.append(effect("identifies itself to OpenBao by the certificate \(shown(clientCertificate))\(key)"))
        }
        if let serverName {
            effects.append(effect("accepts a certificate for \(shown(serverName)) as OpenBao's"))
        }
        switch proxy {
        case .environment: break
        case .none: effects.append(effect("asks OpenBao directly, whatever proxy the environment names"))
        case .url(let url, let exceptions):
            let but = exceptions.isEmpty ? "" : ", except for \(exceptions.map(shown).joined(separator: ", "))"
            effects.append(effect("sends requests to OpenBao through the proxy \(shown(url))\(but)"))
        }
        return effects
    }

    /// The members of the section that ``effects`` speaks of.
    static let members: Set = [
        "caCert", "caPath", "clientCert", "clientKey", "tlsServerName", "proxy", "noProxy", "skipVerify",
    ]
}
