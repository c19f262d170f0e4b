import JSON5Syntax
import KeyHooks
import ServerSettings

/// Looks the token up, as somebody who has it.
struct TokenCheck: Sendable {
    let reader: SecretReader

    private static let step = "token"

    /// What was found, and whether it may be asked what the token may do.
    func finding() async -> (CheckFinding, goesOn: Bool) {
        if reader.tokens.isInline {
            return (.skipped(Self.step, "each request logs in by itself, so that there is no token to look up"), true)
        }
        if reader.tokens.opensWrapping {
            let reason = "the secret id is wrapped and isn't opened for a check, which would use it up"
            return (.skipped(Self.step, reason, remedy: "check with a token of the same policies"), false)
        }
        let date = reader.client.clock.date
        do {
            let request = BaoRequest(path: "/v1/auth/token/lookup-self", namespace: reader.tokenNamespace)
            let reply = try await reader.send(request, within: nil) { reply in
                switch reply.status {
                case 200...299 where reply.isOwn: nil
                case 403 where reply.isOwn && reply.says("1 error occurred:"): nil
                case 403 where reply.isOwn: Self.refused.through(reply.proxy)
                default: BaoFailure(reply, reading: "the token", now: date())
                }
            }
            guard reply.status != 403 else { return (withoutDefault, true) }
            return describe(reply.json?["data"] ?? .null)
        } catch {
            return (.failed(Self.step, Self.known(error)), false)
        }
    }

    private static var refused: BaoFailure {
        var failure = BaoFailure(
            .unauthenticated,
            "OpenBao does not accept the token",
            remedy:
                "it may have expired or been revoked, or be of another namespace; get a new one, or set 'login'"
        )
        failure.isOfToken = true
        return failure
    }

    /// A token that is good, and may not be looked at.
    private var withoutDefault: CheckFinding {
        let namespace =
            reader.tokenNamespace.map {
                " If the token is of the root and not of '\($0)', set \"loginNamespace\": \"/\""
            } ?? ""
        return .skipped(
            Self.step,
            "it is accepted, and has no policy 'default', which would let it be looked up and renewed",
            remedy: "add the policy 'default', or the last lines of 'keyhooks openbao policy'.\(namespace)"
        )
    }

    private func describe(_ data: JSONNode) -> (CheckFinding, goesOn: Bool) {
        var words = ["accepted"]
        let life = data["ttl"]?.wholeNumber ?? 0
        let isRenewable = data["renewable"]?.kind == .bool(true)
        if life > 0 {
            words.append("it ends in \(Self.words(for: life)) and can\(isRenewable ? "" : "'t") be renewed")
        } else {
            words.append("it never ends")
        }
        if reader.tokens.asksServer { words += reader.tokens.words }
        let policies =
            (data["policies"]?.elements?.compactMap(\.string) ?? [])
            + (data["identity_policies"]?.elements?.compactMap(\.string) ?? [])
        if !policies.isEmpty { words.append("policies: \(policies.map { displayText($0) }.joined(separator: ", "))") }
        if policies.contains("root") { words.append("a root token may do everything: use one with less") }
        // Nobody knows before it is looked up, which costs a use.
        let uses = data["num_uses"]?.wholeNumber ?? 0
        guard uses == 0 else {
            let left = max(0, uses)
            words.append(
                "it has \(left) use\(left == 1 ? "" : "s") left after this look, so nothing more is asked with it"
            )
            let reason = words.joined(separator: "; ")
            guard left > 0 else {
                let remedy = "get a new one; a token that is read again and again needs uses without limit"
                return (.failed(Self.step, .unauthenticated, reason, remedy: remedy), false)
            }
            let remedy = "check with a token of the same policies and without 'num_uses'"
            return (.skipped(Self.step, reason, remedy: remedy, .unsupported), false)
        }
        return (.passed(Self.step, words.joined(separator: "; ")), true)
    }

    /// Revokes the token of a login that was made for the check alone.
    func giveBack() async {
        // A token that can't be revoked ends by itself.
        await reader.tokens.shutdown(within: .seconds(5))
    }

    private static func words(for seconds: Int) -> String {
        switch seconds {
        case (2 * 86_400)...: "\(seconds / 86_400) days"
        case (2 * 3600)...: "\(seconds / 3600) hours"
        case 120...: "\(seconds / 60) minutes"
        default: "\(seconds) s"
        }
    }

    static func known(_ error: any Error) -> KeyResolutionError {
        (error as? BaoFailure)?.error ?? (error as? KeyResolutionError)
            ?? KeyResolutionError(.unavailable, "the check was interrupted", remedy: "try again")
    }
}
