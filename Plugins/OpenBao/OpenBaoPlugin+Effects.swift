import HTTPTransport
package import KeyHooks

extension OpenBaoPlugin: EffectDescribing {
    package static func validate(
        _ section: PluginSection,
        in whole: KeyConfiguration
    ) throws(KeyResolutionError) {
        _ = try OpenBaoConfiguration(section, in: whole)
    }

    package static func effects(of section: PluginSection, in whole: KeyConfiguration) -> [ConfigurationEffect] {
        guard let configuration = try? OpenBaoConfiguration(section, in: whole) else {
            return ConfigurationEffects.settings(of: section)
        }
        let credential: String
        if let role = configuration.appRole {
            let roleID =
                switch role.roleID {
                case .literal: "the role id in the file"
                case .reference(let reference): "the role id of \(words(for: reference))"
                }
            credential = "\(roleID) and the secret id of \(words(for: role.secretID))"
        } else if let token = configuration.token {
            credential = "what is in \(words(for: token)), as a token,"
        } else {
            credential = "the token of BAO_TOKEN, or of ~/.vault-token,"
        }
        let places =
            configuration.addresses?.map { ConfigurationEffects.shown($0, as: (try? ServerAddress($0))?.shown) }
            ?? ["the server that BAO_ADDR names"]
        return places.map { ConfigurationEffect("sends \(credential) to \($0)", isGrave: true) }
            + configuration.transport.effects
            + (configuration.checksCertificates
                ? [ConfigurationEffect("checks OpenBao's certificate, whatever BAO_SKIP_VERIFY says")] : [])
            + ConfigurationEffects.settings(
                of: section,
                but: HTTPTransportSettings.members.union(["address", "token"])
            )
    }

    private static func words(for reference: SecretReference) -> String {
        switch reference {
        case .environment(let name): "the variable \(name)"
        case .file(let path): "the file \(ConfigurationEffects.shown(path, asPath: true))"
        }
    }
}

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
