import KeyHooks
import Synchronization

/// What a login came to: a token, or that each request brings its own credentials.
enum LoginResult: Sendable {
    case token(TokenGrant, way: Int)
    /// A token that nobody logs in for.
    case given(APIKey, way: Int)
    case inline(way: Int)

    var way: Int {
        switch self {
        case .token(_, let way), .given(_, let way), .inline(let way): way
        }
    }
}

/// One login of the list.
struct LoginWay: Sendable {
    let method: LoginMethod
    let refusals: LoginRefusals
    let wrapped: WrappedSecretID?

    /// What to send now, unless these credentials are left alone after a refusal.
    func request(_ login: BaoLogin, by deadline: Duration) async throws -> LoginRequest {
        var secret: APIKey?
        if let wrapped, let reference = method.login.secret {
            let token: APIKey
            do {
                token = try login.credentials.read(reference)
            } catch {
                // Whoever took the token could take its file away as well.
                if let alarm = wrapped.alarm { throw alarm }
                throw error
            }
            let place = login.credentials.words(for: reference)
            secret = try await wrapped.secretID(in: token, from: place, by: deadline)
        }
        return try allowed(try method.request(login.credentials, secret: secret))
    }

    /// What each request brings, unless these credentials are left alone after a refusal.
    func inline(_ login: BaoLogin, index: Int) throws -> InlineLogin {
        try InlineLogin(allowed(try method.request(login.credentials)), way: index)
    }

    private func allowed(_ request: LoginRequest) throws -> LoginRequest {
        if let refusal = refusals.standing(for: request.credentials) { throw refusal }
        return request
    }

    /// Whether the next login of the list is to be tried after a failure of this one.
    func goesOn(after error: any Error, _ credentials: CredentialSource) -> Bool {
        let failure = error as? BaoFailure
        let code = failure?.error.code ?? (error as? KeyResolutionError)?.code
        if code == .intercepted || wrapped?.alarm != nil { return false }
        if let failure {
            return method.login.next.contains(failure.isOutage ? .unavailable : .refused)
                && (failure.isOutage || code == .unauthenticated)
        }
        return method.login.next.contains(.missing) && code == .unauthenticated && method.isMissing(credentials)
    }
}

/// Gets a token by the first login that gives one.
struct BaoLogin: Sendable {
    let client: BaoClient
    let credentials: CredentialSource

    /// In the order in which they are tried; none where OpenBao's own variables and files say the token.
    let ways: [LoginWay]
    let timeout: Duration

    /// The namespace of tokens that nobody logs in for.
    let namespace: String?

    /// What became of those that were passed over when a login was tried last.
    let passed = PassedLogins()

    /// The token that is there without a login: the only way there is, so that nobody ever logs in.
    var isGiven: Bool {
        guard let way = ways.first else { return true }
        if case .token = way.method.login.method { return ways.count == 1 }
        return false
    }

    /// The files that the credentials are in.
    var files: [String] { ways.isEmpty ? credentials.files(nil) : ways.flatMap { $0.method.files(credentials) } }

    /// The token that nobody logs in for.
    func readToken() throws(KeyResolutionError) -> APIKey {
        if let reference = ways.first?.method.login.secret { return try credentials.read(reference) }
        return try credentials.ambientToken()
    }

    /// Where the token is from, as it follows "the token".
    func origin(_ way: Int?) -> String {
        way.map { ways[$0].method.origin(credentials) } ?? "from \(credentials.words(for: nil))"
    }

    /// What answers, for explanations: the login that gave what is used and what was passed over, or all that may be
    /// tried.
    func words(_ way: Int?) -> [String] {
        guard !ways.isEmpty else { return ["the token from \(credentials.words(for: nil))"] }
        if let way { return [ways[way].method.words(credentials)] + passed.all }
        let all = ways.map { $0.method.words(credentials) }
        return all.prefix(1) + all.dropFirst().map { "else \($0)" }
    }

    /// Tries the logins one after the other.
    ///
    /// - Parameter refused: The login that a request brought and that was just refused; it isn't tried.
    /// - Returns: What the first one gave.
    /// - Throws: The failure of the last one that was tried.
    func logIn(besides refused: (way: Int, failure: BaoFailure)? = nil) async throws -> LoginResult {
        let start = client.clock.now()
        var failures: [String] = []
        for (index, way) in ways.enumerated() {
            let isLast = index == ways.count - 1
            do {
                if let refused, refused.way == index { throw refused.failure }
                // One that hangs must leave time for the others.
                let now = client.clock.now()
                let left = start + timeout - now
                let share = isLast || !way.method.login.next.contains(.unavailable) ? left : left / (ways.count - index)
                let result = try await logIn(way, index, by: now + share)
                passed.set(failures)
                return result
            } catch {
                guard !isLast, way.goesOn(after: error, credentials) else {
                    passed.set(failures)
                    throw Self.remarking(error, failures)
                }
                let name = way.method.name(credentials)
                let words = (error as? BaoFailure)?.error.message ?? (error as? KeyResolutionError)?.message
                failures.append("\(name) was passed over: \(words ?? "it failed")")
            }
        }
        preconditionFailure("the last login gives a token or fails")
    }

    private static func remarking(_ error: any Error, _ failures: [String]) -> any Error {
        guard !failures.isEmpty else { return error }
        let remark = failures.joined(separator: "; ")
        if let failure = error as? BaoFailure { return failure.remarking(remark) }
        guard let error = error as? KeyResolutionError else { return error }
        return KeyResolutionError(error.code, "\(error.message); \(remark)", remedy: error.remedy)
    }

    private func logIn(_ way: LoginWay, _ index: Int, by deadline: Duration) async throws -> LoginResult {
        if case .token(let reference) = way.method.login.method {
            return .given(try credentials.read(reference), way: index)
        }
        if way.method.login.isInline {
            _ = try way.inline(self, index: index)
            return .inline(way: index)
        }
        let request = try await way.request(self, by: deadline)
        // Whether the server itself has said that it gives no token.
        var isRefused = false
        let gained = try await way.refusals.bring(
            request.credentials,
            waiting: { try await client.waiting(by: deadline, $0) },
            outcome: { error in
                guard isRefused, let refusal = error as? BaoFailure else { return .unknown }
                return .refused(refusal)
            },
            {
                let reply = try await client.send(request.request(), by: deadline)
                // A login without a token, as where a second factor is asked for, would be one the next time as well.
                isRefused = reply.isOwn && ([400, 403, 404].contains(reply.status) || 200...299 ~= reply.status)
                return try grant(reply, way.method)
            }
        )
        return .token(gained, way: index)
    }

    private func grant(_ reply: OpenBaoResponse, _ method: LoginMethod) throws(BaoFailure) -> TokenGrant {
        // A proxy's page says nothing of our credentials, so what is kept may be served meanwhile.
        guard reply.isOwn else { throw BaoFailure(reply, reading: "a login", now: client.clock.date()) }
        switch reply.status {
        case 200...299:
            guard let grant = TokenGrant(reply) else { throw method.noToken.through(reply.proxy) }
            return grant
        case 400, 403, 404: throw method.refusal(reply.status).through(reply.proxy)
        default: throw BaoFailure(reply, reading: "a token", now: client.clock.date())
        }
    }
}

/// Why earlier logins of a list gave nothing, in words without values.
final class PassedLogins: Sendable {
    private let words = Mutex<[String]>([])

    var all: [String] { words.withLock(\.self) }

    func set(_ new: [String]) {
        words.withLock { $0 = new }
    }
}
