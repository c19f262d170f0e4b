import ExtensionHooks
import KeyHooks
import Testing

struct ErrorTests {
    @Test func `The text has what went wrong, the cause as far as it is safe, and the remedy`() {
        let plain = KeyResolutionError(.unavailable, "the vault is away", remedy: "start it")
        #expect("\(plain)" == "the vault is away. Start it.")
        #expect(String(reflecting: plain) == "KeyResolutionError.unavailable: the vault is away. Start it.")
        let leaky = KeyResolutionError(
            .unavailable,
            "no",
            remedy: "yes",
            underlying: LeakyError(description: "sk-leak")
        )
        #expect("\(leaky)" == "no (KeyHooksTests.LeakyError). Yes.")
        let safe = KeyResolutionError(.unavailable, "no", remedy: "yes", underlying: plain)
        #expect("\(safe)" == "no (the vault is away. Start it.). Yes.")
    }

    @Test(arguments: [
        ("run: chmod u+x /x/hand.py", "it is broken. Run: chmod u+x /x/hand.py"),
        ("hint: pip install .", "it is broken. Hint: pip install ."),
        ("did you mean 'a'? Otherwise mend it", "it is broken. Did you mean 'a'? Otherwise mend it."),
        ("is it there?", "it is broken. Is it there?"),
    ])
    func `What stands behind a colon is shown as it is, with nothing behind it`(remedy: String, text: String) {
        #expect(KeyResolutionError(.unavailable, "it is broken", remedy: remedy).description == text)
    }

    @Test func `An absent field is called by its name`() {
        let error = KeyResolutionError(KeyAbsence(namesTried: ["AWS_REGION"]), of: "bedrock", field: "region")
        #expect(error.message == "no 'region' for 'bedrock': tried AWS_REGION")
    }

    @Test func `Codes are reported apart and have stable names`() {
        let codes: [KeyResolutionError.Code] = [
            .absent, .denied, .unavailable, .unauthenticated, .sealed, .invalidConfiguration, .invalidService,
            .unknownField, .pluginFailed, .timedOut,
        ]
        #expect(Set(codes).count == codes.count)
        #expect(
            codes.map(\.description) == [
                "absent", "denied", "unavailable", "unauthenticated", "sealed", "invalidConfiguration",
                "invalidService", "unknownField", "pluginFailed", "timedOut",
            ]
        )
    }

    @Test func `An absence without names says what else to do`() {
        let error = KeyResolutionError(KeyAbsence(), of: "acme")
        #expect("\(error)" == "no key for 'acme'. Ask the plugin that answered, which says there is none.")
    }

    @Test func `The text of a value-free error is repeated by the engine`() {
        let error = KeyResolutionError(.sealed, "the vault is sealed", remedy: "unseal it")
        #expect(valueFreeDescription(of: error) == "the vault is sealed. Unseal it.")
    }
}
