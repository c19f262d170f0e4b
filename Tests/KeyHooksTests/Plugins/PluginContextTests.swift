import ExtensionHooks
import KeyHooks
import Testing

struct PluginContextTests {
    private static let secret = "never-shown-0123456789"

    /// As a plugin of a careless author keeps it.
    private struct Keeper {
        let context: PluginContext
    }

    @Test func `Nothing that prints, reflects or dumps a context shows a value`() {
        var configuration = KeyConfiguration(providers: ["openai": ProviderSettings(env: ["A_KEY"])])
        configuration.providers["local"] = ProviderSettings()
        configuration.providers["local"]?.constant = APIKey(Self.secret)
        configuration.providers["openai"]?["acme"] = ["name": "never-shown-0123456789"]
        let context = PluginContext(configuration: configuration, environment: ["ACME_TOKEN": Self.secret])
        for value in [context, Keeper(context: context), [context], PluginContext?.some(context) as Any] as [Any] {
            for text in allTexts(of: value) { #expect(!text.contains("never-shown")) }
        }
        var dumped = ""
        dump(context, to: &dumped)
        #expect(dumped.contains("ACME_TOKEN"))
        #expect("\(context)" == "PluginContext(configuration: made in code, sections: [], environment: 1 variables)")
    }
}
