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

    @Test func `Codes are told apart and have stable names`() {
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
