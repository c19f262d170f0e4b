#if AWS
import KeyHooks
import LightFoundation

/// An access key with all that belongs to it, so that parts of two are never mixed.
struct AWSCredentials: Sendable, Equatable {
    let accessKeyID: String
    let secretKey: APIKey
    let sessionToken: APIKey?

    /// When they end; nil for those that don't, or don't say.
    var ends: Date?

    init(accessKeyID: String, secretKey: APIKey, sessionToken: APIKey? = nil, ends: Date? = nil) {
        self.accessKeyID = accessKeyID
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.ends = ends
    }
}

extension AWSCredentials: CustomStringConvertible, CustomReflectable {
    /// Whether there is a session token and when they end, in words; no value.
    var words: String {
        "\(sessionToken == nil ? "an access key" : "an access key with a session token")"
            + "\(ends.map { ", until \($0.formatted(.iso8601))" } ?? "")"
    }

    /// The type and ``words``.
    var description: String { "AWSCredentials(\(words))" }

    var customMirror: Mirror { Mirror(self, children: ["ends": ends as Any]) }
}
#endif
