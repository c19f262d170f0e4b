#if AWS
import Foundation
import HTTPTransport
import KeyHooks
import Testing

@testable import AWSSecretsManager

@Suite("Signatures beside botocore's")
struct RequestSignerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var method = "POST"
        var base = "https://secretsmanager.us-east-1.amazonaws.com"
        var path = ""
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var body = ""
        var region = "us-east-1"
        var service = "secretsmanager"
        var token: String?
        var seconds = 1_440_938_160.0

        var testDescription: String { name }
    }

    static let json = [
        (name: "Content-Type", value: "application/x-amz-json-1.1"),
        (name: "X-Amz-Target", value: "secretsmanager.GetSecretValue"),
    ]
    static let form = [(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")]
    static let who = "Action=GetCallerIdentity&Version=2011-06-15"

    static let cases = [
        Case(name: "a read of a secret", headers: json, body: #"{"SecretId":"prod/openai/api_key"}"#),
        Case(name: "with a session token", headers: json, body: #"{"SecretId":"a"}"#, token: "IQoJb3JpZ2luX2VjE//+=="),
        Case(name: "a name in UTF-8", headers: json, body: #"{"SecretId":"größe/ключ/鍵"}"#),
        Case(name: "a server on a port", base: "http://127.0.0.1:5000", headers: json, body: "{}"),
        Case(name: "the usual port, written out", base: "https://vpce-1.example.org:443", headers: json, body: "{}"),
        Case(name: "the usual port of http", base: "http://localhost:80", headers: json, body: "{}"),
        Case(name: "an address of IPv6", base: "http://[::1]:4566", headers: json, body: "{}"),
        Case(name: "capitals in the host", base: "https://Example.ORG", headers: json, body: "{}"),
        Case(name: "a path before the service's", base: "https://gateway.example.org/aws", headers: json, body: "{}"),
        Case(
            name: "blanks in a header field",
            headers: json + [(name: "X-Amz-Note", value: "  a   b \t c ")],
            body: "{}"
        ),
        Case(
            name: "China",
            base: "https://secretsmanager.cn-north-1.amazonaws.com.cn",
            headers: json,
            body: "{}",
            region: "cn-north-1"
        ),
        Case(name: "who am I", base: "https://sts.amazonaws.com", headers: form, body: who, service: "sts"),
        Case(
            name: "who am I in a region",
            base: "https://sts.eu-west-1.amazonaws.com",
            headers: form,
            body: who,
            region: "eu-west-1",
            service: "sts",
            token: "token"
        ),
        Case(name: "an empty body", base: "https://sts.amazonaws.com", headers: form, service: "sts"),
        Case(
            name: "GET",
            method: "GET",
            base: "https://sts.amazonaws.com",
            query: [("Version", "2011-06-15"), ("Action", "GetCallerIdentity")],
            service: "sts"
        ),
        Case(
            name: "GET with what has to be encoded",
            method: "GET",
            base: "https://sts.amazonaws.com",
            query: [("b", "x y+z&=/?"), ("a", "ä~_-."), ("a b", "")],
            service: "sts"
        ),
        Case(
            name: "GET with a name twice",
            method: "GET",
            base: "https://sts.amazonaws.com",
            query: [("a", "2"), ("a", "1"), ("A", "3")],
            service: "sts"
        ),
        Case(
            name: "GET of a path",
            method: "GET",
            base: "https://example.org",
            path: "a/b c%20d/é",
            service: "execute-api"
        ),
        Case(name: "the last second of a leap day", headers: json, body: "{}", seconds: 1_709_251_199),
        Case(name: "the first second of a year", headers: json, body: "{}", seconds: 1_767_225_600),
        Case(name: "a fraction of a second", headers: json, body: "{}", seconds: 1_440_938_160.999),
        Case(name: "a long body", headers: json, body: String(repeating: "0123456789", count: 10_000)),
    ]

    @Test("signs as botocore does", arguments: cases)
    func asBotocore(_ each: Case) async throws {
        let base = try EndpointURL(each.base, setting: "the test").appending(each.path)
        let credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretKey: AWSCredentials.published.secretKey,
            sessionToken: each.token.map { APIKey($0) }
        )
        let request = RequestSigner(credentials: credentials, region: each.region, service: each.service)
            .signed(
                each.method,
                base,
                query: each.query,
                headers: each.headers,
                body: Array(each.body.utf8),
                at: Date(timeIntervalSince1970: each.seconds)
            )
        // botocore gets the URL that is sent, with the port as it was written.
        let query = request.url.firstIndex(of: "?").map { String(request.url[$0...]) } ?? ""
        let answer = try await Botocore.shared.ask(
            "sign",
            [
                "method": each.method,
                "url": "\(each.base)/\(each.path)\(query)",
                "headers": each.headers.map { [$0.name, $0.value] },
                "body": each.body,
                "region": each.region,
                "service": each.service,
                "keys": ["AKIDEXAMPLE", AWSCredentials.published.secretKey.value, each.token ?? ""],
                "time": each.seconds,
            ]
        )
        let expected = try #require(answer.text("authorization"))
        #expect(request.headers["Authorization"] == expected)
    }

    @Test("a signature tells one credential from another, and one second from the next")
    func everythingCounts() throws {
        func authorization(_ credentials: AWSCredentials, _ seconds: Double, _ body: String = "{}") throws -> String? {
            let url = try EndpointURL("https://example.org", setting: "the test")
            return RequestSigner(credentials: credentials, region: "us-east-1", service: "secretsmanager")
                .signed("POST", url, body: Array(body.utf8), at: Date(timeIntervalSince1970: seconds))
                .headers["Authorization"]
        }
        let other = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretKey: APIKey("another"))
        let usual = try authorization(.published, 1)
        #expect(try authorization(.published, 1) == usual)
        #expect(try authorization(other, 1) != usual)
        #expect(try authorization(.published, 2) != usual)
        #expect(try authorization(.published, 1, "{} ") != usual)
    }

    @Test("neither credentials nor a signed request show a value")
    func valueFree() throws {
        let credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretKey: APIKey("very-secret"),
            sessionToken: APIKey("very-secret"),
            ends: Date(timeIntervalSince1970: 0)
        )
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!(dumped + "\(credentials)").contains("very-secret"))
        #expect(!(dumped + "\(credentials)").contains("AKID"))
        #expect("\(credentials)".contains("1970-01-01T00:00:00Z"))
    }
}
#endif
