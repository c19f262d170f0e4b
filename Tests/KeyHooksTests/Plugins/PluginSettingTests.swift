import ExtensionHooks
import KeyHooks
import Testing

@Suite("Settings that code writes")
struct PluginSettingTests {
    @Test("What is written is read back, and nil takes it away")
    func subscripts() throws {
        var settings = ProviderSettings()
        #expect(settings["acme"] == nil)
        settings["acme"] = ["path": "a", "version": 2, "strict": true, "names": ["x", 1, false]]
        #expect(settings["acme"]?.count == 4)
        #expect(settings["acme"]?["path"] == "a")
        #expect(settings["acme"]?["version"] == PluginSetting(2))
        #expect(settings["acme"]?["path"] == PluginSetting("a"))
        #expect(settings["acme"]?["names"] == ["x", 1, false])
        settings["acme"]?["path"] = "b"
        settings["acme"]?["version"] = nil
        #expect(settings["acme"]?["path"] == "b" && settings["acme"]?["version"] == nil)
        #expect(settings["other"] == nil)
        settings["acme"] = nil
        #expect(settings == ProviderSettings())
    }

    @Test("What a file says can be read and changed in code")
    func fromFile() async throws {
        var configuration = try await readConfiguration(
            "{plugins: {acme: {}}, providers: {openai: {acme: {path: 'a', list: [1, {b: null}]}}}}"
        )
        #expect(configuration.providers["openai"]?["acme"]?["path"] == "a")
        #expect(configuration.providers["openai"]?["acme"]?.keys.sorted() == ["list", "path"])
        configuration.providers["openai"]?["acme"]?["path"] = "b"
        #expect(configuration.providers["openai"]?["acme"]?.keys.sorted() == ["list", "path"])
        #expect(configuration.providers["openai"]?["acme"]?["path"] == "b")
    }

    @Test("Settings do not depend on the order in which they were written")
    func order() throws {
        var one = ProviderSettings()
        one["acme"] = ["a": 1, "b": 2]
        var other = ProviderSettings()
        other["acme"] = ["b": 2, "a": 1]
        #expect(one == other)
    }

    @Test("No value shows, as nobody can be kept from writing a key")
    func redaction() throws {
        var settings = ProviderSettings()
        settings["acme"] = ["path": "sk-leak", "names": ["sk-leak"]]
        let configuration = KeyConfiguration(providers: ["openai": settings])
        for text in allTexts(of: PluginSetting("sk-leak")) + allTexts(of: settings) + allTexts(of: configuration) {
            #expect(!text.contains("leak"), "\(text)")
        }
    }
}
