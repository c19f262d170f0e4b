import HTTPTransport
import KeyHooks
import OpenBao
import Testing

@Suite("Replies that are no answer")
struct ReplyTests {
    @Test(
        "A reply that is neither secret nor absence is a failure of its kind",
        arguments: FaultyReply.bodies + FaultyReply.refusals + FaultyReply.statuses + FaultyReply.foreign,
        KeyFallback.allCases
    )
    func fault(_ fault: FaultyReply, _ fallback: KeyFallback) async throws {
        let vault = FaultyVault { _ in fault.reply }
        try await vault.expect(fault.code, fallback)
        #expect(vault.transport.urls.count { !$0.contains("/sys/") } == fault.requests)
        #expect(vault.clock.waits.count == fault.requests - 1)
        #expect(vault.clock.waits.allSatisfy { (.seconds(1)...(.seconds(1.5))).contains($0) }, "\(vault.clock.waits)")
    }

    @Test("What is not OpenBao's says so, and leaves a good value where it is", arguments: FaultyReply.foreign)
    func foreign(_ fault: FaultyReply) async throws {
        let count = Counter()
        let vault = FaultyVault { _ in count.next() == 1 ? .secret("sk-1") : fault.reply }
        let resolver = try vault.resolver { $0.settings.cache.staleIfError = .seconds(3600) }
        #expect(try await resolver.value("openai") == "sk-1")
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-1")
        let explained = try resolver.explain(service: "openai").description
        #expect(explained.contains(fault.reply.status == 407 ? "the proxy wants a login" : "that is not OpenBao's"))
        #expect(!explained.contains("leak"))
    }

