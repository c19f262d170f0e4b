#if AWS
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import AWSSecretsManager

@Suite("Requests, refusals and attempts")
struct AWSCallerTests {
    static let types: [(type: String, message: String, kind: AWSFailure.Kind, code: KeyResolutionError.Code)] = [
        ("ResourceNotFoundException", "", .absent, .absent),
        ("com.amazonaws.secretsmanager.v1#ResourceNotFoundException", "", .absent, .absent),
        ("ResourceNotFoundException:http://internal.amazon.com/x", "", .absent, .absent),
        ("InvalidRequestException", "… because it was marked for deletion.", .deleted, .absent),
        ("InvalidRequestException", "… because it was deleted. It is scheduled for deletion", .deleted, .absent),
        ("InvalidRequestException", "You tried to …", .invalid, .invalidConfiguration),
        ("ResourceExistsException", "", .exists, .conflict), ("AccessDeniedException", "", .denied, .denied),
        ("AccessDenied", "", .denied, .denied), ("DecryptionFailure", "", .encryption, .denied),
        ("EncryptionFailure", "", .encryption, .denied),
        ("UnrecognizedClientException", "", .credentials, .unauthenticated),
        ("InvalidClientTokenId", "", .credentials, .unauthenticated),
        ("InvalidSignatureException", "", .credentials, .unauthenticated),
        ("SignatureDoesNotMatch", "", .credentials, .unauthenticated),
        ("ExpiredTokenException", "", .expired, .unauthenticated), ("ExpiredToken", "", .expired, .unauthenticated),
        ("RequestExpired", "", .skewed, .unauthenticated),
        ("ThrottlingException", "", .throttled, .unavailable),
        ("TooManyRequestsException", "", .throttled, .unavailable),
        ("RequestLimitExceeded", "", .throttled, .unavailable), ("SlowDown", "", .throttled, .unavailable),
        ("InternalServiceError", "", .passing, .unavailable), ("ServiceUnavailable", "", .passing, .unavailable),
        ("InvalidParameterException", "", .invalid, .invalidConfiguration),
        ("MalformedPolicyDocumentException", "", .invalid, .invalidConfiguration),
        ("SomethingNewException", "", .invalid, .invalidConfiguration),
    ]

