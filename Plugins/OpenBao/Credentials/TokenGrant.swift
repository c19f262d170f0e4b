import JSON5Syntax
import KeyHooks

/// What a login or a renewal gives.
struct TokenGrant: Sendable {
    enum Life: Sendable, Equatable {
        case forever
        /// The server says nothing that can be read.
        case unknown
        case limited(Duration)
    }

    let token: APIKey
    let life: Life
    let isRenewable: Bool

    /// How often it may be used; nil for as often as one likes.
    let uses: Int?

    /// Reads the reply to a login or a renewal; nil if there is no token in it.
    init?(_ reply: OpenBaoResponse) {
        // Where a second factor is asked for, the token is there and empty.
        guard let auth = reply.json?["auth"], let token = auth["client_token"]?.string,
            PluginContext.isCredential(token)
        else { return nil }
        self.token = APIKey(token)
        let seconds = auth["lease_duration"]?.wholeNumber
        life =
            switch seconds {
            case 0: .forever
            case let seconds? where seconds > 0: .limited(.seconds(seconds))
            default: .unknown
            }
        isRenewable = auth["renewable"]?.kind == .bool(true)
        uses = auth["num_uses"]?.wholeNumber.flatMap { $0 > 0 ? $0 : nil }
    }
}
