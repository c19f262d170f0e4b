import Testing

/// A section with one mistake, and where in its line that stands.
struct Mistake: Sendable, CustomTestStringConvertible {
    let section: String
    let column: Int
    let message: String

    var testDescription: String { section }

    /// The setting is written after a path that is right; `before` is what stands before the mistake in it.
    private init(_ setting: String, _ message: String, before: String? = nil) {
        section = "{path: 'a', \(setting)}"
        let before = before ?? (setting.split(separator: ":").first.map { "\($0): " } ?? "")
        column = "{plugins: {openbao: {path: 'a', ".count + before.count + 1
        self.message = message
    }

    private init(whole section: String, column: Int, _ message: String) {
        self.section = section
        self.column = column
        self.message = message
    }

    static let all = lending + tls + names + peers + types + durations + places + credentials + logins + addresses

    /// What is lent instead of read.
    private static let lending = [
        Mistake("mount: 'db', creds: 'r'", "creds: use either path or creds", before: "mount: 'db', creds: "),
        Mistake("tokenRole: 'r'", "tokenRole: use either path or tokenRole"),
        Mistake(whole: "{creds: 'r'}", column: 29, "creds: needs 'mount', where the engine is"),
        Mistake(whole: "{library: 'r'}", column: 31, "library: needs 'mount', where the engine is"),
        Mistake("cred: 'r'", "cred: unknown key. Did you mean 'creds'?", before: ""),
        Mistake(
            whole: "{mount: 'db', creds: 'r', library: 's'}",
            column: 56,
            "library: use either creds or library"
        ),
        Mistake(
            whole: "{mount: 'db', creds: 'r'}",
            column: 42,
            "creds: is lent to all services alike: say in 'field' which field holds the key"
        ),
        Mistake("duration: '0s'", "duration: expected one second or more"),
        Mistake("duration: 'leak'", "duration: expected a duration"),
        Mistake("leases: {idel: '1m'}", "leases.idel: unknown key. Did you mean 'idle'?", before: "leases: {"),
        Mistake("leases: '1m'", "leases: expected an object"),
    ]

    private static let names = [
        Mistake(whole: "{}", column: 21, "plugins.openbao.path: a required key is missing"),
        Mistake("negativeTtl: '1s'", "negativeTtl: unknown key. Did you mean 'negativeTTL'?", before: ""),
        Mistake("adress: 'https://leak'", "adress: unknown key. Did you mean 'address'?", before: ""),
        Mistake("failureWindows: '1s'", "Did you mean 'failureWindow'?", before: ""),
        Mistake("fallbak: 'never'", "Did you mean 'fallback'?", before: ""),
        Mistake("zzzzzzzz: 'leak'", "zzzzzzzz: unknown key", before: ""),
        Mistake("fallback: 'unavailble'", "Did you mean 'unavailable'?"),
        Mistake("fallback: 'leak'", "expected one of 'never', 'unavailable'"),
        Mistake(
            "appRole: {roleID: 'r', secretId: 'file:/x', secretID: 'file:/x'}",
            "appRole.secretId: unknown key",
            before: "appRole: {roleID: 'r', "
        ),
    ]

    /// The words of Vault's own tools, of LiteLLM, of External Secrets and the like.
    private static let peers =
        [
            ("addr", "address"), ("url", "address"), ("vault_addr", "address"), ("endpoint", "address"),
            ("secret_path", "path"), ("mount_path", "mount"), ("mountPoint", "mount"), ("kv_mount", "mount"),
            ("property", "field"), ("api_key", "field"), ("vault_token", "token"), ("ca_cert_file", "caCert"),
            ("insecure", "skipVerify"), ("cache_ttl", "ttl"), ("request_timeout", "timeout"),
            ("vault_namespace", "namespace"), ("auth", "appRole"),
        ]
        .map { word, meant in Mistake("\(word): 'leak'", "\(word): unknown key. Did you mean '\(meant)'?", before: "") }
        + [
            Mistake("kv_version: 2", "kv_version: unknown key. Did you mean 'kv'?", before: ""),
            Mistake("token_file: 'leak'", "unknown key: write \"token\": \"file:PATH\"", before: ""),
            Mistake("role_id: 'leak'", "role_id: unknown key: it stands in the section 'appRole'", before: ""),
            Mistake("ssl_verify: false", "certificates are checked as long as 'skipVerify' isn't true", before: ""),
            Mistake(
                "token: '${BAO_TOKEN}'",
                "token: names where the secret is, and never holds it: write \"env:BAO_TOKEN\""
            ),
            Mistake(
                "token: \"'leak'\"",
                "token: names where the secret is, and never holds it: write \"env:NAME\" or \"file:PATH\""
            ),
            Mistake(
                "token: '$leakLeak'",
                "token: names where the secret is, and never holds it: write \"env:NAME\" or \"file:PATH\""
            ),
        ]

