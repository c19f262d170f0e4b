import HTTPTransport
import KeyHooks

extension HTTPTransportSettings {
    /// What the settings decide, for explanations; nothing for those of the system.
    var words: [String] {
        var words: [String] = []
        if acceptsAnyCertificate { words.append("accepting ANY certificate (skipVerify)") }
        let authorities = [authorityFile, authorityFolder].compactMap { $0.map { displayText($0, limit: 200) } }
        if !authorities.isEmpty {
            words.append("trusting the authorities in \(authorities.joined(separator: " and "))")
        }
        if let serverName { words.append("as \(serverName)") }
        if let clientCertificate {
            words.append("with the client certificate \(displayText(clientCertificate, limit: 200))")
        }
        switch proxy {
        case .environment: break
        case .none: words.append("through no proxy")
        case .url(let url, let exceptions):
            let shown = (try? ProxyAddress(url, allowsUser: true))?.shown ?? "that is not shown"
            let but = exceptions.isEmpty ? "" : " but for \(exceptions.joined(separator: ", "))"
            words.append("through the proxy \(shown)\(but)")
        }
        return words
    }

    /// What is odd about the settings.
    var doubts: [String] {
        guard acceptsAnyCertificate else { return [] }
        return [
            "OpenBao's certificate goes unchecked ('skipVerify' or BAO_SKIP_VERIFY): "
                + "whoever sits in between gets the token and the keys"
        ]
    }

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
            effects.append(effect("takes a server for OpenBao's whose certificate is for \(shown(serverName))"))
        }
        switch proxy {
        case .environment: break
        case .none: effects.append(effect("asks OpenBao directly, whatever proxy the environment names"))
        case .url(let url, let exceptions):
            let but = exceptions.isEmpty ? "" : ", but for \(exceptions.map(shown).joined(separator: ", "))"
            effects.append(effect("sends requests to OpenBao, with the token, through the proxy \(shown(url))\(but)"))
        }
        return effects
    }

    /// The members of the section that ``effects`` speaks of.
    static let members: Set = [
        "caCert", "caPath", "clientCert", "clientKey", "tlsServerName", "proxy", "noProxy", "skipVerify",
    ]
}
