import Foundation
import KeyHooks

/// Reads the plugin's own credentials: from variables and files and nowhere else, so that they never depend on the keys
/// that the plugin is asked for.
struct CredentialSource: Sendable {
    let environment: BaoEnvironment

    func read(_ reference: SecretReference) throws(BaoFailure) -> APIKey {
        switch reference {
        case .environment(let name):
            guard let value = environment[exactly: name] else {
                throw BaoFailure(
                    .unauthenticated,
                    "the variable \(name), which should hold a credential for OpenBao, is not set",
                    remedy: "set \(name) in the process environment"
                )
            }
            return try checked(value, from: name)
        case .file(let written):
            let path = WrittenPath.absolute(environment.expanded(written))
            guard let value = contents(of: path) else {
                throw BaoFailure(
                    .unauthenticated,
                    "the file \(path), which should hold a credential for OpenBao, cannot be read",
                    remedy: "check that it exists, is a small file, and may be read"
                )
            }
            return try checked(value, from: path)
        }
    }

    /// The token that OpenBao's own tools would use.
    func ambientToken() throws(BaoFailure) -> APIKey {
        if let token = environment.value("TOKEN") { return try checked(token, from: environment.variable("TOKEN")) }
        let path = ambientPath
        if let path, let token = contents(of: path) { return try checked(token, from: path) }
        throw BaoFailure(
            .unauthenticated,
            "there is no token for OpenBao",
            remedy: "set BAO_TOKEN, name one by 'token', or log in by 'appRole'; 'fallback' does not cover this, and "
                + "KEYHOOKS_NO_PLUGINS=1 goes without OpenBao"
        )
    }

    private var ambientPath: String? {
        environment.value("TOKEN_PATH") ?? environment.home.map { $0 + "/.vault-token" }
    }

    private func contents(of path: String) -> String? {
        (try? FileReading.read(environment.expanded(path), limit: 1 << 16))
            .map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// The files that a reference leads to.
    func files(_ reference: SecretReference) -> [String] {
        if case .file(let path) = reference { [environment.expanded(path)] } else { [] }
    }

    /// The files that ``ambientToken()`` may read.
    var ambientFiles: [String] {
        environment.value("TOKEN") == nil ? ambientPath.map { [environment.expanded($0)] } ?? [] : []
    }

    /// A credential goes into a header field or a JSON text; a line break in it would be a second header field.
    static func isCredential(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private func checked(_ value: String, from place: String) throws(BaoFailure) -> APIKey {
        let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
        guard Self.isCredential(trimmed) else {
            throw BaoFailure(
                .unauthenticated,
                "what \(place) holds cannot be a credential for OpenBao",
                remedy: "it must be printable ASCII without blanks"
            )
        }
        return APIKey(trimmed)
    }
}
