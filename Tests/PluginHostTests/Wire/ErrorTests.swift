import KeyHooks
import Testing

@testable import PluginHost

@Suite("Errors of plugins")
struct ErrorTests {
    @Test(
        "Each kind has its code for callers",
        arguments: [
            (PluginError.Kind.permissionDenied, KeyResolutionError.Code.denied),
            (.unauthenticated, .unauthenticated), (.interactionRequired, .unauthenticated),
            (.unavailable, .unavailable), (.deadlineExceeded, .timedOut), (.helloTimeout, .timedOut),
            (.internal, .pluginFailed), (.invalidInput, .pluginFailed), (.cancelled, .pluginFailed),
            (.crashed, .pluginFailed), (.protocolViolation, .pluginFailed), (.tooLarge, .pluginFailed),
            (.versionMismatch, .pluginFailed), (.notInstalled, .pluginFailed), (.untrusted, .pluginFailed),
        ]
    )
    func codes(kind: PluginError.Kind, code: KeyResolutionError.Code) {
        let error = PluginError(kind: kind, plugin: "acme", message: "it went wrong").keyResolutionError()
        #expect(error.code == code)
        #expect(error.message.contains("acme") && error.message.contains("it went wrong"))
        #expect(!error.remedy.isEmpty)
    }

    @Test("A plugin's hint is the remedy, and shown as it is")
    func hint() {
        let error = PluginError(kind: .interactionRequired, plugin: "acme", message: "log in", hint: "vault login .")
        #expect(error.keyResolutionError().remedy == "hint: vault login .")
        #expect(error.description == "plugin 'acme': interaction-required: log in (vault login .)")
        let told = "plugin 'acme': interaction-required: log in. Hint: vault login ."
        #expect(error.keyResolutionError().description == told)
    }

    @Test("A hint of the host's own is not called one of the plugin")
    func ownHint() {
        let error = PluginError(kind: .untrusted, plugin: "acme", message: "it changed", hint: "reload the plugins")
        #expect(error.keyResolutionError().remedy == "reload the plugins")
    }

    @Test("A kind that nobody knows is reported with the likeliest one")
    func unknownKind() {
        let kind = PluginError.Kind(wire: "notfound")
        #expect(kind == .internal)
        let remark = kind.remark(onWire: "notfound")
        #expect(
            remark?.hasPrefix("it reports an error of an unknown kind: expected one of not-found, not-mine,") == true
        )
        #expect(remark?.hasSuffix("; did it mean 'not-found'?") == true)
        #expect(PluginError.Kind.unavailable.remark(onWire: "unavailable") == nil)
    }
}
