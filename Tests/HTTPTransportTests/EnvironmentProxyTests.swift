import Testing

@testable import HTTPTransport

/// What libcurl makes of the variables for proxies.
@Suite("Proxies of the environment")
struct EnvironmentProxyTests {
    static let proxy = "http://user:leak@proxy.test:3128/"

    private func route(_ url: String, _ environment: [String: String]) throws -> ProxyRoute {
        try HTTPTransportSettings().route(to: RequestURL(url)) { environment[$0] }
    }

    @Test(
        "The variables of the scheme come before those for all, and capitals do not count for http",
        arguments: [
            ("http://a.test", ["http_proxy": proxy], "proxy.test:3128 (http_proxy)"),
            ("http://a.test", ["HTTP_PROXY": proxy], nil), ("https://a.test", ["http_proxy": proxy], nil),
            ("https://a.test", ["HTTPS_PROXY": proxy], "proxy.test:3128 (HTTPS_PROXY)"),
            ("https://a.test", ["https_proxy": proxy, "all_proxy": "b:1"], "proxy.test:3128 (https_proxy)"),
            ("http://a.test", ["ALL_PROXY": "socks5h://b:1"], "b:1 (ALL_PROXY)"),
            ("http://a.test", ["http_proxy": "", "all_proxy": "b:1"], "b:1 (all_proxy)"), ("http://a.test", [:], nil),
            ("http://a.test", ["http_proxy": "user:leak@[::1]:8080"], "[::1]:8080 (http_proxy)"),
        ] as [(String, [String: String], String?)]
    )
    func variables(_ url: String, _ environment: [String: String], _ expected: String?) throws {
        #expect(try route(url, environment).shown == expected)
    }

    @Test("A variable that holds no proxy is named, and its value isn't shown")
    func invalid() {
        let error = #expect(throws: HTTPTransportError.self) {
            try route("http://a.test", ["http_proxy": "http://le ak\u{1B}"])
        }
        #expect(error?.detail == "the variable http_proxy isn't the URL of a proxy; write http://HOST:PORT")
    }

    @Test(
        "What 'no_proxy' names is asked directly",
        arguments: [
            ("http://a.test", "a.test", true), ("http://a.test", ".test", true), ("http://a.test", "test", true),
            ("http://xa.test", "a.test", false), ("http://a.test", "b.test, a.test", true),
            ("http://a.test", "*", true),
            ("http://a.test", "", false), ("http://A.Test.", "a.TEST", true), ("http://10.0.0.1", "10.0.0.1", true),
            ("http://10.0.0.1", "10.0.0.0/8", true), ("http://[fd00::1]:8200", "fd00::1", true),
            ("http://a.test", "*,b", false),
        ]
    )
    func spared(_ url: String, _ list: String, _ isSpared: Bool) throws {
        #expect(try (route(url, ["http_proxy": Self.proxy, "no_proxy": list]) == .direct) == isSpared)
    }

    @Test(
        "This very machine has many names, and is asked directly by each",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("localhost", true), ("LOCALHOST.", true), ("[::1]", true),
            ("127.1", true), ("2130706433", true), ("0x7f.1", true), ("[::ffff:127.0.0.1]", true),
            ("[0:0:0:0:0:0:0:1]", true), ("x.localhost", true), ("128.0.0.1", false), ("10.0.0.1", false),
            ("localhost.test", false), ("[::2]", false), ("127.0.0.1.test", false),
        ]
    )
    func loopback(_ host: String, _ isLoopback: Bool) throws {
        #expect(try (route("http://\(host):8200/v1", ["http_proxy": Self.proxy]) == .direct) == isLoopback)
    }
}
