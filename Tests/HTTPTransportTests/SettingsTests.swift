import Testing

@testable import HTTPTransport

/// What settings show of themselves, and what is refused before anything is asked.
@Suite("Settings")
struct SettingsTests {
    private func settings(_ change: (inout HTTPTransportSettings) -> Void) -> HTTPTransportSettings {
        var settings = HTTPTransportSettings()
        change(&settings)
        return settings
    }

    @Test(
        "No text of settings shows a proxy's login",
        arguments: [
            "http://user:leak@proxy.test:3128", "user:leak@proxy.test:3128", "http://user:leak/x@proxy.test:3128",
            "http://user:leak#@proxy.test:3128", "http://leak leak",
        ]
    )
    func hidden(_ proxy: String) {
        let settings = settings {
            $0.proxy = .url(proxy, exceptions: ["a.test"])
            $0.clientKey = "-----BEGIN PRIVATE KEY-----leak"
        }
        var dumped = ""
        dump(settings, to: &dumped)
        dump([settings.proxy], to: &dumped)
        dump(settings.transport(), to: &dumped)
        let texts = [
            dumped, "\(settings)", String(reflecting: settings), "\(settings.proxy)",
            String(reflecting: [settings.proxy]),
            "\(Optional(settings) as Any)", settings.transport().proxy(for: "http://a.example") ?? "",
        ]
        for text in texts { #expect(!text.contains("leak"), "\(text)") }
        #expect("\(settings)".contains("a.test"))
        if proxy.hasSuffix("leak@proxy.test:3128") { #expect("\(settings)".contains("proxy: proxy.test:3128")) }
    }

    @Test(
        "What can't be a host name, a socket or a path is refused with the setting's name",
        arguments: [
            (.serverName, \.serverName, "bao.other:443", "names 'bao.other:443', which isn't a host name"),
            (.serverName, \.serverName, "bao other", "isn't a host name"),
            (.serverName, \.serverName, "", "isn't a host"),
            (.serverName, \.serverName, "https://bao.other", "isn't a host name"),
            (.serverName, \.serverName, "a..b", "isn't a host name"), (.serverName, \.serverName, "a\nb", "'a?b'"),
            (.unixSocket, \.unixSocket, String(repeating: "a", count: 200), "200 bytes; the system takes at most 107"),
            (.unixSocket, \.unixSocket, "", "is empty"),
            (.authorityFile, \.authorityFile, "", "is empty; write a path"),
            (.authorityFile, \.authorityFile, "~root/ca.pem", "'~' isn't replaced"),
            (.authorityFolder, \.authorityFolder, "file:/etc/ca", "a URL; write a path"),
            (.authorityFile, \.authorityFile, "-----BEGIN CERTIFICATE-----\nMII", "holds the text of a file"),
            (.clientKey, \.clientKey, "/a.key", "is set without 'clientCertificate'"),
        ]
            as [(
                HTTPTransportError.Setting, any WritableKeyPath<HTTPTransportSettings, String?> & Sendable, String, String
            )]
    )
    func refused(
        _ setting: HTTPTransportError.Setting,
        _ path: any WritableKeyPath<HTTPTransportSettings, String?> & Sendable,
        _ value: String,
        _ words: String
    ) async throws {
        let error = try #require(
            await settings { $0[keyPath: path] = value }.transport().error("http://127.0.0.1:1/")
        )
        #expect(error.code == .invalidSettings, "\(error)")
        #expect(error.setting == setting, "\(error)")
        #expect(error.detail?.contains(words) == true, "\(error)")
        #expect("\(error)".hasPrefix("the setting '\(setting.rawValue)' "), "\(error)")
        #expect(!"\(error)".contains("MII") && !"\(error)".contains("\n"), "\(error)")
    }

    @Test("Names and addresses of hosts are taken", arguments: ["a", "A.b-c.test.", "_x.test", "10.0.0.1", "::1"])
    func taken(_ name: String) { #expect(settings { $0.serverName = name }.problem == nil) }

    @Test("A path is shown on one line, and not without end")
    func paths() {
        #expect(shown("a\nerror: b\u{1B}[2J\u{202E}ä") == "'a?error: b?[2J?ä'")
        #expect(shown(String(repeating: "a", count: 300)).count == 203)
    }
}
