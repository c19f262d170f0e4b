import JSON5Syntax
import KeyHooks
import Synchronization

/// Makes sure that a mount is KV v2 before its first absence is believed.
///
/// A KV engine of version 1 answers the same 404 for every secret, those that it has included; the environment would
/// answer in their place.
final class KVVersionCheck: Sendable {
    private let client: BaoClient
    private let known = Mutex<Set<[String]>>([])

    init(_ client: BaoClient) {
        self.client = client
    }

    /// Throws if an absence can't be believed because of the mount.
    func verifyAbsence(at address: SecretAddress, _ token: APIKey, by deadline: Duration) async throws {
        let mount = [address.namespace ?? ""] + address.mount
        guard !known.withLock({ $0.contains(mount) }) else { return }
        let path = "/v1/sys/internal/ui/mounts/" + address.mount.map(percentEncoded).joined(separator: "/")
        let request = BaoRequest(path: path, token: token, namespace: address.namespace)
        let reply = try await client.send(request, by: deadline)
        if !reply.isAnswer || reply.status == 429 {
            throw BaoFailure(reply, reading: address.place, now: client.clock.date())
        }
        // A token that may not ask is no reason to doubt; anything else that is no answer is one.
        if reply.status == 403 { return }
        let name = address.mount.joined(separator: "/")
        guard reply.status == 200, let data = reply.json?["data"], data.members != nil else {
            let said = "OpenBao does not say what \(name) is (\(reply.status))"
            let message = "\(said), so that there is no \(address.place) is not believed"
            let remedy = "check the address, and see the server's log"
            throw BaoFailure(.unavailable, message, remedy: remedy).through(reply.proxy)
        }
        guard data["options"]?["version"]?.string == "2" else {
            let remedy = "check 'mount', or upgrade the engine: 'bao kv enable-versioning'"
            throw BaoFailure.invalidConfiguration("\(name) isn't a KV engine of version 2", remedy: remedy)
                .through(reply.proxy)
        }
        known.withLock { _ = $0.insert(mount) }
    }
}
