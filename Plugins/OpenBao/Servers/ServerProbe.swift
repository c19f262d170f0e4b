import HTTPTransport
import JSON5Syntax
import KeyHooks

/// Looks at a server's health without a token.
enum ServerProbe {
    static let timeout = Duration.seconds(2)
    private static let bodyLimit = 64 << 10

    /// What a look at a server's health found.
    enum Finding: Hashable, Sendable {
        /// It would answer reads: it is initialised, unsealed, and active or in touch with the active one.
        case well
        case troubled(ServerBar?)
    }

    static func look(at link: ServerLink, _ clock: SourceClock) async -> Finding {
        do {
            return try await isHealthy(link, clock) ? .well : .troubled(nil)
        } catch {
            return .troubled((error as? HTTPTransportError).flatMap { ServerBar($0.code) })
        }
    }

    private static func isHealthy(_ link: ServerLink, _ clock: SourceClock) async throws -> Bool {
        guard let health = try await ask(link, "/v1/sys/health?standbyok=true&perfstandbyok=true", clock),
            health["initialized"]?.kind == .bool(true), health["sealed"]?.kind == .bool(false)
        else { return false }
        guard health["standby"]?.kind == .bool(true) else { return true }
        // A standby that knows no active node refuses what it would pass on, and one that is about to be active itself
        // refuses everything for a moment.
        guard let reply = try await ask(link, "/v1/sys/leader", clock), reply["is_self"]?.kind != .bool(true) else {
            return false
        }
        return reply["leader_address"]?.string?.isEmpty == false
    }

    /// The address of the active server as another one knows it; nil if it knows none, or does not say
    /// so in time.
    static func leader(of link: ServerLink, _ clock: SourceClock, by deadline: Duration) async -> ServerAddress? {
        let time = min(timeout, deadline - clock.now())
        guard let reply = try? await ask(link, "/v1/sys/leader", clock, within: time),
            let text = reply["leader_address"]?.string, text.utf8.count <= 200
        else { return nil }
        return try? ServerAddress(text)
    }

    private static func ask(
        _ link: ServerLink,
        _ path: String,
        _ clock: SourceClock,
        within time: Duration = timeout
    ) async throws -> JSONNode? {
        let request = HTTPTransportRequest(
            method: "GET",
            url: link.address.base + path,
            // No namespace: OpenBao refuses the health of one.
            headers: ["X-Vault-Request": "true", "Accept": "application/json"]
        )
        let reply = try await link.send(request, within: time, limit: bodyLimit, clock)
        return (200...299).contains(reply.status) ? reply.json : nil
    }
}
