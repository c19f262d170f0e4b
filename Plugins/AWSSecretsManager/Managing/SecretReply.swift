#if AWS
import JSON5Syntax
import KeyHooks
import LightFoundation

/// What AWS answers for a secret: the reply of `GetSecretValue`, or one of those of `BatchGetSecretValue`.
struct SecretReply {
    let secret: StoredSecret

    /// - Parameters:
    ///   - reply: The JSON.
    ///   - name: The secret that was asked for.
    ///   - selection: Which version was.
    /// - Throws: A `KeyResolutionError` for what isn't an answer to that.
    init(
        _ reply: JSONNode,
        of name: SecretName,
        _ selection: AWSSecretManager.Selection
    ) throws(KeyResolutionError) {
        func wrong(_ what: String) -> KeyResolutionError {
            KeyResolutionError(
                .pluginFailed,
                "AWS answers for the secret '\(name)' \(what)",
                remedy: "see what stands at the endpoint: keyhooks aws check"
            )
        }
        let version = reply["VersionId"]?.string
        let stages = reply["VersionStages"]?.elements?.compactMap(\.string)
        switch selection {
        case .version(let id): if version != id { throw wrong("with another version than was asked for") }
        // What was superseded is never given in the place of what is current.
        case .stage(let label):
            if stages?.contains(label) != true { throw wrong("with a version that isn't \(displayText(label))") }
        }
        let text: String
        if let string = reply["SecretString"]?.string {
            text = string
        } else if let binary = reply["SecretBinary"]?.string {
            guard let data = Data(base64Encoded: binary), let string = String(validating: data, as: UTF8.self) else {
                throw KeyResolutionError(
                    .unsupported,
                    "the secret '\(name)' is binary and isn't a text in UTF-8",
                    remedy: "write the key as a text: aws secretsmanager put-secret-value --secret-string"
                )
            }
            text = string
        } else {
            throw wrong("with neither a text nor a binary secret")
        }
        secret = StoredSecret(
            SecretContent(ofJSONStore: text),
            version: version,
            createdAt: reply["CreatedDate"]?.seconds.map { Date(timeIntervalSince1970: $0) }
        )
    }
}

extension JSONNode {
    /// A number, as AWS writes dates.
    fileprivate var seconds: Double? {
        guard let bytes = try? jsonBytes(), string == nil else { return nil }
        return Double(String(decoding: bytes, as: UTF8.self))
    }
}
#endif
