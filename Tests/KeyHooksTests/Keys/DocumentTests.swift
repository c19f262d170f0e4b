import ExtensionHooks
import FuzzSupport
import Testing

@testable import KeyHooks

/// A key goes into a header field, which a line end would end.
@Suite("Texts of many lines")
struct DocumentTests {
    private static let pem = "-----BEGIN PRIVATE KEY-----\nMIIfake0123456789\n-----END PRIVATE KEY-----"
    private static let account = "{\n  \"type\": \"service_account\",\r\n  \"private_key\": \"x\"\n}"

    @Test(
        "They never become a key that goes into a header",
        arguments: [
            "-----BEGINsk\r\nX-Evil: yes", "{\"x\r\nEvil: 1", "{\"x\":\r\nEvil: 1}", "{\"a\"\nEvil: 1", account, pem,
            "-----BEGIN KEY-----\nAA==\n-----END", "[\"a\",\n\"b\"]",
        ],
        ["environment", "hook", "file"]
    )
    func header(value: String, source: String) async throws {
        try await withFolder { folder in
            let registry = HookRegistry()
            if source == "hook" {
                try registry.register { hooks in
                    hooks.onStart(.getAPIKey, id: "vault") { $0.answer(APIKey(value)) }
                }
            }
            let resolver = try KeyResolver(
                registry: registry,
                environment: source == "file"
                    ? ["OPENAI_API_KEY_FILE": folder.write("key", value)]
                    : source == "hook" ? [:] : ["OPENAI_API_KEY": value]
            )
            let error = try await failure { try await resolver.requireAPIKey(service: "openai") }
            #expect(error.code == (source == "hook" ? .pluginFailed : .invalidConfiguration))
            #expect(error.message.contains("has a control character"), "\(error)")
            #expect(!error.description.contains("Evil") && !error.description.contains("fake"))
        }
    }

    @Test("A field, a key that is exchanged and a key of the user's own service may be one", arguments: [pem, account])
    func documents(value: String) async throws {
        var own = ProviderSettings()
        own.env = ["OWN_KEY"]
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["own": own]),
            environment: ["OWN_KEY": value, "AICORE_SERVICE_KEY": value, "VERTEX_CREDENTIALS": value],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: "own")?.value == value)
        #expect(try await resolver.getAPIKey(service: "sap")?.value == value)
        #expect(try await resolver.getSecret(service: "vertex", field: "credentials")?.value == value)
        #expect(warnings.events.isEmpty)
    }

    @Test(
        "Half of one is none, whatever it is wanted for",
        arguments: [
            "-----BEGINsk\r\nX-Evil: yes", "{\"x\r\nEvil: 1", "{\"private_key\"\nEvil: 1", pem + "\nX-Evil: yes",
            String(pem.dropLast()), "-----BEGIN KEY-----\nAA==\nEND KEY-----", "-----BEGIN -----\nX-Evil: -----",
        ]
    )
    func halves(value: String) throws {
        #expect(value.fault(as: KeyUse(isField: true)) != nil)
        for service in ["sap", "own"] {
            let definition = ServiceCatalogue.standard.definition(of: Service(service))
            #expect(value.fault(as: KeyUse(definition: definition)) != nil)
        }
    }

    @Test("A chain of certificates is one document")
    func chain() {
        let certificate = "-----BEGIN CERTIFICATE-----\r\nMIIfake\r\n-----END CERTIFICATE-----"
        #expect([Self.pem, certificate, certificate].joined(separator: "\n").fault(as: KeyUse(isField: true)) == nil)
    }

    @Test("What isn't wanted as PEM is warned of like any other text")
    func unwanted() {
        let openai = KeyUse(definition: ServiceCatalogue.standard.definition(of: "openai"))
        #expect(KeyTextWarning.all(in: Self.pem, as: openai) != [])
        #expect(KeyTextWarning.all(in: Self.pem, as: KeyUse(isField: true)) == [])
    }

    @Test(
        "Four times the text takes about four times the time",
        arguments: [
            ("{", "\n", "\"'"), ("{\"a\":", "\n", "1}"), ("-----BEGIN KEY-----", "\n", "-----END KEY-----"),
            ("{\"", "\r\n", "\":\"\"}"), ("", "-----BEGIN ", "-----"), ("-----BEGIN ", "A", "-----"),
            ("[\"", "\"", "]"),
            ("", "a,", ""), ("", "a.", "b"), ("`", " ", "`"), ("", "\u{301}", ""), ("%", "A", "%"),
            ("A_", "A", "=1234"),
        ]
    )
    func linear(head: String, unit: String, tail: String) {
        func time(_ count: Int) -> Duration {
            let text = head + String(repeating: unit, count: count) + tail
            let uses = [
                KeyUse(isField: true), KeyUse(definition: ServiceCatalogue.standard.definition(of: "openai")),
                KeyUse(definition: ServiceCatalogue.standard.definition(of: "sap")),
            ]
            let runs = (0..<2)
                .map { _ in
                    let start = threadTime
                    for use in uses {
                        _ = text.fault(as: use)
                        _ = KeyTextWarning.all(in: text, as: use)
                    }
                    return threadTime - start
                }
            return runs.min() ?? .zero
        }
        // Quadratic is sixteen times; what neither takes long for is not looked at more closely.
        let limit = max(time(16_000) * 10, .milliseconds(500))
        #expect(time(64_000) < limit)
    }
}
