#if AWS
import ExtensionHooks
import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// Why AWS didn't do what it was asked.
struct AWSFailure: ValueFreeError {
    /// What a failure means, told apart by AWS's own types.
    enum Kind: Hashable, Sendable {
        /// There is no such secret, or no such version of it.
        case absent
        /// It is scheduled for deletion.
        case deleted
        /// There is one of that name already.
        case exists
        /// It can't be deleted while it has replicas.
        case replicated
        case denied
        /// The key that a secret is encrypted with can't be used.
        case encryption
        /// The credentials aren't accepted.
        case credentials
        /// The session of the credentials has ended.
        case expired
        /// The clocks differ too much.
        case skewed
        case throttled
        /// It may pass by itself.
        case passing
        /// AWS doesn't take the request as it is.
        case invalid
        /// What a server says that isn't AWS's, or nothing at all.
        case unanswered
    }

    let kind: Kind
    let error: KeyResolutionError

    /// How long AWS asked to be left alone.
    var retryAfter: Duration?

    /// Whether it may have been done all the same.
    var mayBeDone = false

    var description: String { error.description }

    init(_ kind: Kind, _ code: KeyResolutionError.Code, _ message: String, remedy: String) {
        self.kind = kind
        error = KeyResolutionError(code, message, remedy: remedy)
    }
}

extension AWSFailure.Kind {
    /// What a type of AWS's means; nil for one that isn't known.
    init?(type: String, message: String) {
        let type = type.hasSuffix("Exception") ? String(type.dropLast("Exception".count)) : type
        // "You can't delete secret … that still has replica regions"
        if ["InvalidParameter", "InvalidRequest"].contains(type), message.contains("replica region") {
            self = .replicated
            return
        }
        switch type {
        case "ResourceNotFound": self = .absent
        case "ResourceExists": self = .exists
        case "InvalidRequest":
            let message = message.lowercased()
            let isDeleted = ["marked deleted", "marked for deletion", "scheduled for deletion"]
                .contains { message.contains($0) }
            self = isDeleted ? .deleted : .invalid
        case "AccessDenied", "UnauthorizedOperation", "UnauthorizedAccess", "NotAuthorized": self = .denied
        case "DecryptionFailure", "EncryptionFailure", "KMSAccessDenied", "KMSDisabled", "KMSInvalidState",
            "KMSNotFound":
            self = .encryption
        case "InvalidClientTokenId", "UnrecognizedClient", "InvalidAccessKeyId", "SignatureDoesNotMatch",
            "InvalidSignature", "IncompleteSignature", "MissingAuthenticationToken", "AuthFailure", "InvalidToken",
            "OptInRequired", "InvalidIdentityToken", "IDPRejectedClaim", "Unauthorized":
            self = .credentials
        case "ExpiredToken", "TokenRefreshRequired": self = .expired
        case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture": self = .skewed
        case "Throttling", "Throttled", "ThrottledRequest", "RequestThrottled", "RequestThrottle", "TooManyRequests",
            "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown", "ProvisionedThroughputExceeded",
            "TransactionInProgress", "LimitExceededThrottling":
            self = .throttled
        case "RequestTimeout", "InternalServiceError", "InternalServer", "InternalServerError", "InternalFailure",
            "InternalError", "ServiceUnavailable", "PriorRequestNotComplete", "IDPCommunicationError":
            self = .passing
        case "InvalidParameter", "InvalidParameterValue", "InvalidParameterCombination", "Validation",
            "ValidationError", "MalformedPolicyDocument", "LimitExceeded", "PreconditionNotMet", "InvalidNextToken",
            "PublicPolicy", "Serialization", "UnknownOperation", "InvalidAction", "MissingParameter",
            "MissingAction", "MalformedQueryString", "PackedPolicyTooLarge", "RegionDisabled":
            self = .invalid
        default: return nil
        }
    }
}

