import HTTPTransport
import JSON5Syntax
import KeyHooks
import ServerSettings

/// Looks at the health of every server, without a token.
enum ServerCheck {
    private static let bodyLimit = 64 << 10

    /// What was found, in the order of the servers.
    static func findings(_ client: BaoClient, within timeout: Duration) async -> [CheckFinding] {
        await withTaskGroup(of: (Int, CheckFinding).self) { group in
            for (index, link) in client.links.enumerated() {
                group.addTask { (index, await look(at: link, within: min(timeout, .seconds(5)), client.clock)) }
            }
            var found: [(Int, CheckFinding)] = []
            for await finding in group { found.append(finding) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func look(
        at link: ServerLink,
        within timeout: Duration,
        _ clock: SourceClock
    ) async -> CheckFinding {
        let step = "server \(link.address.shown)"
        let request = HTTPTransportRequest(
            method: "GET",
            url: link.address.base + "/v1/sys/health?standbyok=true&perfstandbyok=true",
            // No namespace: OpenBao refuses the health of one.
            headers: ["X-Vault-Request": "true", "Accept": "application/json"]
        )
        do {
            let reply = try await link.send(request, within: timeout, limit: bodyLimit, clock)
            return finding(step, reply, clock)
        } catch {
            let failure = (error as? HTTPTransportError) ?? HTTPTransportError(.other)
            return .failed(step, BaoFailure(failure, at: link).error)
        }
    }

    private static func finding(_ step: String, _ reply: OpenBaoResponse, _ clock: SourceClock) -> CheckFinding {
        guard case .bool(let isInitialized)? = reply.json?["initialized"]?.kind,
            case .bool(let isSealed)? = reply.json?["sealed"]?.kind
        else {
            return .failed(step, BaoFailure(reply, reading: "its health", now: clock.date()).error)
        }
        guard isInitialized else {
            return .failed(step, .unavailable, "it isn't initialised", remedy: "initialise it: 'bao operator init'")
        }
        guard !isSealed else {
            return .failed(step, .sealed, "it is sealed", remedy: "unseal it: 'bao operator unseal'")
        }
        let version = reply.json?["version"]?.string.map { ", version \(displayText($0))" } ?? ""
        return .passed(step, (reply.json?["standby"]?.kind == .bool(true) ? "a standby" : "active") + version)
    }
}
