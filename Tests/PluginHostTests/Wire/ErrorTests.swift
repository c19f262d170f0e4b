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
        let error = PluginError(kind, plugin: "acme", "it went wrong").keyResolutionError()
        #expect(error.code == code)
        #expect(error.message.contains("acme") && error.message.contains("it went wrong"))
        #expect(!error.remedy.isEmpty)
    }

    @Test("A hint is the remedy")
    func hint() {
        let error = PluginError(.interactionRequired, plugin: "acme", "log in", hint: "run: vault login")
        #expect(error.keyResolutionError().remedy == "run: vault login")
        #expect(error.description == "plugin 'acme': interaction-required: log in (run: vault login)")
        let told = "plugin 'acme': interaction-required: log in. Run: vault login."
        #expect(error.keyResolutionError().description == told)
    }

    @Test("A kind that nobody knows is told with the likeliest one")
    func unknownKind() {
        let kind = PluginError.Kind(wire: "notfound")
        #expect(kind == .internal)
        let remark = kind.remark(onWire: "notfound")
        #expect(remark == "it reports an error of the unknown kind 'notfound'; did it mean 'not-found'?")
        #expect(PluginError.Kind.unavailable.remark(onWire: "unavailable") == nil)
    }
}
