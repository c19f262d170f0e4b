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
    /// Whether there is a session token and when they end; no value.
    var description: String {
        "AWSCredentials(\(sessionToken == nil ? "an access key" : "an access key with a session token")"
            + "\(ends.map { ", until \(RequestSigner.Time($0).text)" } ?? ""))"
    }

    var customMirror: Mirror { Mirror(self, children: ["ends": ends as Any]) }
}
#endif
