import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import Testing

@Suite("No reply at all")
struct TransportErrorTests {
    @Test("Each kind has its text and its remedy", arguments: NoReply.all, KeyFallback.allCases)
    func kinds(_ row: NoReply, _ fallback: KeyFallback) async throws {
        let vault = FaultyVault { _ in throw HTTPTransportError(row.kind) }
        let said = try await vault.expect(row.code, fallback)
        #expect(said.message.contains(row.message), "\(said.message)")
        #expect(said.remedy.contains(row.remedy), "\(said.remedy)")
        #expect(vault.transport.requests.count == row.requests)
        #expect(vault.clock.waits == [])
    }

    @Test(
        "Neither a fault of TLS nor one of the settings ends a value that is good, and both are reported",
        arguments: [.untrustedCertificate, .wrongHost, .plainHTTP, .invalidSettings] as [HTTPTransportError.Code]
    )
    func kept(_ code: HTTPTransportError.Code) async throws {
        let count = Counter()
        let vault = FaultyVault { _ in
            if count.next() == 1 { return .secret("sk-1") }
            throw HTTPTransportError(code, subject: "CN=elsewhere.test")
        }
        let resolver = try vault.resolver {
            $0.settings.cache.staleIfError = .seconds(60)
            $0.settings.fallback = .unavailable
        }
        #expect(try await resolver.value("openai") == "sk-1")
        vault.clock.advance(by: .seconds(301))
        let key = try await resolver.getAPIKey(service: "openai")
        #expect(key?.value == "sk-1" && key?.provenance?.isStale == true)
        #expect(try resolver.explain(service: "openai").description.contains("'CN=elsewhere.test'"))
        vault.clock.advance(by: .seconds(61))
        #expect(await resolver.failure("openai") != nil)
    }

    @Test("An error of a transport's own is not repeated in words: it may quote the token")
    func unknown() async throws {
        struct Quoting: Error, CustomStringConvertible {
            let description = "X-Vault-Token: s.leak-token"
        }
        let vault = FaultyVault { _ in throw Quoting() }
        try await vault.expect(.unavailable)
        let error = try #require(await vault.resolver().failure("openai"))
        var dumped = ""
        dump(error, to: &dumped)
        for text in [error.description, error.debugDescription, error.localizedDescription, dumped] {
            #expect(!text.contains("leak"))
        }
    }

    @Test("A connection that is lost once costs one more request and no wait")
    func lostOnce() async throws {
        let count = Counter()
        let vault = FaultyVault { _ in
            if count.next() == 1 { throw HTTPTransportError(.connectionLost) }
            return .secret("sk-1")
        }
        #expect(try await vault.resolver().value("openai") == "sk-1")
        #expect(vault.transport.requests.count == 2)
    }

    @Test("A transport that gives up by itself fails the read", arguments: KeyFallback.allCases)
    func cancelled(_ fallback: KeyFallback) async throws {
        let vault = FaultyVault { _ in throw CancellationError() }
        try await vault.expect(.unavailable, fallback)
    }

    @Test("What never answers is ended by the timeout", arguments: KeyFallback.allCases)
    func hanging(_ fallback: KeyFallback) async throws {
        let vault = FaultyVault(strikes: 1) { _ in try await FakeTransport.hang() }
        let said = try await vault.expect(.timedOut, fallback)
        #expect(said.remedy.contains("'timeout'"))
        #expect(vault.clock.waits == [.seconds(1000)])
        #expect(vault.transport.requests.count == 1)
    }
}

struct NoReply: Sendable, CustomTestStringConvertible {
    let kind: HTTPTransportError.Code
    var code = KeyResolutionError.Code.unavailable
    let message: String
    let remedy: String
    var requests = 1

    var testDescription: String { kind.description }

    static let all = [
        NoReply(kind: .cannotConnect, message: ": cannot connect", remedy: "check 'address'"),
        // The server may have closed a connection just when it was used again.
        NoReply(kind: .connectionLost, message: ": the connection was lost", remedy: "check 'address'", requests: 3),
        NoReply(kind: .timedOut, code: .timedOut, message: "in time", remedy: "raise 'timeout'"),
        NoReply(kind: .insecure, code: .insecure, message: ": TLS failed", remedy: "'caCert'"),
        NoReply(kind: .untrustedCertificate, code: .insecure, message: "no authority", remedy: "BAO_CACERT"),
        NoReply(kind: .expiredCertificate, code: .insecure, message: "has expired", remedy: "renew"),
        NoReply(kind: .certificateNotYetValid, code: .insecure, message: "not valid yet", remedy: "clock"),
        NoReply(kind: .wrongHost, code: .insecure, message: "another host", remedy: "'tlsServerName'"),
        NoReply(kind: .clientCertificateRequired, code: .insecure, message: "client cert", remedy: "'clientCert'"),
        NoReply(kind: .plainHTTP, code: .insecure, message: "plain HTTP", remedy: "write http://"),
        NoReply(kind: .missingLibrary, code: .invalidConfiguration, message: "libcurl", remedy: "install libcurl"),
        NoReply(kind: .invalidSettings, code: .invalidConfiguration, message: "TLS or a proxy", remedy: "'caCert'"),
        NoReply(kind: .proxyFailed, message: "the proxy", remedy: "'proxy'"),
        NoReply(kind: .unknownHost, message: "no address", remedy: "check the host"),
        NoReply(kind: .answerTooLarge, message: ": the answer is too large", remedy: "check 'address'"),
        NoReply(kind: .invalidURL, code: .invalidConfiguration, message: "URL", remedy: "check 'address'"),
        NoReply(kind: .other, message: ": the request failed", remedy: "check 'address'"),
    ]
}
