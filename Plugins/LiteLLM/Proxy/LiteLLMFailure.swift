import ExtensionHooks
import HTTPTransport
import KeyHooks
import LightFoundation
import ServerSettings

/// Why the proxy didn't do what it was asked.
struct LiteLLMFailure: ValueFreeError {
    private(set) var error: KeyResolutionError

    /// How long the proxy asked to be left alone.
    var retryAfter: Duration?

    /// What it refused; nil for a failure that isn't a refusal.
    var refusal: LiteLLMReply.Refusal?

    /// Whether the proxy may have done it all the same.
    var mayBeDone = false

    /// Whether a good value is kept although the failure is one that no weaker source may answer for.
    private var keepsValues = false

    var description: String { error.description }

    init(_ code: KeyResolutionError.Code, _ message: String, remedy: String) {
        error = KeyResolutionError(code, message, remedy: remedy)
    }

    /// What the cache makes of it.
    private var handling: CacheFailureHandling {
        if case .passing = CacheFailureHandling.standard(error) { return .passing(retryAfter: retryAfter) }
        return keepsValues ? .passing(retryAfter: retryAfter) : .final
    }

    static func handling(of error: any Error) -> CacheFailureHandling {
        (error as? LiteLLMFailure)?.handling ?? CacheFailureHandling.standard(error)
    }
}

extension LiteLLMFailure {
    /// What a reply means that isn't a success.
    ///
    /// - Parameters:
    ///   - reply: The reply.
    ///   - doing: What was to be done, such as `making a key for the role 'agents'`.
    ///   - members: The members that were sent.
    ///   - server: The proxy as it is shown.
    ///   - now: The date.
    init(_ reply: LiteLLMReply, _ doing: String, members: [String] = [], at server: String, now: Date) {
        if let refusal = reply.refusal(of: members) {
            self = Self.refused(refusal, reply.status, doing, server)
            self.refusal = refusal
        } else {
            self = Self.unanswered(reply, doing, server)
            // What redirects, asks to wait or refuses didn't do it, whoever says so.
            mayBeDone = reply.status < 300 || reply.status == 408 || reply.status >= 500
        }
        retryAfter = reply.retryAfter(now: now)
    }

    /// The proxy refused the admin key a moment ago.
    static func adminKeyRefused(_ doing: String) -> LiteLLMFailure {
        var failure = refused(.adminKey, 401, doing, "")
        failure.refusal = .adminKey
        return failure
    }

    private static func refused(
        _ refusal: LiteLLMReply.Refusal,
        _ status: Int,
        _ doing: String,
        _ server: String
    ) -> LiteLLMFailure {
        func refused(_ code: KeyResolutionError.Code, _ why: String, _ remedy: String) -> LiteLLMFailure {
            LiteLLMFailure(code, "LiteLLM refuses \(doing): \(why) (\(status))", remedy: remedy)
        }
        func wrong(_ why: String, _ remedy: String) -> LiteLLMFailure { refused(.invalidConfiguration, why, remedy) }
        switch refusal {
        case .noDatabase:
            return wrong("the proxy has no database to keep keys in", "set DATABASE_URL for the proxy")
        case .adminKey:
            return refused(.unauthenticated, "it doesn't accept the admin key", "check what 'adminKey' names")
        case .notAdmin:
            return refused(
                .denied,
                "the admin key may not do that",
                "name in 'adminKey' the master key, or the key of a user with the role proxy_admin"
            )
        case .licence:
            return wrong(
                "the role asks for what needs a licence; no key was made",
                "take 'tags', 'guardrails' and the like out of the role, or give the proxy its licence"
            )
        case .budget:
            return refused(
                .denied,
                "the budget of the admin key is spent",
                "raise it in LiteLLM, wait until its period is over, or name another key in 'adminKey'"
            )
        case .customKeys:
            return refused(
                .denied,
                "it takes no keys that others made",
                "see general_settings in the proxy's configuration"
            )
        case .alias: return refused(.unavailable, "a key of that name is there already", "try again")
        case .team: return wrong("it knows no such team", "check 'teamID', and make the team in LiteLLM")
        case .user: return wrong("it knows no such user", "check 'userID', and make the user in LiteLLM")
        case .organization:
            return wrong("it knows no such organisation", "check 'organizationID', and make it in LiteLLM")
        case .model:
            return wrong("the role has a model that isn't allowed there", "check 'models': keyhooks litellm check")
        case .unknown: return wrong("it knows no such key", "see in LiteLLM what became of it")
        case .noRoute:
            return wrong("\(server) has no such path", "check 'url': does a LiteLLM proxy answer there?")
        case .bound(let member):
            return wrong(
                "\(member.map { "'\(setting($0))'" } ?? "something") in the role is more than it allows",
                "lower it, or raise upperbound_key_generate_params in the proxy's configuration"
            )
        case .invalid(let member):
            let what = member.map { "it doesn't take '\(setting($0))' as it is" }
            return wrong(
                what ?? "it doesn't take the request as it is",
                "check the role, and the proxy's own log: keyhooks litellm check"
            )
        }
    }