    @Test("a refusal is recognised by its type in a header, in JSON and in XML, whatever the status", arguments: types)
    func classified(
        _ type: String,
        _ message: String,
        _ kind: AWSFailure.Kind,
        _ code: KeyResolutionError.Code
    ) {
        for status in [400, 403, 404] {
            let replies: [HTTPTransportResponse] = [
                .error(type, status, message: message),
                HTTPTransportResponse(
                    status: status,
                    headers: ["x-amzn-ErrorType": type],
                    body: Array(#"{"Message": "\#(message)"}"#.utf8)
                ),
                HTTPTransportResponse(
                    status: status,
                    body: Array("<E><Error><Code>\(type)</Code><Message>\(message)</Message></Error></E>".utf8)
                ),
            ]
            for (index, reply) in replies.enumerated() {
                let failure = AWSFailure(AWSReply(reply), "reading it", at: "https://x", now: Date())
                // Secrets Manager doesn't speak XML: in it nobody can say that a secret isn't there.
                let isForeign = index == 2 && code == .absent
                #expect(failure.kind == (isForeign ? .unanswered : kind))
                #expect(failure.error.code == (isForeign ? .unavailable : code))
            }
        }
    }

    @Test(
        "what isn't AWS's own answer is unavailable, and its text isn't shown",
        arguments: [
            HTTPTransportResponse(status: 403, body: Array("<html>very-secret</html>".utf8)),
            HTTPTransportResponse(status: 502, body: Array("very-secret".utf8)), HTTPTransportResponse(status: 404),
            HTTPTransportResponse(status: 301, headers: ["location": "https://very-secret/"]),
            HTTPTransportResponse(status: 500, body: Array(#"{"__type": "very secret!"}"#.utf8)),
        ]
    )
    func foreign(_ reply: HTTPTransportResponse) {
        let failure = AWSFailure(AWSReply(reply), "reading it", at: "https://x", now: Date())
        #expect(failure.kind == .unanswered)
        #expect(failure.error.code == .unavailable)
        #expect(!failure.description.contains("very"))
    }

    /// A client of which everything but the answers is real.
    private static func client(_ transport: FakeTransport, _ time: TestTime, random: Double = 1) throws -> AWSClient {
        let variables = ["HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "very-secret"]
        var caller = AWSCaller(transport, time.clock)
        caller.random = { random }
        let context = PluginContext(configuration: KeyConfiguration(), environment: variables)
        let environment = AWSEnvironment(variables)
        return try AWSClient(
            caller: caller,
            credentials: CredentialKeeper(CredentialChain(CredentialSettings(), context, caller, local: transport)),
            settings: EndpointSettings(environment: environment, profile: AWSProfile(name: "default")),
            region: try AWSRegion("us-east-1", from: "the test")
        )
    }

    private static func read(_ client: AWSClient, within seconds: Double = 60) async throws -> JSONNode {
        let deadline = client.caller.clock.now() + .seconds(seconds)
        let body = JSONNode.object(["SecretId": .string("a")])
        return try await client.send("GetSecretValue", body, "reading the secret 'a'", of: "a", by: deadline)
    }

    @Test("a request has the action, the signature and the body")
    func request() async throws {
        let transport = FakeTransport { _, _ in .success(#"{"Name": "a"}"#) }
        let json = try await Self.read(try Self.client(transport, TestTime()))
        #expect(json["Name"]?.string == "a")
        let request = try #require(transport.sent.first)
        #expect(request.url == "https://secretsmanager.us-east-1.amazonaws.com/")
        #expect(request.headers["X-Amz-Target"] == "secretsmanager.GetSecretValue")
        #expect(request.headers["X-Amz-Date"] == "20270115T080000Z")
        let signed = "SignedHeaders=content-type;host;x-amz-date;x-amz-target"
        #expect(request.headers["Authorization"]?.contains(signed) == true)
    }

    @Test("too many requests are repeated twice, with pauses by full jitter of a doubling base")
    func throttled() async throws {
        let time = TestTime()
        let transport = FakeTransport { _, count in
            count < 2 ? .error("ThrottlingException") : .success(#"{"Name": "a"}"#)
        }
        let client = try Self.client(transport, time, random: 0.5)
        try await time.warm(client.credentials)
        let task = Task { try await Self.read(client) }
        try await time.someoneSleeps(after: 1, transport)
        time.advance(0.49)
        #expect(time.manual.sleeperCount == 1)
        time.advance(0.01)
        try await time.someoneSleeps(after: 2, transport)
        time.advance(0.99)
        #expect(time.manual.sleeperCount == 1)
        #expect(transport.sent.count == 2)
        time.advance(0.01)
        #expect(try await task.value["Name"]?.string == "a")
        #expect(transport.sent.count == 3)
    }

    @Test("a pause that doesn't fit into the time isn't begun, and the third refusal is reported")
    func deadline() async throws {
        let transport = FakeTransport { _, _ in .error("ThrottlingException") }
        await #expect(throws: AWSFailure.self) {
            try await Self.read(try Self.client(transport, TestTime(), random: 1), within: 0.9)
        }
        #expect(transport.sent.count == 1)
        let asked = FakeTransport { _, _ in .error("ThrottlingException", headers: ["retry-after": "120"]) }
        let failure = await #expect(throws: AWSFailure.self) { try await Self.read(try Self.client(asked, TestTime())) }
        #expect(asked.sent.count == 1)
        #expect(failure?.retryAfter == .seconds(120))
        let often = FakeTransport { _, _ in .error("InternalServiceError", 500) }
        await #expect(throws: AWSFailure.self) { try await Self.read(try Self.client(often, TestTime(), random: 0)) }
        #expect(often.sent.count == 3)
    }

    @Test(
        "a denial, an absence and a wrong request are asked for once",
        arguments: [
            "AccessDeniedException", "ResourceNotFoundException", "InvalidParameterException", "DecryptionFailure",
        ]
    )
    func once(_ type: String) async throws {
        let transport = FakeTransport { _, _ in .error(type, headers: ["x-amzn-requestid": "abc-1"]) }
        let failure = await #expect(throws: AWSFailure.self) {
            try await Self.read(try Self.client(transport, TestTime()))
        }
        #expect(transport.sent.count == 1)
        #expect(failure?.description.contains("request abc-1") == true)
        #expect(failure?.description.contains("very-secret") == false)
    }

    @Test(
        "a connection that is lost or can't be made is tried again; what isn't trusted, or took its time, is not",
        arguments: [
            (.connectionLost, 2, .unavailable), (.cannotConnect, 2, .unavailable), (.unknownHost, 2, .unavailable),
            (.untrustedCertificate, 1, .insecure), (.timedOut, 1, .timedOut), (.wrongHost, 1, .insecure),
            (.invalidSettings, 1, .invalidConfiguration), (.missingLibrary, 1, .invalidConfiguration),
            (.loopbackThroughProxy, 1, .invalidConfiguration),
        ] as [(HTTPTransportError.Code, Int, KeyResolutionError.Code)]
    )
    func noReply(_ code: HTTPTransportError.Code, _ requests: Int, _ expected: KeyResolutionError.Code) async throws {
        let once = FakeTransport { _, count in
            guard count == 0 else { return .success(#"{"Name": "a"}"#) }
            throw HTTPTransportError(code)
        }
        let result = await Result { try await Self.read(try Self.client(once, TestTime(), random: 0)) }
        #expect(once.sent.count == requests)
        #expect(((try? result.get()) != nil) == (requests == 2))
        let always = FakeTransport { _, _ in throw HTTPTransportError(code) }
        let failure = await #expect(throws: AWSFailure.self) {
            try await Self.read(try Self.client(always, TestTime(), random: 0))
        }
        #expect(always.sent.count == (requests == 2 ? 3 : 1))
        #expect(failure?.error.code == expected)
    }

    @Test("a clock that is wrong is corrected once, from the server's date, and stays so")
    func skew() async throws {
        let transport = FakeTransport { request, _ in
            let date = ["date": "Fri, 15 Jan 2027 09:00:00 GMT"]
            return request.headers["X-Amz-Date"] == "20270115T090000Z"
                ? .success(#"{"Name": "a"}"#) : .error("InvalidSignatureException", headers: date)
        }
        let client = try Self.client(transport, TestTime())
        #expect(try await Self.read(client)["Name"]?.string == "a")
        #expect(transport.sent.count == 2)
        _ = try await Self.read(client)
        #expect(transport.sent.count == 3)
    }

    @Test("a request that was signed before another one corrected the clock is sent again too")
    func skewMeanwhile() async throws {
        let time = TestTime()
        let skew = Mutex<ClockSkew?>(nil)
        let server = time.clock.date().addingTimeInterval(3600)
        let transport = FakeTransport { request, _ in
            if request.headers["X-Amz-Date"] == "20270115T090000Z" { return .success(#"{"Name": "a"}"#) }
            // The other one's reply comes in between.
            _ = skew.withLock(\.self)?.correct(time.clock.date(), to: server, from: 0)
            return .error("RequestExpired", headers: ["date": "Fri, 15 Jan 2027 09:00:00 GMT"])
        }
        let client = try Self.client(transport, time)
        skew.withLock { $0 = client.caller.skew }
        #expect(try await Self.read(client)["Name"]?.string == "a")
        #expect(transport.sent.count == 2)
    }

    @Test("a server whose date is ours refuses a signature for good")
    func noSkew() async throws {
        let transport = FakeTransport { _, _ in
            .error("InvalidSignatureException", headers: ["date": "Fri, 15 Jan 2027 08:02:00 GMT"])
        }
        let failure = await #expect(throws: AWSFailure.self) {
            try await Self.read(try Self.client(transport, TestTime()))
        }
        #expect(failure?.kind == .credentials)
        #expect(transport.sent.count == 1)
    }

    /// A client whose credentials a container gives.
    private static func clientOfContainer(_ transport: FakeTransport, _ time: TestTime) throws -> AWSClient {
        let variables = ["HOME": "/nonexistent", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"]
        var caller = AWSCaller(transport, time.clock)
        caller.random = { 0 }
        let context = PluginContext(configuration: KeyConfiguration(), environment: variables)
        return try AWSClient(
            caller: caller,
            credentials: CredentialKeeper(CredentialChain(CredentialSettings(), context, caller, local: transport)),
            settings: EndpointSettings(environment: AWSEnvironment(variables), profile: AWSProfile(name: "default")),
            region: try AWSRegion("us-east-1", from: "the test")
        )
    }

    @Test("an outage while new credentials are looked for is an outage, and doesn't mean that they were refused")
    func outageOfLink() async throws {
        let number = NumberedCredentials()
        let transport = FakeTransport { request, count in
            guard request.url.hasPrefix("http://169.254.170.2/") else { return .error("ExpiredTokenException") }
            return count == 0 ? number.next() : HTTPTransportResponse(status: 500)
        }
        let time = TestTime()
        let client = try Self.clientOfContainer(transport, time)
        let task = Task { try await Self.read(client) }
        let error = await #expect(throws: KeyResolutionError.self) {
            // The container is asked again after pauses.
            let mover = Task {
                while !Task.isCancelled {
                    time.advance(1)
                    await Task.yield()
                }
            }
            defer { mover.cancel() }
            return try await task.value
        }
        #expect([.unavailable, .timedOut].contains(error?.code))
    }

    @Test("only AWS itself says that there is no such secret, and nobody's JSON in front of it")
    func absence() {
        let front = HTTPTransportResponse(status: 404, body: Array(#"{"code": "ResourceNotFoundException"}"#.utf8))
        let failure = AWSFailure(AWSReply(front), "reading it", at: "https://a", now: Date())
        #expect(failure.error.code == .unavailable)
        for own in [HTTPTransportResponse.error("ResourceNotFoundException"), .error("x#ResourceNotFoundException")] {
            #expect(AWSFailure(AWSReply(own), "reading it", at: "https://a", now: Date()).kind == .absent)
        }
    }

    @Test("a session that has ended is replaced once and the request repeated; the same credentials are not")
    func expired() async throws {
        let number = NumberedCredentials()
        let transport = FakeTransport { request, _ in
            if request.url.hasPrefix("http://169.254.170.2/") { return number.next() }
            return request.headers["X-Amz-Security-Token"] == "T2"
                ? .success(#"{"Name": "a"}"#) : .error("ExpiredTokenException")
        }
        let time = TestTime()
        let client = try Self.clientOfContainer(transport, time)
        #expect(try await Self.read(client)["Name"]?.string == "a")
        #expect(transport.sent.count == 4)
        let same = FakeTransport { _, _ in .error("ExpiredTokenException") }
        let failure = await #expect(throws: AWSFailure.self) { try await Self.read(try Self.client(same, time)) }
        #expect(failure?.kind == .expired)
        #expect(same.sent.count == 1)
    }
}

/// Credentials of a container that are others each time.
private final class NumberedCredentials: Sendable {
    private let count = Mutex(0)

    func next() -> HTTPTransportResponse {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return .success(
            #"{"AccessKeyId":"K\#(number)","SecretAccessKey":"S","Token":"T\#(number)","Expiration":"2099-01-01T00:00:00Z"}"#
        )
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
#endif
