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