    @Test(
        "A proxy in the place of a server on this machine is called one",
        arguments: ["<html>leak</html>", #"{"errors":["leak"]}"#]
    )
    func localProxy(_ body: String) async throws {
        let vault = FaultyVault { _ in HTTPTransportResponse(407, body) }
        let said = try await vault.expect(.unavailable) { $0.addresses = ["http://127.0.0.1:3128"] }
        #expect(said.message == "a proxy answers at http://127.0.0.1:3128 in OpenBao's place, and wants a login (407)")
        #expect(said.remedy.contains("'proxy' or BAO_PROXY_ADDR"))
    }

    @Test("Only OpenBao's own word for an absence lets the environment answer", arguments: FaultyReply.absences)
    func absence(_ text: String) async throws {
        let vault = FaultyVault { request in
            request.url.contains("/sys/") ? FaultyReply.mayNotAsk : HTTPTransportResponse(404, text)
        }
        let key = try await vault.resolver().getAPIKey(service: "openai")
        #expect(key?.value == "sk-environment")
        // Nobody asks twice; before "missing" is believed, the mount is looked at.
        #expect(vault.transport.requests.count == (text.contains("errors") ? 2 : 1))
    }

    @Test(
        "Nor is an absence believed if nobody says what the mount is",
        arguments: [
            HTTPTransportResponse(404, #"{"errors":[]}"#), HTTPTransportResponse(400, #"{"errors":["leak"]}"#),
            HTTPTransportResponse(405, #"{"errors":["leak"]}"#), HTTPTransportResponse(412, #"{"errors":[]}"#),
            HTTPTransportResponse(200, #"{"data":null}"#), HTTPTransportResponse(200, "{}"),
            HTTPTransportResponse(403, FaultyReply.page), HTTPTransportResponse(500, FaultyReply.page),
        ]
    )
    func mount(_ reply: HTTPTransportResponse) async throws {
        let vault = FaultyVault { request in
            request.url.contains("/sys/") ? reply : HTTPTransportResponse(404, #"{"errors":[]}"#)
        }
        try await vault.expect(.unavailable)
    }
}

struct FaultyReply: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let reply: HTTPTransportResponse
    let code: KeyResolutionError.Code
    let requests: Int

    init(
        _ name: String,
        _ status: Int,
        _ body: String,
        _ code: KeyResolutionError.Code = .unavailable,
        requests: Int = 1
    ) {
        testDescription = "\(status), \(name)"
        reply = HTTPTransportResponse(status, body)
        self.code = code
        self.requests = requests
    }

    /// What OpenBao answers to a token that may not know what a mount is.
    static let mayNotAsk = HTTPTransportResponse(403, #"{"errors":["preflight capability check returned 403"]}"#)

    static let page = "<html><body>sk-leak</body></html>"
    static let leaderless = #"{"errors":["local node not active but active cluster node not found"]}"#
    private static let acl = #"{"errors":["1 error occurred:\n\t* permission denied\n\n"]}"#

    static let bodies = [
        FaultyReply("a page", 200, page),
        FaultyReply("nothing", 200, ""),
        FaultyReply("nothing", 204, ""),
        FaultyReply("half of a secret", 200, #"{"data":{"data":{"OPENAI_API_KEY":"sk-leak"#),
        FaultyReply("an unclosed secret", 200, #"{"data":{"data":{"OPENAI_API_KEY":"sk-leak"}}"#),
        FaultyReply("an array", 200, "[]"),
        FaultyReply("no data", 200, #"{"request_id":"sk-leak"}"#),
        FaultyReply("data that is null", 200, #"{"data":null}"#),
        FaultyReply("data that is text", 200, #"{"data":{"data":"sk-leak"}}"#),
        FaultyReply("a version without data", 200, #"{"data":{"data":null,"metadata":{"version":1}}}"#),
        FaultyReply("a secret of version 1", 200, #"{"data":{"OPENAI_API_KEY":"sk-leak"}}"#),
        FaultyReply("a wrapped secret", 200, #"{"data":null,"wrap_info":{"token":"s.leak"}}"#),
        FaultyReply("errors", 200, #"{"errors":["sk-leak"]}"#),
        FaultyReply("a name twice", 200, #"{"data":{"data":{"OPENAI_API_KEY":"a"},"data":{"OPENAI_API_KEY":"b"}}}"#),
        FaultyReply("no end of nesting", 200, String(repeating: #"{"data":"#, count: 100_000)),
        FaultyReply(
            "more than the limit",
            200,
            #"{"data":{"data":{"OPENAI_API_KEY":"sk-leak"}}}"# + String(repeating: " ", count: 8 << 20)
        ),
        FaultyReply("a page", 404, page),
        FaultyReply("nothing", 404, ""),
        FaultyReply("an empty object", 404, "{}"),
        FaultyReply("errors that are null", 404, #"{"errors":null}"#),
        FaultyReply("an unknown error", 404, #"{"errors":["sk-leak"]}"#),
        FaultyReply("metadata that is null", 404, #"{"data":{"data":null,"metadata":null}}"#),
        FaultyReply("metadata without anything", 404, #"{"data":{"metadata":{}}}"#),
        FaultyReply("a version that is not gone", 404, #"{"data":{"data":null,"metadata":{"version":3}}}"#),
        FaultyReply("a deletion of no version", 404, #"{"data":{"metadata":{"deletion_time":"2026-11-29T17:15Z"}}}"#),
        FaultyReply("errors beside no deletion", 404, #"{"errors":[],"data":{"metadata":{"version":3}}}"#),
        FaultyReply(
            "odd metadata",
            404,
            #"{"data":{"data":null,"metadata":{"version":1e300,"destroyed":"?","deletion_time":7}}}"#
        ),
        FaultyReply(
            "the whole secret",
            404,
            #"{"data":{"data":{"OPENAI_API_KEY":"sk-leak"},"metadata":{"version":1,"destroyed":true}}}"#
        ),
    ]

    /// What is not OpenBao's says nothing about the secret or the token.
    static let foreign = [400, 401, 403, 404, 405, 407, 408, 410, 451, 501, 505]
        .flatMap { status in
            [
                FaultyReply("a page", status, page),
                FaultyReply("nothing", status, ""),
                FaultyReply("JSON of somebody else's", status, #"{"error":"leak","message":"leak"}"#),
            ]
        }

    static let refusals = [
        FaultyReply("no mount", 404, #"{"errors":["no handler for route \"leak\"."]}"#, .invalidConfiguration),
        FaultyReply("no namespace", 404, #"{"errors":["namespace not found"]}"#, .invalidConfiguration),
        FaultyReply("no path of version 2", 404, #"{"errors":[],"warnings":["leak"]}"#, .invalidConfiguration),
        FaultyReply("a path that climbs", 400, #"{"errors":["relative paths not leak"]}"#, .invalidConfiguration),
        FaultyReply("its own", 401, #"{"errors":["leak"]}"#, .unauthenticated),
        FaultyReply("a dead token", 403, #"{"errors":["permission denied"]}"#, .unauthenticated),
        FaultyReply("a denial", 403, acl, .denied),
        FaultyReply("an unknown text", 403, #"{"errors":["s.leak is locked"]}"#, .denied),
        FaultyReply(
            "plain HTTP where TLS is spoken",
            400,
            "Client sent an HTTP request to an HTTPS server.\n",
            .insecure
        ),
        FaultyReply(
            "plain HTTP where nginx speaks TLS",
            400,
            "<html><center>The plain HTTP request was sent to HTTPS port</center></html>",
            .insecure
        ),
        FaultyReply(
            "plain HTTP where Apache speaks TLS",
            400,
            "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
            .insecure
        ),
    ]

    static let statuses = [
        FaultyReply("an upgrade", 400, #"{"errors":["Upgrading from non-versioned to versioned"]}"#, requests: 3),
        FaultyReply("a method refused", 405, page),
        FaultyReply("an index not reached", 412, #"{"errors":[]}"#, requests: 3),
        FaultyReply("a quota", 429, #"{"errors":["rate limit quota exceeded"]}"#, requests: 3),
        FaultyReply("an index not reached", 429, #"{"errors":[]}"#, requests: 3),
        FaultyReply("a page", 429, page, requests: 3),
        FaultyReply("a secondary for disasters", 472, ""),
        FaultyReply("a standby", 473, ""),
        FaultyReply("an error", 500, #"{"errors":["sk-leak"]}"#, requests: 3),
        FaultyReply("a page", 500, page, requests: 3),
        FaultyReply("not initialised", 501, #"{"errors":[]}"#),
        FaultyReply("a page", 502, page, requests: 3),
        FaultyReply("sealed", 503, #"{"errors":["Vault is sealed"]}"#, .sealed),
        FaultyReply("sealed, in other words", 503, #"{"errors":["OpenBao is Sealed"]}"#, .sealed),
        FaultyReply("a page of a balancer that says sealed", 503, "<html>sealed</html>", requests: 3),
        FaultyReply("no errors", 503, #"{"errors":[]}"#, requests: 3),
        FaultyReply("a page", 504, page, requests: 3),
        FaultyReply("an unknown status", 599, page),
        FaultyReply("no status", 0, page),
        FaultyReply("a preliminary status", 102, ""),
    ]

    static let absences = [
        #"{"errors":[]}"#,
        #"{"errors":[],"warnings":null}"#,
        #"{"data":{"data":null,"metadata":{"version":3,"destroyed":true,"deletion_time":""}}}"#,
        #"{"data":{"data":null,"metadata":{"version":3,"destroyed":false,"deletion_time":"2026-11-29T17:15:32Z"}}}"#,
    ]
}
