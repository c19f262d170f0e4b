package import Foundation

/// An identity provider of a test's own: a key made by `openssl`, and tokens signed with it (RFC 7515, RS256).
package struct TestIssuer: Sendable {
    private let key: String

    /// What checks the tokens, in PEM.
    package let publicKey: String

    /// Makes a key in a folder.
    package init(in folder: URL) throws {
        key = folder.appendingPathComponent("issuer.key").path
        _ = try Self.openssl(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key])
        publicKey = String(decoding: try Self.openssl(["pkey", "-in", key, "-pubout"]), as: UTF8.self)
    }

    /// A signed token with these claims, good for so many seconds.
    package func token(_ claims: [String: any Sendable], lasting seconds: Double = 600) throws -> String {
        let now = Date().timeIntervalSince1970
        let dates: [String: any Sendable] = ["iat": Int(now) - 1, "exp": Int(now + seconds)]
        let claims = claims.merging(dates) { $1 }
        let header = try Self.encoded(["alg": "RS256", "typ": "JWT"])
        let text = "\(header).\(try Self.encoded(claims))"
        let signature = try Self.openssl(["dgst", "-sha256", "-sign", key], input: Data(text.utf8))
        return "\(text).\(Self.encoded(signature))"
    }

    private static func encoded(_ object: [String: any Sendable]) throws -> String {
        encoded(try JSONSerialization.data(withJSONObject: object, options: .sortedKeys))
    }

    private static func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    private static func openssl(_ arguments: [String], input: Data = Data()) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let (source, output) = (Pipe(), Pipe())
        process.standardInput = source
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Less than what a pipe holds, so nobody waits for the reader.
        try source.fileHandleForWriting.write(contentsOf: input)
        try source.fileHandleForWriting.close()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BaoFailure("openssl \(arguments.first ?? "") failed") }
        return said
    }
}

/// `Tests/Support/token-review.py`: a stand-in for the part of Kubernetes that OpenBao asks about tokens.
package final class TokenReviewer: Sendable {
    package let address: String
    private let script: SupportScript

    package init() async throws {
        script = try SupportScript("token-review.py")
        guard let line = await script.line(), let port = Int(line) else {
            throw BaoFailure("token-review.py did not print its port")
        }
        address = "http://127.0.0.1:\(port)"
    }

    /// Makes a token the only valid one.
    package func accept(_ token: String) async throws {
        try script.say(token)
        guard await script.line() == "valid" else { throw BaoFailure("token-review.py has ended") }
    }
}
