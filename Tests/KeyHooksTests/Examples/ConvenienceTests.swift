import ExtensionHooks
import Foundation
import KeyHooks
import Testing

/// What makes a framework's and a plugin's code short.
struct ConvenienceTests {
    private struct Section: Decodable {
        let address: String
    }

    @Test func aPluginDecodesItsOwnSection() async throws {
        try await withFolder { folder in
            let path = try folder.write("keyhooks.json", "{ plugins: { acme: { address: 'https://vault', } } }")
            let configuration = try KeyConfiguration.read(from: path)
            let data = try #require(configuration.section(of: "acme"))
            #expect(try JSONDecoder().decode(Section.self, from: data).address == "https://vault")
            #expect(configuration.section(of: "other") == nil)
        }
    }

    @Test func anExplanationPrintsAsTheToolDoesAndListsTheHooks() throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "acme/vault") { _ in } }
        let resolver = try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-leak"])
        let text = "\(try resolver.explain(service: "openai"))"
        #expect(text.hasPrefix("openai: OPENAI_API_KEY in process environment"))
        #expect(text.contains("1. acme/vault  start  (priority 100)"))
        #expect(!text.contains("sk-leak"))
    }

    @Test func localizedDescriptionSaysWhatTheErrorSays() async throws {
        let resolver = try KeyResolver(environment: [:])
        let error = await #expect(throws: KeyResolutionError.self) {
            try await resolver.requireAPIKey(service: "openai")
        }
        let plain: (any Error)? = error
        #expect(plain?.localizedDescription == error?.description)
    }

    @Test func anAbsenceAfterARewriteNamesBothServices() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(.getAPIKey, id: "acme/tenants") { $0.arguments.service = "azure" }
        }
        let resolver = try KeyResolver(registry: registry, environment: [:])
        let error = await #expect(throws: KeyResolutionError.self) {
            try await resolver.requireAPIKey(service: "openai")
        }
        #expect(
            error?.message.hasPrefix("no key for 'openai', which a plugin changed to 'azure': tried AZURE_API_KEY")
                == true
        )
    }

    @Test func sentencesEndOnce() {
        let error = KeyResolutionError(.denied, "guests have no keys.", remedy: "Log in..")
        #expect(error.description == "guests have no keys. Log in.")
    }

    @Test func idsAndServicesTakeInterpolations() {
        let name = "vault"
        #expect(("acme/\(name)" as HookID).rawValue == "acme/vault")
        #expect(("Open-\("AI")" as Service).id == "open_ai")
    }
}
