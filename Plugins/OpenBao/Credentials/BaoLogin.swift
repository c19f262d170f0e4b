import JSON5Syntax
import KeyHooks
import LightFoundation
import Synchronization

/// Gets a token: reads one, or logs in by AppRole.
struct BaoLogin: Sendable {
    let client: BaoClient
    let credentials: CredentialSource
    let token: SecretReference?
    let appRole: AppRoleCredentials?
    let mount: [String]
    let namespace: String?
    let timeout: Duration
    let refusals = LoginRefusals()

    /// The files that the credentials are in.
    var files: [String] {
        guard let appRole else { return credentials.files(token) }
        return (appRole.roleID.reference.map(credentials.files) ?? []) + credentials.files(appRole.secretID)
    }

    /// The token that is there without a login.
    func readToken() throws(KeyResolutionError) -> APIKey {
        if let token { try credentials.read(token) } else { try credentials.ambientToken() }
    }

    /// Where the token is from, in words.
    var origin: String { appRole == nil ? "from \(credentials.words(for: token))" : "that the AppRole login gave" }

    func token() async throws -> SourceReading<APIKey> {
        guard let appRole else { return .found(try readToken()) }
        // Read at every login: files with secret ids are replaced.
        let secretID = try credentials.read(appRole.secretID)
        let roleID = try appRole.roleID.literal ?? appRole.roleID.reference.map(credentials.read)?.value ?? ""
        let body = JSONNode(
            .object([
                JSONMember("role_id", JSONNode(.string(roleID))),
                JSONMember("secret_id", JSONNode(.string(secretID.value))),
            ])
        )
        let identity = [roleID, secretID.value].hashValue
        if let refusal = refusals.standing(for: identity, at: client.clock.now()) { throw refusal }
        let path = "/v1/auth/" + mount.map(percentEncoded).joined(separator: "/") + "/login"
        // Never with a token: a dead one would be refused before the login is looked at.
        let request = BaoRequest(method: "POST", path: path, namespace: namespace, body: try body.jsonBytes())
        let reply = try await client.send(request, by: client.clock.now() + timeout)
        do {
            let reading = try reading(of: reply)
            refusals.forget()
            return reading
        } catch {
            if reply.isOwn, [400, 403, 404].contains(reply.status) {
                refusals.note(error, of: identity, at: client.clock.now())
            }
            throw error
        }
    }

    private func reading(of reply: OpenBaoResponse) throws(BaoFailure) -> SourceReading<APIKey> {
        // A proxy's page says nothing of our credentials, so what is kept may be served meanwhile.
        guard reply.isOwn else { throw BaoFailure(reply, reading: "a login", now: client.clock.date()) }
        switch reply.status {
        case 200...299:
            // Where a second factor is asked for, the token is there and empty.
            guard let auth = reply.json?["auth"], let token = auth["client_token"]?.string,
                PluginContext.isCredential(token)
            else {
                throw BaoFailure(
                    .unauthenticated,
                    "OpenBao's reply to the login has no token",
                    remedy: "check 'address' and the AppRole's mount; a second factor is not supported"
                )
                .through(reply.proxy)
            }
            var reading = SourceReading.found(APIKey(token))
            if case .number(let lease)? = auth["lease_duration"]?.kind, let seconds = lease.int, seconds > 0 {
                // A tenth is kept back for requests on their way.
                reading.lifetime = .seconds(seconds) * 0.9
            }
            return reading
        case 400, 403, 404:
            throw BaoFailure(
                .unauthenticated,
                "OpenBao refuses the AppRole login (\(reply.status))",
                remedy: "check the role id, the secret id, the mount and the namespace of the login"
            )
            .through(reply.proxy)
        default:
            throw BaoFailure(reply, reading: "a token", now: client.clock.date())
        }
    }
}

/// Keeps logins that the server refuses from being tried so often that the server locks the role.
///
/// OpenBao locks a role for 15 minutes after five refused logins, against the right secret id too. So the same
/// credentials are tried twice, in case the server was late to know them, and then once in five minutes. That a file
/// was written again makes them no others: what counts is what is in it.
final class LoginRefusals: Sendable {
    private static let pause = Duration.seconds(300)

    private struct State {
        /// Which credentials were refused; a hash, so that they are not kept.
        var credentials = 0
        var count = 0
        var last: BaoFailure?
        var pausedUntil = Duration.zero
    }

    private let state = Mutex(State())

    /// The refusal of these credentials that stands for now, so that no login is to be tried; nil if one is.
    func standing(for credentials: Int, at now: Duration) -> BaoFailure? {
        state.withLock { $0.credentials == credentials && $0.count > 1 && now < $0.pausedUntil ? $0.last : nil }
    }

    /// Notes that the server refused a login with these credentials.
    func note(_ refusal: BaoFailure, of credentials: Int, at now: Duration) {
        state.withLock { state in
            let count = state.credentials == credentials ? state.count : 0
            state = State(credentials: credentials, count: count + 1, last: refusal, pausedUntil: now + Self.pause)
        }
    }

    /// Forgets refusals: a login succeeded.
    func forget() {
        state.withLock { $0 = State() }
    }
}
