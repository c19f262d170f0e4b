#if AWS
import JSON5Syntax
import KeyHooks
import LightFoundation

extension CredentialChain {
    /// Which link a look would ask first, and why not those before it, as lines.
    ///
    /// The two files are read; nothing is sent or started, and no reference to a secret is followed.
    func forecast() -> [String] {
        let lookup: CredentialLookup
        do {
            lookup = try CredentialLookup(self, by: clock.now())
        } catch {
            return ["credentials can't be had: \(error.message)"]
        }
        var passed: [String] = []
        for link in CredentialLink.allCases {
            guard let why = lookup.gap(in: link) else {
                return ["credentials: not looked for yet; the first to be asked is: \(link.words)"]
                    + passed
            }
            passed.append("passed over: \(link.words): \(why)")
        }
        return ["credentials: not looked for yet; nothing has any"] + passed
    }
}

extension CredentialReport {
    /// Which link answered, and why those before it didn't, as lines; none before the first look.
    var lines: [String] {
        guard let last = entries.last else { return [] }
        let first =
            switch last.outcome {
            case .answered: "credentials: \(last.link.words): \(last.text)"
            case .failed: "credentials: \(last.link.words) failed: \(last.text)"
            case .nothing: "credentials: no link of the chain has any"
            }
        let passed = last.outcome == .nothing ? entries[...] : entries.dropLast()
        return [first] + passed.map { "passed over: \($0.link.words): \($0.text)" }
    }
}

extension CredentialLookup {
    /// Why a link has nothing, in the words of ``ask(_:)``; nil if it is set up, or might have some.
    func gap(in link: CredentialLink) -> String? {
        let name = profile.shownName
        switch link {
        case .section: return chain.settings.accessKeyID == nil ? "names none" : nil
        case .environment: return gap { try environmentKeys() }
        case .role: return profile.hasRole ? nil : "the profile '\(name)' has no role_arn of its own"
        case .webIdentity:
            let variable = chain.settings.profile == nil ? environment["AWS_WEB_IDENTITY_TOKEN_FILE"] : nil
            let file = variable ?? profile["web_identity_token_file"] ?? ""
            guard file.isEmpty else { return nil }
            return "neither AWS_WEB_IDENTITY_TOKEN_FILE nor the profile names a file with a token"
        case .singleSignOn:
            let isSet = profile["sso_account_id"] != nil || profile["sso_role_name"] != nil
            return isSet ? nil : "the profile '\(name)' has no sso_account_id"
        case .credentialsFile:
            return gap { try keys(profiles.ofCredentials[profile.name], profiles.credentialsFile, profile) }
        case .loginSession:
            return profile["login_session"] == nil ? "the profile '\(name)' has no login_session" : nil
        case .process:
            return profile["credential_process"] == nil ? "the profile '\(name)' has no credential_process" : nil
        case .configFile: return gap { try keys(profiles.ofConfig[profile.name], profiles.configFile, profile) }
        case .container:
            let isSet = ["RELATIVE", "FULL"]
                .contains { environment.variables["AWS_CONTAINER_CREDENTIALS_\($0)_URI"] != nil }
            return isSet ? nil : "no variable AWS_CONTAINER_CREDENTIALS_… is set"
        case .instance:
            let isOff = environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true"
            return isOff ? "AWS_EC2_METADATA_DISABLED says so" : nil
        }
    }

    /// One that fails is set up.
    private func gap(_ body: () throws -> CredentialLink.Answer) -> String? {
        guard case .nothing(let why)? = try? body() else { return nil }
        return why
    }
}
#endif
