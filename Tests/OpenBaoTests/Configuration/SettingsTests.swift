import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("The section of keyhooks.json")
struct SettingsTests {
    @Test("Every setting is read")
    func all() throws {
        let configuration = try #require(
            try configuration(
                """
                {
                  address: ['https://a.test', 'http://b.test:8200/bao'],
                  mount: 'kv/team', namespace: 'team/red', loginNamespace: '/', path: '{tenant}/{service}/x-{purpose}',
                  appRole: {roleID: 'r', secretID: 'file:/run/id', mount: 'machines'},
                  field: '/{service}/a~1b', version: 3, timeout: '1m30s', fallback: 'unavailable',
                  ttl: '0s', negativeTTL: '250ms', staleIfError: '7d', refreshAhead: 1, jitter: 0, capacity: 1000000,
                  failureWindow: ['500ms', '1m'],
                }
                """
            )
        )
        #expect(configuration.addresses == ["https://a.test", "http://b.test:8200/bao"])
        #expect(configuration.mount == "kv/team")
        #expect(configuration.namespace == "team/red")
        #expect(configuration.loginNamespace == "/")
        #expect(configuration.path == "{tenant}/{service}/x-{purpose}")
        #expect(configuration.token == nil)
        #expect(
            configuration.appRole
                == AppRoleCredentials(roleID: .literal("r"), secretID: .file("/run/id"), mount: "machines")
        )
        #expect(configuration.field == "/{service}/a~1b")
        #expect(configuration.version == 3)
        #expect(configuration.settings.timeout == .seconds(90))
        #expect(configuration.settings.fallback == .unavailable)
        #expect(
            configuration.settings.cache
                == CachePolicy(
                    timeToLive: .zero,
                    refreshAhead: 1,
                    jitter: 0,
                    negativeTimeToLive: .milliseconds(250),
                    staleIfError: .seconds(7 * 86_400),
                    failureBackoff: .milliseconds(500)...(.seconds(60)),
                    capacity: 1_000_000
                )
        )
        _ = try OpenBaoPlugin(configuration, environment: [:])
    }

    @Test("What is lent is read with its words")
    func lent() throws {
        let text = """
            {mount: 'db', creds: 'readonly', field: 'password', duration: '10m', leases: {idle: '1m', grace: '5s'}}
            """
        let configuration = try #require(try configuration(text))
        #expect(configuration.creds == "readonly" && configuration.duration == .seconds(600))
        let leases = configuration.settings.leases
        #expect(leases.idle == .seconds(60) && leases.grace == .seconds(5))
        let token = try #require(try self.configuration("{tokenRole: 'ci-{service}'}"))
        #expect(token.tokenRole == "ci-{service}" && token.creds == nil)
    }

    @Test("A path alone is enough, and the rest is as the README says")
    func defaults() throws {
        let configuration = try #require(try configuration("{path: 'a'}"))
        #expect(
            configuration.addresses == nil && configuration.mount == "secret"
                && configuration.settings.timeout == .seconds(10)
        )
        #expect(configuration.namespace == nil && configuration.loginNamespace == nil && configuration.field == nil)
        #expect(configuration.token == nil && configuration.appRole == nil && configuration.version == nil)
        #expect(configuration.settings.fallback == .never)
        #expect(configuration.settings.cache == CachePolicy(staleIfError: .seconds(3600)))
        #expect(configuration.settings.cache.timeToLive == .seconds(300))
        #expect(configuration.settings.cache.negativeTimeToLive == .seconds(30))
        #expect(configuration.settings.cache.refreshAhead == 0.2 && configuration.settings.cache.jitter == 0.1)
        #expect(configuration.settings.cache.capacity == 1000)
        #expect(configuration.settings.cache.failureBackoff == .seconds(1)...(.seconds(30)))
    }

    @Test("A window after failures is one duration or two")
    func windows() throws {
        for (text, window) in [
            ("'2s'", Duration.seconds(2)...(.seconds(2))), ("'0s'", .zero...(.zero)),
            ("['0s', '5s']", .zero...(.seconds(5))), ("['3s', '3s']", .seconds(3)...(.seconds(3))),
        ] {
            let configuration = try #require(try configuration("{path: 'a', failureWindow: \(text)}"))
            #expect(configuration.settings.cache.failureBackoff == window, "\(text)")
            _ = try OpenBaoPlugin(configuration, environment: [:])
        }
    }

    @Test("References and single addresses are read in all their forms")
    func forms() throws {
        #expect(try configuration("{path: 'a', address: 'http://a'}")?.addresses == ["http://a"])
        #expect(try configuration("{path: 'a', token: 'env:MY_TOKEN'}")?.token == .environment("MY_TOKEN"))
        #expect(try configuration("{path: 'a', token: 'file:~/x y'}")?.token == .file("~/x y"))
        let role = try configuration("{path: 'a', appRole: {roleID: 'file:/r', secretID: 'env:S'}}")?.appRole
        #expect(role == AppRoleCredentials(roleID: .reference(.file("/r")), secretID: .environment("S")))
        #expect(role?.mount == "approle")
    }

    @Test("Settings for TLS and a proxy are read, and their paths count from the file's folder")
    func transport() throws {
        let section = """
            {
              path: 'a', caCert: 'ca.pem', caPath: '/etc/cas', clientCert: '~/client.pem', clientKey: 'keys/client.key',
              tlsServerName: 'bao.test', proxy: 'http://proxy.test:3128', noProxy: ['a.test', '.b.test', '10.0.0.0/8'],
              skipVerify: true, token: 'file:token', address: ['unix:///run/bao.sock', 'https://a.test'],
            }
            """
        let configuration = try #require(try configuration(section))
        let folder = FileManager.default.temporaryDirectory.path
        var expected = HTTPTransportSettings()
        expected.authorityFile = "\(folder)/ca.pem"
        expected.authorityFolder = "/etc/cas"
        expected.clientCertificate = "~/client.pem"
        expected.clientKey = "\(folder)/keys/client.key"
        expected.serverName = "bao.test"
        expected.proxy = .url("http://proxy.test:3128", exceptions: ["a.test", ".b.test", "10.0.0.0/8"])
        expected.acceptsAnyCertificate = true
        #expect(configuration.transport == expected)
        #expect(configuration.token == .file("\(folder)/token"))
        for proxy in ["false", "'none'"] {
            #expect(
                try self.configuration("{path: 'a', proxy: \(proxy)}")?.transport.proxy
                    == HTTPTransportSettings.Proxy.none
            )
        }
        #expect(try self.configuration("{path: 'a'}")?.transport == HTTPTransportSettings())
    }

    @Test("Forms of exceptions that people write mean what they look like")
    func exceptions() throws {
        for (text, expected) in [
            ("['*.corp.test', '[::1]', 'fd00::/8']", [".corp.test", "[::1]", "fd00::/8"]), ("['*', 'a.test']", ["*"]),
        ] {
            let proxy = try configuration("{path: 'a', proxy: 'http://p.test', noProxy: \(text)}")?.transport.proxy
            #expect(proxy == .url("http://p.test", exceptions: expected))
        }
    }

    @Test("Who decides whether to trust a file reads in words what its settings for TLS and proxies do")
    func effects() throws {
        let section = """
            {
              path: 'a', caCert: '/own/ca.pem', clientCert: '/own/client.pem', tlsServerName: 'bao.test',
              proxy: 'http://proxy.test:3128', skipVerify: true,
            }
            """
        let lines = ConfigurationEffects(of: try read(section), plugins: [OpenBaoPlugin.self]).lines
        for words in [
            "accepts any certificate as OpenBao's", "trusts as OpenBao's authorities those in", "/own/ca.pem",
            "identifies itself to OpenBao by the certificate", "accepts a certificate for", "through the proxy",
            "http://proxy.test:3128",
        ] {
            #expect(lines.contains { $0.contains(words) }, "\(words): \(lines)")
        }
        #expect(!lines.contains { $0.hasPrefix("tells plugin openbao: skipVerify") })
    }

    @Test("What is read reaches the requests")
    func effect() async throws {
        let section = """
            {
              address: 'https://a.test/bao/', mount: '/kv/team/', namespace: '/red/', loginNamespace: '/',
              path: 'ai/{tenant}/{service}', field: '{service}_key', version: 3, ttl: '10s', timeout: '2m',
              appRole: {roleID: 'env:ROLE', secretID: 'env:SECRET', mount: 'machines'},
            }
            """
        let transport = FakeTransport { request in
            if request.method == "POST" { return HTTPTransportResponse(200, #"{"auth":{"client_token":"s.new"}}"#) }
            let fields = #"{"openai_key":"sk-1","OPENAI_API_KEY":"sk-2"}"#
            return HTTPTransportResponse(200, #"{"data":{"data":\#(fields),"metadata":{"version":3}}}"#)
        }
        let plugin = try OpenBaoPlugin(
            try #require(try configuration(section)),
            environment: ["ROLE": "role", "SECRET": "secret", "BAO_ADDR": "http://no", "BAO_NAMESPACE": "no"],
            transport: transport
        )
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        #expect(try await resolver.value("openai", scope: KeyScope(tenant: "t 1")) == "sk-1")
        let (login, get) = (try #require(transport.requests.first), try #require(transport.requests.last))
        #expect(login.url == "https://a.test/bao/v1/auth/machines/login")
        #expect(login.headers["X-Vault-Namespace"] == nil)
        #expect(login.body.map { String(decoding: $0, as: UTF8.self) } == #"{"role_id":"role","secret_id":"secret"}"#)
        #expect(get.url == "https://a.test/bao/v1/kv/team/data/ai/t%201/openai?version=3")
        #expect(get.headers["X-Vault-Namespace"] == "red")
        #expect(get.headers["X-Vault-Request"] == "true")
    }

    @Test("Without the section there is no configuration")
    func none() throws {
        #expect(try OpenBaoConfiguration(KeyConfiguration()) == nil)
    }

    private func configuration(_ section: String) throws -> OpenBaoConfiguration? {
        try OpenBaoConfiguration(read(section))
    }

    private func read(_ section: String) throws -> KeyConfiguration {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(unique("settings") + ".json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("{plugins: {openbao: \(section)}}".utf8).write(to: file)
        return try KeyConfiguration.read(from: file.path)
    }
}
