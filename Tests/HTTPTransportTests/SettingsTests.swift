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
            (.serverName, "bao.other:443", "names 'bao.other:443', which isn't a host name"),
            (.serverName, "bao other", "isn't a host name"),
            (.serverName, "", "isn't a host"),
            (.serverName, "https://bao.other", "isn't a host name"),
            (.serverName, "localhost/", "isn't a host name"), (.serverName, "a?", "isn't a host name"),
            (.serverName, "a#b", "isn't a host name"), (.serverName, "a..b", "isn't a host name"),
            (.serverName, "a\nb", "'a?b'"),
            (.unixSocket, String(repeating: "a", count: 200), "200 bytes; the system takes at most 107"),
            (.unixSocket, "", "is empty"),
            (.authorityFile, "", "is empty; write a path"),
            (.authorityFile, "~root/ca.pem", "'~' isn't replaced"),
            (.authorityFolder, "file:/etc/ca", "a URL; write a path"),
            (.authorityFile, "-----BEGIN CERTIFICATE-----\nMII", "holds the text of a file"),
            (.clientKey, "/a.key", "is set without 'clientCertificate'"),
        ]
            as [(HTTPTransportError.Setting, String, String)]
    )
    func refused(
        _ setting: HTTPTransportError.Setting,
        _ value: String,
        _ words: String
    ) async throws {
        let error = try #require(
            await settings { set(setting, of: &$0, to: value) }.transport().error("http://127.0.0.1:1/")
        )
        #expect(error.code == .invalidSettings, "\(error)")
        #expect(error.setting == setting, "\(error)")
        #expect(error.detail?.contains(words) == true, "\(error)")
        #expect("\(error)".hasPrefix("the setting '\(setting.rawValue)' "), "\(error)")
        #expect(!"\(error)".contains("MII") && !"\(error)".contains("\n"), "\(error)")
    }

    private func set(_ setting: HTTPTransportError.Setting, of settings: inout HTTPTransportSettings, to value: String)
    {
        switch setting {
        case .authorityFile: settings.authorityFile = value
        case .authorityFolder: settings.authorityFolder = value
        case .clientCertificate: settings.clientCertificate = value
        case .clientKey: settings.clientKey = value
        case .serverName: settings.serverName = value
        case .unixSocket: settings.unixSocket = value
        default: settings.proxy = .url(value)
        }
    }

    @Test("Names and addresses of hosts are taken", arguments: ["a", "A.b-c.test.", "_x.test", "10.0.0.1", "::1"])
    func taken(_ name: String) { #expect(settings { $0.serverName = name }.problem == nil) }

    @Test("A path is shown on one line, and not without end")
    func paths() {
        #expect(shown("a\nerror: b\u{1B}[2J\u{202E}ä") == "'a?error: b?[2J?ä'")
        #expect(shown(String(repeating: "a", count: 300)).count == 203)
    }
}