    private static let types = [
        Mistake("mount: 7", "mount: expected a string, found a number"),
        Mistake("namespace: null", "namespace: expected a string, found null"),
        Mistake("loginNamespace: []", "loginNamespace: expected a string, found an array"),
        Mistake("token: {}", "token: expected a string, found an object"),
        Mistake("appRole: 'leak'", "appRole: expected an object, found a string"),
        Mistake("field: true", "field: expected a string, found a boolean"),
        Mistake("version: '1'", "version: expected a whole number of 1 or more, found a string"),
        Mistake("version: 0", "version: expected a whole number of 1 or more"),
        Mistake("version: 1.5", "version: expected a whole number of 1 or more"),
        Mistake("version: 99999999999999999999", "version: expected a whole number of 1 or more"),
        Mistake("capacity: 0", "capacity: expected a whole number from 1 to 1000000"),
        Mistake("jitter: -0.1", "jitter: expected a number from 0 to 1"),
        Mistake("refreshAhead: 1.01", "refreshAhead: expected a number from 0 to 1"),
        Mistake("jitter: NaN", "jitter: expected a finite number"),
        Mistake("address: {}", "address: expected a string or an array of strings, found an object"),
        Mistake("address: ['http://a', 2]", "address[1]: expected a string", before: "address: ['http://a', "),
        Mistake("address: []", "address: expected one address or more"),
        Mistake("failureWindow: []", "failureWindow: expected one duration, or two"),
        Mistake("failureWindow: ['1s', '2s', '3s']", "failureWindow: expected one duration, or two"),
        Mistake("failureWindow: ['2s', '1s']", "failureWindow: the first window is longer than the longest"),
        Mistake(
            "failureWindow: ['1s', 2]",
            "failureWindow[1]: a duration needs a unit",
            before: "failureWindow: ['1s', "
        ),
    ]

    private static let durations =
        ["ttl", "negativeTTL", "staleIfError", "timeout", "failureWindow"]
        .flatMap { name in
            [
                Mistake("\(name): 5", "\(name): a duration needs a unit"),
                Mistake("\(name): -5", "\(name): a duration needs a unit"),
                Mistake("\(name): '5'", "\(name): a duration needs a unit"),
                Mistake("\(name): '-5s'", "\(name): a duration can't be negative"),
                Mistake("\(name): '1.5s'", "\(name): a duration is a whole number with a unit"),
                Mistake("\(name): 'leak'", "\(name): expected a duration such as"),
                Mistake("\(name): ''", "\(name): expected a duration such as"),
                Mistake("\(name): '36501d'", "\(name): the duration is too long"),
                Mistake("\(name): true", "\(name): expected a duration such as"),
            ]
        } + [
            Mistake("timeout: '0s'", "timeout: expected more than 0"),
            Mistake("failureWindow: '400d'", "failureWindow: the window is too long: the longest is 1d"),
        ]

    private static let places = [
        Mistake(whole: "{path: ''}", column: 28, "path of OpenBao has an empty"),
        Mistake(whole: "{path: 'a//b'}", column: 28, "path of OpenBao has an empty"),
        Mistake(whole: "{path: 'a/../b'}", column: 28, "path of OpenBao has an empty, '.' or '..' segment"),
        Mistake(whole: "{path: 'a\\nb'}", column: 28, "control character"),
        Mistake(whole: "{path: '{servce}'}", column: 28, "doesn't begin one of {service}, {profile}, {project}"),
        Mistake(whole: "{path: '{servce}'}", column: 28, "{purpose}: did you mean {service}?"),
        Mistake(whole: "{path: 'a/{leak}'}", column: 28, "{purpose}: fix path"),
        Mistake(whole: "{path: 'a/{service'}", column: 28, "has a '{' that doesn't begin one of {service}"),
        Mistake(whole: "{path: 'ai/openai '}", column: 28, "path of OpenBao has a blank at the beginning or the end"),
        Mistake(whole: "{path: ' ai/openai'}", column: 28, "path of OpenBao has a blank at the beginning or the end"),
        Mistake("mount: ''", "mount of OpenBao has an empty"),
        Mistake("mount: '{project}'", "mount of OpenBao has a '{', which only 'path' may have"),
        Mistake("namespace: 'a b'", "no header field takes"),
        Mistake("namespace: 'a//b'", "namespace of OpenBao has an empty"),
        Mistake("loginNamespace: '../a'", "'..' segment"),
        Mistake("field: ''", "field of OpenBao is empty"),
        Mistake("field: '{servce}_KEY'", "does not begin {service}"),
        Mistake("field: '/a~b'", "isn't a JSON pointer"),
        Mistake("field: '/a/~'", "isn't a JSON pointer"),
    ]

