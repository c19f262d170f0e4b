import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import Testing

/// An address may have a token in it, as gateways have it in their paths; it is not repeated.
@Suite("Texts about addresses")
struct AddressTextTests {
    private static let address = "https://gate.test:8200/tok/hvs.leaked"

    static let answers: [@Sendable (HTTPTransportRequest) async throws -> HTTPTransportResponse] = [
        { _ in throw HTTPTransportError(.cannotConnect) }, { _ in throw HTTPTransportError(.insecure) },
        { _ in throw HTTPTransportError(.timedOut) }, { _ in throw HTTPTransportError(.connectionLost) },
        { _ in throw HTTPTransportError(.loopbackThroughProxy) }, { _ in HTTPTransportResponse(500) },
        { _ in HTTPTransportResponse(403) }, { _ in HTTPTransportResponse(404) }, { _ in HTTPTransportResponse(200) },
        { _ in HTTPTransportResponse(307, headers: ["Location": "\(address)/v1/sys/seal"]) },
    ]

    @Test("No error and no explanation has the path of an address", arguments: answers.indices)
    func path(_ index: Int) async throws {
        let vault = FaultyVault(Self.answers[index])
        let resolver = try vault.resolver { $0.addresses = [Self.address] }
        let error = try #require(await resolver.failure("openai"))
        let explanation = try resolver.explain(service: "openai")
        let texts = "\(error) \(explanation) \(vault.transport.requests)"
        #expect(!texts.contains("leak"), "\(texts)")
        #expect(explanation.description.contains("asks https://gate.test:8200/… (the program)"), "\(explanation)")
        var dumped = ""
        dump(vault.transport.requests, to: &dumped)
        #expect(!dumped.contains("leak"))
    }

    @Test("An address with a user is refused, and not repeated", arguments: ["leak@", "x:leak@", ":leak@"])
    func user(_ user: String) throws {
        let vault = FaultyVault { _ in .secret("sk-1") }
        let error = #expect(throws: KeyResolutionError.self) {
            try vault.resolver { $0.addresses = ["https://\(user)gate.test"] }
        }
        #expect(error?.code == .invalidConfiguration && error?.description.contains("leak") == false)
    }

    @Test("A field whose name is canonically equivalent is another one")
    func fields() async throws {
        let kelvin = "OPENAI_API_\u{212A}EY"
        let both = #"{"data":{"data":{"\#(kelvin)":"sk-other","OPENAI_API_KEY":"sk-1"},"metadata":{"version":1}}}"#
        let one = #"{"data":{"data":{"\#(kelvin)":"sk-other"},"metadata":{"version":1}}}"#
        for (body, value) in [(both, "sk-1"), (one, "sk-environment")] {
            let vault = FaultyVault { _ in HTTPTransportResponse(200, body) }
            #expect(try await vault.resolver().value("openai") == value)
        }
    }
}
