import HTTPTransport
import KeyHooks
import OpenBao
import Testing

@Suite("Several servers")
struct AddressesTests {
    private static let addresses = ["https://a.test", "https://b.test", "https://c.test"]
    private static let sealed = HTTPTransportResponse(503, #"{"errors":["Vault is sealed"]}"#)

    /// What each server does, by the first letter of its name.
    private func vault(_ answers: [Character: Result<HTTPTransportResponse, HTTPTransportError>]) -> FaultyVault {
        FaultyVault { request in
            let name = request.url.dropFirst("https://".count).first ?? "?"
            return try answers[name]?.get() ?? .secret("sk-\(name)")
        }
    }

    private func asked(_ vault: FaultyVault) -> String {
        String(vault.transport.urls.compactMap { $0.dropFirst("https://".count).first })
    }

    @Test(
        "The next server is asked when one has no answer of its own",
        arguments: [
            .failure(HTTPTransportError(.cannotConnect)), .failure(HTTPTransportError(.timedOut)),
            .failure(HTTPTransportError(.insecure)), .failure(HTTPTransportError(.connectionLost)),
            .failure(HTTPTransportError(.answerTooLarge)), .success(sealed), .success(HTTPTransportResponse(500)),
            .success(HTTPTransportResponse(502, FaultyReply.page)), .success(HTTPTransportResponse(501)),
        ] as [Result<HTTPTransportResponse, HTTPTransportError>]
    )
    func next(_ first: Result<HTTPTransportResponse, HTTPTransportError>) async throws {
        let vault = vault(["a": first])
        let resolver = try vault.resolver { $0.addresses = Self.addresses }
        #expect(try await resolver.value("openai") == "sk-b")
        #expect(asked(vault) == "ab")
        #expect(vault.clock.waits == [])

        // In the order of the configuration every time: the first may be back, or be the nearest.
        resolver.invalidateAll()
        #expect(try await resolver.value("openai") == "sk-b")
        #expect(asked(vault) == "abab")
    }

    @Test("An answer of OpenBao's own is final, whatever the next server would say", arguments: [400, 401, 403])
    func final(_ status: Int) async throws {
        let vault = vault(["a": .success(HTTPTransportResponse(status, #"{"errors":["no"]}"#))])
        let error = try await vault.resolver { $0.addresses = Self.addresses }.failure("openai")
        #expect(error != nil)
        #expect(asked(vault) == "a")
    }

    @Test("An absence is final too")
    func absence() async throws {
        let vault = vault(["a": .success(HTTPTransportResponse(404, #"{"errors":[]}"#))])
        #expect(try await vault.resolver { $0.addresses = Self.addresses }.value("openai") == "sk-environment")
        #expect(!asked(vault).contains("b"))
    }

    @Test("All dead is the first one's failure", arguments: OpenBaoConfiguration.Fallback.allCases)
    func allDead(_ fallback: OpenBaoConfiguration.Fallback) async throws {
        let vault = vault([
            "a": .failure(HTTPTransportError(.insecure)),
            "b": .failure(HTTPTransportError(.cannotConnect)),
            "c": .failure(HTTPTransportError(.timedOut)),
        ])
        let said = try await vault.expect(.unavailable, fallback) { $0.addresses = Self.addresses }
        #expect(said.message.contains("TLS"))
        #expect(asked(vault) == "abc")
    }

    @Test("A server that replies says more than one that is dead", arguments: OpenBaoConfiguration.Fallback.allCases)
    func sealedAndDead(_ fallback: OpenBaoConfiguration.Fallback) async throws {
        let vault = vault([
            "a": .failure(HTTPTransportError(.cannotConnect)),
            "b": .success(Self.sealed),
            "c": .failure(HTTPTransportError(.cannotConnect)),
        ])
        try await vault.expect(.sealed, fallback) { $0.addresses = Self.addresses }
        #expect(asked(vault) == "abc")
    }

    @Test("One that hangs leaves the others their share of the time")
    func hanging() async throws {
        let vault = FaultyVault(strikes: 1) { request in
            if request.url.hasPrefix("https://a.test") { try await FakeTransport.hang() }
            return .secret("sk-b")
        }
        let resolver = try vault.resolver {
            $0.addresses = Self.addresses
            $0.timeout = .seconds(600)
        }
        #expect(try await resolver.value("openai") == "sk-b")
        #expect(vault.clock.waits == [.seconds(200)])
    }

    @Test("An address with a path keeps it, with or without a slash at its end")
    func prefix() async throws {
        for address in ["https://gate.test/bao", "https://gate.test/bao//"] {
            let vault = FaultyVault { _ in .secret("sk-1") }
            #expect(try await vault.resolver { $0.addresses = [address] }.value("openai") == "sk-1")
            #expect(vault.transport.urls == ["https://gate.test/bao/v1/secret/data/ai/providers"])
        }
    }
}
