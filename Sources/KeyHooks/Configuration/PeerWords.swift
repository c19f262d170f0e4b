package import JSON5Syntax

/// The words that other tools have for what settings here are called, in one table for all sections.
package enum PeerWords {
    private struct Entry {
        /// What it is called here; the entry counts only where that is a known key.
        let meant: String
        let sentence: String?
    }

    /// What to say of a key, going by the keys that are known where it stands.
    ///
    /// - Parameters:
    ///   - name: The key as it was written.
    ///   - known: The keys that are known there.
    /// - Returns: What to say; nil if no other tool has the word, or means nothing that is known there.
    package static func advice(on name: String, known: some Collection<String>) -> JSONVocabulary.Advice? {
        advice(on: name) { known.contains($0) }
    }

    static func advice(on name: String, isKnown: (String) -> Bool) -> JSONVocabulary.Advice? {
        guard name.utf8.count <= 64, let entries = table[folded(name)] else { return nil }
        guard let entry = entries.first(where: { $0.meant != name && isKnown($0.meant) }) else { return nil }
        return entry.sentence.map { .sentence($0) } ?? .meant(entry.meant)
    }

    /// What a word means among names of which any may be meant; nil if that takes more than a word to say.
    package static func meaning(of name: String, among known: some Collection<String>) -> String? {
        if case .meant(let meant)? = advice(on: name, known: known) { meant } else { nil }
    }

    /// Whether a word is one for the key itself.
    static func isKey(_ name: String) -> Bool { keyWords.contains(folded(name)) }

    /// What other tools call a key, or the variable that holds it.
    private static let keyWords: Set = [
        "apikey", "key", "apitoken", "token", "accesstoken", "secret", "secretkey", "authtoken", "credential", "bearer",
        "apikeyenv", "apikeyenvvar", "envkey", "envvar", "keyenv", "apikeyvariable", "variable", "auth", "password",
    ]

    private static func folded(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." && $0 != " " }
    }

    private static let table: [String: [Entry]] = {
        var table: [String: [Entry]] = [:]
        for (words, meant, sentence) in rows {
            for word in words.split(separator: " ") {
                table[String(word), default: []].append(Entry(meant: meant, sentence: sentence))
            }
        }
        return table
    }()

    /// The words without capitals and separators, what they mean here, and what to say where the word does not suffice.
    private static let rows: [(words: String, meant: String, sentence: String?)] = [
        // Where a secret is.
        ("addr url uri host hostname endpoint server servers baseurl serverurl apiurl vaulturl", "address", nil),
        ("vaultaddr vaultaddress baoaddr baoaddress openbaoaddr agentaddr", "address", nil),
        ("secretpath secretname secret vaultpath kvpath keypath location", "path", nil),
        ("mountpath mountpoint kvmount engine enginepath secretengine secretsengine backend", "mount", nil),
        (
            "kvversion engineversion kvengineversion apiversion", "mount",
            "KV version 2 is what is read, so leave it out; 'version' is the version of a secret"
        ),
        ("secretversion keyversion", "version", nil),
        ("vaultnamespace baonamespace ns", "namespace", nil),
        ("property jsonkey attribute secretkey keyname keyfield fieldname key secretfield apikey", "field", nil),
        // Who asks.
        ("vaulttoken baotoken", "token", nil),
        ("tokenfile tokenpath vaulttokenfile", "token", "write \"token\": \"file:PATH\""),
        ("tokenenv tokenvar tokenvariable", "token", "write \"token\": \"env:NAME\""),
        ("auth authmethod login role rolename authentication", "appRole", nil),
        ("roleid secretid", "appRole", "it stands in the section 'appRole'"),
        ("authpath authmount", "mount", nil),
        // How the server is reached.
        ("cafile ca cacertfile tlsca sslca cabundle cacertificate rootca vaultcacert", "caCert", nil),
        ("cadir capathdir vaultcapath", "caPath", nil),
        ("cert certfile tlscert certificate clientcertificate vaultclientcert", "clientCert", nil),
        ("certkey keyfile tlskey privatekey vaultclientkey", "clientKey", nil),
        ("sni servername", "tlsServerName", nil),
        ("insecure insecureskipverify tlsskipverify skiptlsverify sslskipverify vaultskipverify", "skipVerify", nil),
        (
            "verify verifyssl sslverify tlsverify verifytls verifycertificate", "skipVerify",
            "certificates are checked as long as 'skipVerify' isn't true"
        ),
        ("httpproxy httpsproxy proxyaddr proxyurl", "proxy", nil),
        // How long.
        (
            "timetolive cachettl cachetimetolive cache cacheduration cachetime refreshinterval refresh expiry expires maxage"
                + " ttlseconds cacheseconds",
            "ttl", nil
        ),
        ("requesttimeout timeoutseconds timeoutms deadline readtimeout", "timeout", nil),
        ("stale maxstale graceperiod", "staleIfError", nil),
        ("cachesize maxsize maxentries", "capacity", nil),
        ("onerror onfailure fallthrough failover whenunavailable", "fallback", nil),
        // The file itself.
        ("models modellist services vendors apis keys llms", "providers", nil),
        ("sources backends secretmanagers managers vaults stores secretstores", "plugins", nil),
        ("environments stages envs", "profiles", nil),
        ("envfile envpath dotenv dotenvfile dotenvfiles dotenvpath files", "envFiles", nil),
        ("precedence override overrideenv", "envPrecedence", nil),
        ("plugindir plugindirs pluginsdir pluginfolder pluginfolders pluginspath", "pluginPath", nil),
        ("order pluginorder", "hookOrder", nil),
        // A service.
        (
            keyWords.sorted().joined(separator: " "), "env",
            "a configuration names the variable that holds a key, and never the key: write \"env\": [\"NAME\"]"
        ),
        ("environment variables envvars envnames envname", "env", nil),
        ("alias names ids", "aliases", nil),
        ("onlyfrom exclusive exclusively", "only", nil),
        ("source sources backend backends from plugin", "plugins", nil),
        ("optional", "notRequired", nil),
        (
            "baseurl url apibase endpoint model models modelname type kind organization temperature", "env",
            "keys are all that is configured here; leave it to the program that sends the requests"
        ),
        ("vault hashicorpvault hashivault hcvault hashicorp bao", "openbao", nil),
    ]
}
