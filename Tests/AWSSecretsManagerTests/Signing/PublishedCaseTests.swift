#if AWS
import Foundation
import KeyHooks
import Testing

@testable import AWSSecretsManager

@Suite("AWS's published cases of Signature Version 4")
struct PublishedCaseTests {
    @Test("every published case gives its canonical request, its text to sign and its signature")
    func everyCase() async throws {
        let folder = URL(fileURLWithPath: try await awsScript("cases"))
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        let cases = files.compactMap { $0 as? URL }.filter { $0.pathExtension == "req" }.sorted { $0.path < $1.path }
        #expect(cases.count == 34)
        for file in cases {
            let name = file.deletingPathExtension().lastPathComponent
            func text(_ end: String) throws -> String {
                try String(contentsOf: file.deletingPathExtension().appendingPathExtension(end), encoding: .utf8)
                    .replacing("\r\n", with: "\n")
            }
            var published = try PublishedCase(try text("req"))
            // The one case in which the signer is to add the token.
            let token = try text("creq").firstMatch(of: #/(?m)^x-amz-security-token:(.+)$/#)?.output.1
            if let token, !published.request.headers.contains(where: { $0.value == token }) {
                published.request.headers.append(("X-Amz-Security-Token", String(token)))
            }
            let signature = RequestSigner(credentials: .published, region: "us-east-1", service: "service")
                .signature(of: published.request, at: RequestSigner.Time(Date(timeIntervalSince1970: 1_440_938_160)))
            #expect(try text("creq") == signature.canonicalRequest, "\(name)")
            #expect(try text("sts") == signature.stringToSign, "\(name)")
            #expect(try text("authz") == signature.authorization, "\(name)")
        }
    }
}

extension AWSCredentials {
    /// The access key of AWS's examples.
    static let published = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretKey: APIKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    )
}

/// A request as the suite writes it.
private struct PublishedCase {
    var request: CanonicalRequest

    init(_ text: String) throws {
        let parts = text.components(separatedBy: "\n\n")
        var lines = parts[0].split(separator: "\n")
        let first = lines.removeFirst()
        let start = try #require(first.firstIndex(of: " "))
        let end = try #require(first.range(of: " HTTP/1.1")?.lowerBound)
        let target = first[first.index(after: start)..<end]
        let path = target.prefix { $0 != "?" }
        let query = target.dropFirst(path.count + 1).split(separator: "&")
            .map { pair in
                let name = pair.prefix { $0 != "=" }
                func decoded(_ text: Substring) -> String { text.removingPercentEncoding ?? String(text) }
                return (name: decoded(name), value: decoded(pair.dropFirst(name.count + 1)))
            }
        var headers: [(name: String, value: String)] = []
        for line in lines {
            if line.hasPrefix(" ") {
                headers[headers.count - 1].value += "\n" + line
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                headers.append((String(line[..<colon]), String(line[line.index(after: colon)...])))
            }
        }
        request = CanonicalRequest(
            method: String(first[..<start]),
            path: String(path),
            query: query,
            headers: headers,
            body: Array(parts.dropFirst().joined(separator: "\n\n").utf8)
        )
    }
}
#endif