    private static let tls =
        [
            "unix://run/bao.sock", "unix://", "unix:///run/", "unix:///run/b\u{E4}o",
            "unix:///\(String(repeating: "a", count: 103))",
        ]
        .map { Mistake("address: '\($0)'", "the Unix socket in an address of OpenBao isn't valid") } + [
            Mistake("caCert: ''", "expected the path of a file or folder"),
            Mistake("caCert: 'file:leak.pem'", "caCert: expected a path alone"),
            Mistake("clientCert: 'pkcs11:leak'", "clientCert: expected a path alone"),
            Mistake("clientCert: '~root/leak.pem'", "clientCert: expected a path alone"),
            Mistake("caPath: 7", "caPath: expected a string, found a number"),
            Mistake("cacert: '/leak'", "cacert: unknown key. Did you mean 'caCert'?", before: ""),
            Mistake("skipVerfy: true", "skipVerfy: unknown key. Did you mean 'skipVerify'?", before: ""),
            Mistake("clientKey: '/leak'", "clientKey: needs 'clientCert'"),
            Mistake("tlsServerName: 'https://leak/'", "tlsServerName: expected the name of a host"),
            Mistake("skipVerify: 'true'", "skipVerify: expected true or false, found a string"),
            Mistake("proxy: true", "proxy: expected the URL of a proxy, or false for none"),
            Mistake("proxy: 'leak:3128'", "proxy: proxy isn't a valid proxy URL"),
            Mistake("proxy: 'http://u:leak@proxy.test'", "proxy: proxy has a user or a password"),
            Mistake("proxy: 'ftp://proxy.test'", "isn't a valid proxy URL"),
            Mistake("proxy: 'http://proxy.test/leak'", "isn't a valid proxy URL"),
            Mistake("proxy: 3", "proxy: expected the URL of a proxy, or false for none"),
            Mistake("noProxy: 'a,b'", "expected an array of hosts, such as ["),
            Mistake("noProxy: ['a.test']", "noProxy: needs 'proxy'"),
            Mistake("proxy: false, noProxy: ['a.test']", "noProxy: 'proxy' says", before: "proxy: false, noProxy: "),
        ]
        + ["bao.other:443", "bao other", "", "a..b", "300.1.2.3"]
        .map { Mistake("tlsServerName: '\($0)'", "tlsServerName: expected the name of a host") }
        + [
            "http://192.0.2.2", "192.0.2.2:19449", "192.0.2.0/99", "192.0.2.0/", "bao.test/8", "*bao.test", "a b", "",
            "::1/129", "**",
        ]
        .map {
            let before = "proxy: 'http://proxy.test', noProxy: ['b.test', "
            return Mistake("\(before)'\($0)']", "noProxy[1]: expected a host, a domain such as", before: before)
        }

    private static let credentials =
        [
            "s.leak", "hvs.leak", "env:", "env:A=leak", "env:hvs.leak", "env:00000000-leak", "env:A leak", "file:",
            "leak",
            "", "ENV:leak",
        ]
        .flatMap { value in
            [
                Mistake("token: '\(value)'", "token: names where the secret is, and never holds it"),
                Mistake(
                    "appRole: {roleID: 'r', secretID: '\(value)'}",
                    "appRole.secretID: names where the secret is, and never holds it",
                    before: "appRole: {roleID: 'r', secretID: "
                ),
            ]
        } + [
            Mistake(
                "token: 'env:A', appRole: {roleID: 'r', secretID: 'env:B'}",
                "appRole: use either token or appRole",
                before: "token: 'env:A', appRole: "
            ),
            Mistake("appRole: {secretID: 'env:B'}", "appRole.roleID: a required key is missing"),
            Mistake("appRole: {roleID: 'r'}", "appRole.secretID: a required key is missing"),
            Mistake(
                "appRole: {secretID: 'env:B', roleID: ''}",
                "expected a role id",
                before: "appRole: {secretID: 'env:B', roleID: "
            ),
            Mistake(
                "appRole: {secretID: 'env:B', roleID: 'env:a.b'}",
                "expected a role id",
                before: "appRole: {secretID: 'env:B', roleID: "
            ),
            Mistake(
                "appRole: {roleID: 'r', secretID: 'env:B', mount: '..'}",
                "appRole.mount of OpenBao has an empty",
                before: "appRole: {roleID: 'r', secretID: 'env:B', mount: "
            ),
        ]