    /// What a member of the request is called in a role.
    private static func setting(_ member: String) -> String {
        VirtualKeyRole.reserved[member].flatMap { $0.isEmpty ? nil : $0 } ?? member
    }

    /// A refusal in other words than LiteLLM's: it ends the call, and says nothing of keys that are there.
    private static func foreign(_ status: Int, _ doing: String, _ server: String) -> LiteLLMFailure {
        var failure = LiteLLMFailure(
            status == 403 ? .denied : .unauthenticated,
            "what answers at \(server) refuses \(doing), and not in LiteLLM's words (\(status))",
            remedy: "check 'url', and what is in front of LiteLLM there"
        )
        failure.keepsValues = true
        return failure
    }

    private static func unanswered(_ reply: LiteLLMReply, _ doing: String, _ server: String) -> LiteLLMFailure {
        switch reply.status {
        case 401, 403, 407: foreign(reply.status, doing, server)
        case 300...399:
            LiteLLMFailure(
                .unavailable,
                "\(server) sends \(doing) elsewhere (\(reply.status)), and the admin key is sent to no other server",
                remedy: "write the address that it sends to in 'url', if it is yours"
            )
        case 429:
            LiteLLMFailure(
                .unavailable,
                "LiteLLM limits the rate of requests, so \(doing) has to wait (429)",
                remedy: "try again later"
            )
        case 500 where reply.isOwn:
            LiteLLMFailure(
                .unavailable,
                "LiteLLM fails at \(doing) (500)",
                remedy: "see the proxy's log: it also answers so to a value in the role that it can't take"
            )
        default:
            LiteLLMFailure(
                .unavailable,
                "LiteLLM at \(server) gives no answer to \(doing) that can be read (\(reply.status))",
                remedy: "see the proxy's log, and what answers at 'url'"
            )
        }
    }
}

extension LiteLLMFailure {
    /// No reply at all.
    init(_ error: HTTPTransportError, _ doing: String, at server: String, through proxy: String?) {
        let fault = RequestFault(error, doing, at: "LiteLLM at \(server)", through: proxy, Self.words)
        self.init(fault.code, fault.message, remedy: fault.remedy)
        (mayBeDone, keepsValues) = (fault.mayBeDone, fault.keepsValues)
    }

    private static let words = RequestFault.Words(
        address: "check 'url', http or https, and that the proxy runs",
        plainHTTP: "write http:// in 'url', or the port where the proxy speaks TLS",
        certificate:
            "check the proxy's certificate, 'caCert', 'tlsServerName' and 'clientCert', and http or https in 'url'",
        settings: "check 'url', 'caCert', 'caPath', 'clientCert', 'clientKey' and 'proxy' in the section litellm",
        credential: "the admin key"
    )
}
