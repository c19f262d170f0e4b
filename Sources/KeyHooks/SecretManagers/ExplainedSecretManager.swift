/// A secret manager that says for explanations who is asked and as whom, without asking anybody; never a value.
package protocol ExplainedSecretManager: SecretManager {
    /// The servers that get the credentials, each with where its address was said; empty if that isn't known yet.
    var servers: [String] { get }

    /// A line for the login that answers or would be tried first, and one for each that was passed over.
    var login: [String] { get }
}

extension ManagedKeySource {
    /// Adds what the manager says of itself to what is shown of a key.
    func complete(_ report: inout CachedKeyReport) {
        guard let manager = secrets.manager as? any ExplainedSecretManager else { return }
        let (servers, login) = (manager.servers, manager.login)
        if !servers.isEmpty { report.servers = servers }
        if !login.isEmpty { report.login = login }
    }
}