    private static let logins = [
        Mistake("login: 'leak'", "login: expected an object, found a string"),
        Mistake("login: []", "login: expected one login or more"),
        Mistake("login: {}", "login.appRole: name one of token, appRole, jwt"),
        Mistake("login: {aws: {role: 'leak'}}", "isn't supported yet", before: "login: {"),
        Mistake(
            "login: {kubernetes: {}}",
            "login.kubernetes.role: a required key is missing",
            before: "login: {kubernetes: "
        ),
        Mistake(
            "login: {jwt: {token: 'env:A'}, ldap: {user: 'a', password: 'env:B'}}",
            "a login has one method",
            before: "login: {jwt: {token: 'env:A'}, ldap: "
        ),
        Mistake(
            "login: {jwt: {token: 'leak'}}",
            "names where the secret is, and never holds it",
            before: "login: {jwt: {token: "
        ),
        Mistake(
            "login: {userpass: {user: 'a/b', password: 'env:B'}}",
            "expected a name",
            before: "login: {userpass: {user: "
        ),
        Mistake(
            "login: {appRole: {roleID: 'r', secretID: 'env:A', wrappedSecretID: 'env:B'}}",
            "takes secretID or wrappedSecretID, not both",
            before: "login: {appRole: {roleID: 'r', secretID: "
        ),
        Mistake(
            "login: {appRole: {roleID: 'r', wrappedSecretID: 'env:B'}}",
            "say where the secret id is made",
            before: "login: {appRole: "
        ),
        Mistake(
            "login: {appRole: {roleID: 'r', secretID: 'env:B', role: 'x'}}",
            "it goes with wrappedSecretID",
            before: "login: {appRole: {roleID: 'r', secretID: 'env:B', role: "
        ),
        Mistake(
            "login: {token: 'env:A', inline: true}",
            "a token can't be sent inline",
            before: "login: {token: 'env:A', inline: "
        ),
        Mistake("login: {token: 'env:A', next: 'leak'}", "expected one of", before: "login: {token: 'env:A', next: "),
        Mistake("login: {token: 'env:A', nxt: 'leak'}", "Did you mean 'next'?", before: "login: {token: 'env:A', "),
        Mistake(
            "login: {jwt: {token: 'env:A'}, mount: '..'}",
            "login.mount",
            before: "login: {jwt: {token: 'env:A'}, mount: "
        ),
        Mistake(
            "token: 'env:A', login: {token: 'env:B'}",
            "use one of token, appRole and login",
            before: "token: 'env:A', login: "
        ),
        Mistake("kv: 3", "kv: expected"),
    ]

    private static let addresses =
        [
            "ftp://bao.test", "https://", "bao.test:leak", "/bao.test", "user:leak@bao.test",
            "https://:8200", "https://user:leak@bao.test", "https://leak@bao.test", "https://bao.test?token=leak",
            "https://bao.test?", "https://bao.test#leak", "https://bao.test#", "https://bao.test/a/../b",
            "https://bao test",
            "https://b\u{E4}o.test", "https://bao.test:99999", "https://bao.test:leak",
        ]
        .map { Mistake("address: '\($0)'", "an address of OpenBao isn't a valid address") } + [
            Mistake("address: ' '", "an address of OpenBao is empty"),
            Mistake("address: 'bao.test'", "write https:// in front of it, or http:// if the server speaks no TLS"),
            Mistake("address: 'hvs.leak'", "an address of OpenBao has no http:// or https:// in front"),
            Mistake("address: 'http:/hvs.leak'", "isn't a valid address: write it as http://HOST:PORT"),
            Mistake(
                "address: 'bao.test:8200/leak'",
                "has no http:// or https:// in front: write it as https://bao.test:8200"
            ),
            Mistake("address: '127.0.0.1:8200'", "write it as http://127.0.0.1:8200, or https://127.0.0.1:8200 if"),
            Mistake("address: '//bao.test'", "an address of OpenBao has no http:// or https:// in front"),
            Mistake("address: 'http//bao.test:8200'", "isn't a valid address: write it as http://bao.test:8200"),
            Mistake("address: 'https:/bao.test'", "isn't a valid address: write it as https://HOST:PORT"),
            Mistake(
                "address: 'http://::1:8200'",
                "has an IPv6 address without brackets: write it as http://[::1]:8200"
            ),
            Mistake("address: 'https://fe80::1:2'", "write it as https://[fe80::1:2]:8200"),
        ]
}
