#if AWS
import Testing

/// Files and an environment that botocore and we get alike.
///
/// `{HOME}` is the home folder, and `{URL}` that of the stand-ins.
struct ChainCase: Sendable, CustomTestStringConvertible {
    var name: String
    var variables: [String: String] = [:]
    var config = ""
    var credentials = ""
    var files: [String: String] = [:]

    /// The profile that the program names itself.
    var profile: String?

    var testDescription: String { name }

    init(
        _ name: String,
        _ variables: [String: String] = [:],
        config: String = "",
        credentials: String = "",
        files: [String: String] = [:],
        profile: String? = nil
    ) {
        self.name = name
        self.variables = variables
        self.config = config
        self.credentials = credentials
        self.files = files
        self.profile = profile
    }

    static let key = "aws_access_key_id = AKIAFILE\naws_secret_access_key = file-secret\n"
    static let other = "aws_access_key_id = AKIAOTHER\naws_secret_access_key = other-secret\n"
    static let inEnvironment = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env-secret"]
    static let role = "role_arn = arn:aws:iam::123456789012:role/r\n"
    static let tokens = ["AWS_ENDPOINT_URL_STS": "{URL}/sts", "AWS_DEFAULT_REGION": "eu-west-1"]
    static let process =
        "#!/bin/sh\necho '{\"Version\": 1, \"AccessKeyId\": \"AKIAPROC\", \"SecretAccessKey\": \"p\"}'\n"
    static let signOn = "sso_account_id = 123456789012\nsso_role_name = dev\n"
    static let portal = ["AWS_ENDPOINT_URL_SSO": "{URL}/sso", "AWS_ENDPOINT_URL_SSO_OIDC": "{URL}/oidc"]
    static let session =
        "[default]\n\(signOn)sso_session = corp\n[sso-session corp]\nsso_start_url = https://start.example.org/start\n"
        + "sso_region = eu-west-1\n"

    static func instance(_ kind: String, _ more: [String: String] = [:]) -> [String: String] {
        let set = ["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{URL}/imds/\(kind)/"]
        return set.merging(more) { $1 }
    }

    static func container(_ kind: String, _ more: [String: String] = [:]) -> [String: String] {
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{URL}/container/\(kind)"].merging(more) { $1 }
    }

    /// The file in the cache of `aws sso login`: SHA-1 of the address, or of the session's name.
    static func cached(_ digest: String, _ token: String = "signed-on", ends: String = "2099-01-01T00:00:00Z")
        -> [String: String]
    {
        [".aws/sso/cache/\(digest).json": #"{"accessToken": "\#(token)", "expiresAt": "\#(ends)"}"#]
    }

    /// Of `https://start.example.org/start` and of `corp`.
    static let startDigest = "d4b791c8c9db074a7d0b3ae2faa443256db88c5d"
    static let sessionDigest = "ee0bfd2552fbd840c02cc48b6e823320543c450f"

    /// The file of a session, with the right to a next token.
    static func cachedSession(
        _ token: String,
        ends: String,
        right: String,
        registered: String = "2099-01-01T00:00:00Z"
    ) -> [String: String] {
        let text = #"""
            {"startUrl": "https://start.example.org/start", "region": "eu-west-1", "accessToken": "\#(token)",
             "expiresAt": "\#(ends)", "clientId": "client", "clientSecret": "client-secret",
             "registrationExpiresAt": "\#(registered)", "refreshToken": "\#(right)"}
            """#
        return [".aws/sso/cache/\(sessionDigest).json": text]
    }
}
#endif
