import JSON5Syntax
import KeyHooks
import LightFoundation
import Synchronization

/// As whom a request is made: with a token, or with credentials of its own; never with both.
struct BaoIdentity: Sendable {
    private enum Kind {
        case token(APIKey)
        case inline(InlineLogin)
    }

    private let kind: Kind

    /// Where the uses of a token are counted; nil for one that has no limit of them.
    private let ticket: UseTicket?

    init(_ token: APIKey, uses: TokenUses? = nil) {
        kind = .token(token)
        ticket = uses.map(UseTicket.init)
    }

    init(_ inline: InlineLogin) {
        kind = .inline(inline)
        ticket = nil
    }

    var token: APIKey? { if case .token(let token) = kind { token } else { nil } }

    var inline: InlineLogin? { if case .inline(let inline) = kind { inline } else { nil } }

    /// Whether its token may be used a limited number of times.
    var hasLimitedUses: Bool { ticket != nil }

    /// Whether the server would make no difference.
    func isSame(as other: BaoIdentity) -> Bool {
        token == other.token && inline?.credentials == other.inline?.credentials
    }

    /// Adds what a request needs that is about to be sent.
    func sign(_ headers: inout [String: String]) {
        ticket?.send()
        switch kind {
        case .token(let token): headers["X-Vault-Token"] = token.value
        case .inline(let inline): headers.merge(inline.headers) { $1 }
        }
    }
}

/// A login that goes with each request, as OpenBao has it since 2.4.
struct InlineLogin: Sendable, CustomReflectable {
    let headers: [String: String]

    /// A hash of the credentials, which tells refused ones from others.
    let credentials: Int

    /// Which of the logins it is of.
    let way: Int

    init(_ request: LoginRequest, way: Int) throws(KeyResolutionError) {
        var headers = [
            "X-Vault-Inline-Auth-Path": request.path.joined(separator: "/"),
            "X-Vault-Inline-Auth-Operation": "update",
            // Without it the namespace of the secrets counts.
            "X-Vault-Inline-Auth-Namespace": request.namespace ?? "/",
        ]
        for (index, parameter) in request.parameters.enumerated() {
            let pair = JSONNode.object(["key": .string(parameter.name), "value": .string(parameter.value)])
            guard let bytes = try? pair.jsonBytes() else {
                throw .unauthenticated("a credential for OpenBao isn't text", remedy: "write another one")
            }
            headers["X-Vault-Inline-Auth-Parameter-\(index + 1)"] = Self.encoded(bytes)
        }
        self.headers = headers
        credentials = request.credentials
        self.way = way
    }

    /// Base64 for URLs without padding, which is what OpenBao takes.
    private static func encoded(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    var customMirror: Mirror { Mirror(self, children: ["way": way]) }
}

/// What is left of a token that may be used a limited number of times.
final class TokenUses: Sendable {
    private let left: Atomic<Int>

    /// From how many on another token is got ahead.
    private let reserve: Int

    init(_ uses: Int) {
        left = Atomic(uses)
        reserve = max(1, uses / 10)
    }

    /// Takes one use; false if there is none.
    func take() -> Bool {
        let before = left.load(ordering: .relaxed)
        return before > 0 && left.subtract(1, ordering: .relaxed).oldValue > 0
    }

    /// Whether another token should be got before this one is used up.
    var isScarce: Bool { left.load(ordering: .relaxed) <= reserve }

    var isUsedUp: Bool { left.load(ordering: .relaxed) <= 0 }
}

/// The use that was taken for one request, and the further ones that sending it again costs.
private final class UseTicket: Sendable {
    private let uses: TokenUses
    private let wasSent = Atomic(false)

    init(_ uses: TokenUses) {
        self.uses = uses
    }

    func send() {
        if wasSent.exchange(true, ordering: .relaxed) { _ = uses.take() }
    }
}