extension AWSFailure {
    /// What a reply means that isn't a success.
    ///
    /// - Parameters:
    ///   - reply: The reply.
    ///   - doing: What was to be done, such as `reading the secret 'prod/openai'`.
    ///   - place: The endpoint, as it is shown.
    ///   - now: The date.
    init(_ reply: AWSReply, _ doing: String, at place: String, now: Date) {
        let type = reply.errorType
        var kind = type.flatMap { Kind(type: $0, message: reply.message) }
        // Absence lets a weaker source answer: what stands in front of AWS can't say it.
        if let said = kind, [.absent, .deleted].contains(said), !reply.hasOwnType { kind = .unanswered }
        let id = reply.requestID.map { ", request \($0)" } ?? ""
        let mark = "(\(type.map { "\($0), " } ?? "")HTTP \(reply.status)\(id))"
        // A type that isn't known is at least AWS's own answer.
        self = Self.made(kind ?? (type == nil || reply.status >= 500 ? .unanswered : .invalid), doing, place, mark)
        retryAfter = reply.retryAfter(now: now)
        mayBeDone = [.passing, .unanswered].contains(self.kind)
    }

    /// What a type means that stands in a reply for several secrets.
    init(type: String, message: String, _ doing: String, at place: String) {
        let shown = !type.isEmpty && type.utf8.count <= 64 && type.utf8.allSatisfy(\.isWordByte) ? type : "an error"
        self = Self.made(Kind(type: type, message: message) ?? .unanswered, doing, place, "(\(shown))")
    }

    private static func made(_ kind: Kind, _ doing: String, _ place: String, _ mark: String) -> AWSFailure {
        func made(_ code: KeyResolutionError.Code, _ why: String, _ remedy: String) -> AWSFailure {
            AWSFailure(kind, code, "AWS refuses \(doing): \(why) \(mark)", remedy: remedy)
        }
        switch kind {
        case .absent: return made(.absent, "there is no such secret or version", "check its name and the region")
        case .deleted:
            return made(
                .absent,
                "it is scheduled for deletion",
                "restore it: aws secretsmanager restore-secret --secret-id NAME"
            )
        case .exists: return made(.conflict, "there is one of that name", "write it, or take another name")
        case .denied:
            return made(.denied, "the credentials may not do that", "see what is needed: keyhooks aws policy")
        case .encryption:
            return made(
                .denied,
                "its KMS key can't be used",
                "name the key in 'kmsKey', allow what this prints then, and see that the key is enabled: keyhooks aws policy"
            )
        case .credentials:
            return made(.unauthenticated, "it doesn't accept the credentials", "see which they are: keyhooks aws check")
        case .expired:
            return made(.unauthenticated, "the credentials have expired", "get new ones, for example: aws sso login")
        case .skewed:
            return made(.unauthenticated, "this machine's clock is wrong", "set the clock; the dates differ too much")
        case .throttled:
            return made(.unavailable, "there were too many requests", "ask less often, or have the quota raised")
        case .replicated:
            return made(.invalidConfiguration, "it still has replicas", "remove them first, or try again in a moment")
        case .invalid:
            return made(
                .invalidConfiguration,
                "the request isn't valid",
                "look the type up in AWS's reference of the action, and check the section's settings"
            )
        case .passing, .unanswered:
            return AWSFailure(
                kind,
                .unavailable,
                "\(place) gave no usable answer to \(doing) \(mark)",
                remedy: "try again later, and see what answers there"
            )
        }
    }
}

extension AWSFailure {
    /// No reply at all.
    init(_ error: HTTPTransportError, _ doing: String, at place: String, through proxy: String?) {
        let fault = RequestFault(error, doing, at: "AWS at \(place)", through: proxy, Self.words)
        let kind: Kind =
            switch fault.code {
            case .invalidConfiguration: .invalid
            case .unavailable: .passing
            default: .unanswered
            }
        self.init(kind, fault.code, fault.message, remedy: fault.remedy)
        mayBeDone = fault.mayBeDone
    }

    private static let words = RequestFault.Words(
        address: "check the region, the endpoint and the network",
        plainHTTP: "write http:// in the endpoint, or the port where the server speaks TLS",
        certificate: "check AWS_CA_BUNDLE or 'caCert', and http or https in the endpoint",
        settings: "check the settings of the section",
        credential: "the request"
    )
}
#endif
