import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings
import Synchronization

/// Knows which version of the KV engine a mount is, as far as it makes a difference.
///
/// A mount is read as version 2. One of version 1 answers that with the same 404 for every secret, those that it has
/// included; with a denial, since its policies name another path; or with a secret that happens to lie below `data`.
/// So the first such answer of a mount costs one request more, which asks what the mount is, and nothing is said to be
/// absent before that is known.
final class KVMounts: Sendable {
    /// What the configuration says of all mounts; nil for nothing.
    let fixed: Int?

    private let client: BaoClient

    /// How long a value is believed at most.
    private let timeToLive: Duration

    private struct State {
        var versions: [[String]: Int] = [:]

        /// Mounts that were denied and of which nothing could be learnt.
        var unclear: Set<[String]> = []
    }

    private let state = Mutex(State())

    init(_ client: BaoClient, fixed: Int?, timeToLive: Duration) {
        self.client = client
        self.fixed = fixed
        self.timeToLive = timeToLive
    }

    /// The version of a mount, as far as it is known without asking.
    func version(of address: SecretAddress) -> Int? {
        fixed ?? state.withLock { $0.versions[Self.mount(address)] }
    }

    private static func mount(_ address: SecretAddress) -> [String] { [address.namespace ?? ""] + address.mount }

    /// Whether a reply to a read as version 2 is one of version 1.
    ///
    /// - Throws: A ``BaoFailure`` if it says that there is nothing and that can't be believed because of the mount.
    func isFlat(
        after reply: OpenBaoResponse,
        at address: SecretAddress,
        _ identity: BaoIdentity,
        by deadline: Duration
    ) async throws -> Bool {
        let known = state.withLock { $0.versions[Self.mount(address)] }
        guard known == nil, reply.isOwn, reply.inlineRefusal == nil else { return known == 1 }
        switch reply.status {
        case 404 where (try? reply.absence(of: address)) == .missing:
            let version = try await verified(address, identity, by: deadline)
            guard version == 1, fixed == 2 else { return version == 1 }
            throw Self.contradiction(address, is: 1, isSaid: 2)
        case 200 where fixed == nil && reply.json?["data"]?["metadata"]?.members == nil,
            403 where fixed == nil && reply.says("1 error occurred:"):
            return try await isFound(address, identity, by: deadline) == 1
        default: return false
        }
    }

    /// What a mount is, where a failure to learn it changes nothing.
    func isFound(_ address: SecretAddress, _ identity: BaoIdentity, by deadline: Duration) async throws -> Int? {
        let mount = Self.mount(address)
        guard !state.withLock({ $0.unclear.contains(mount) }) else { return nil }
        do {
            if let version = try await verified(address, identity, by: deadline) { return version }
        } catch let error as CancellationError {
            throw error
        } catch {
            // What was refused or can't be read says most.
        }
        state.withLock { _ = $0.unclear.insert(mount) }
        return nil
    }

    /// Asks what a mount is; nil if the token may not ask, which is no reason to doubt.
    private func verified(
        _ address: SecretAddress,
        _ identity: BaoIdentity,
        by deadline: Duration
    ) async throws -> Int? {
        let path = "/v1/sys/internal/ui/mounts/" + address.mount.map(percentEncoded).joined(separator: "/")
        let request = BaoRequest(path: path, identity: identity, namespace: address.namespace)
        let reply = try await client.send(request, by: deadline)
        if !reply.isAnswer || reply.status == 429 {
            throw BaoFailure(reply, reading: address.place, now: client.clock.date())
        }
        if reply.status == 403 { return nil }
        let name = address.mount.joined(separator: "/")
        guard reply.status == 200, let data = reply.json?["data"], data.members != nil else {
            let said = "OpenBao does not say what \(name) is (\(reply.status))"
            let message = "\(said), so that there is no \(address.place) is not believed"
            let remedy = "check the address, and see the server's log"
            throw BaoFailure(.unavailable, message, remedy: remedy).through(reply.proxy)
        }
        let version: Int
        switch (data["options"]?["version"]?.string, data["type"]?.string) {
        case ("2", _): version = 2
        // A mount without the option is as old as the option.
        case ("1", "kv"?), (nil, "kv"?), (nil, "generic"?): version = 1
        default:
            let remedy = "check 'mount'"
            throw BaoFailure.invalidConfiguration("\(name) isn't a KV engine of version 1 or 2", remedy: remedy)
                .through(reply.proxy)
        }
        state.withLock { $0.versions[Self.mount(address)] = version }
        return version
    }

    private static func contradiction(_ address: SecretAddress, is version: Int, isSaid said: Int) -> BaoFailure {
        .invalidConfiguration(
            "\(address.mount.joined(separator: "/")) is a KV engine of version \(version), and 'kv' says \(said)",
            remedy: "write \"kv\": \(version), or leave it out"
        )
    }
}

extension KVMounts {
    /// Reads a secret of a mount of version 1; nil if the mount turns out to be of version 2, as one that was upgraded.
    func readFlat(
        _ address: SecretAddress,
        _ identity: BaoIdentity,
        by deadline: Duration
    ) async throws -> SourceReading<BaoContent>? {
        guard address.version == nil else {
            throw BaoFailure.invalidConfiguration(
                "\(address.mount.joined(separator: "/")) is a KV engine of version 1, which keeps no versions",
                remedy: "leave 'version' out, or upgrade the engine: 'bao kv enable-versioning'"
            )
        }
        let request = BaoRequest(path: address.flatPath, identity: identity, namespace: address.namespace)
        let reply = try await client.send(request, by: deadline)
        if reply.isVersionedMount {
            guard fixed == nil else { throw Self.contradiction(address, is: 2, isSaid: 1) }
            state.withLock { $0.versions[Self.mount(address)] = 2 }
            return nil
        }
        return try reply.flatSecret(at: address, timeToLive, now: client.clock.date())
    }

    /// Refuses to change a secret of version 1, which has other paths.
    func requireVersions(
        of address: SecretAddress,
        _ identity: BaoIdentity,
        by deadline: Duration
    ) async throws {
        var version = version(of: address)
        if version == nil { version = try await isFound(address, identity, by: deadline) }
        guard version == 1 else { return }
        throw BaoFailure(
            .unsupported,
            "\(address.mount.joined(separator: "/")) is a KV engine of version 1, which is only read",
            remedy: "upgrade the engine: 'bao kv enable-versioning'"
        )
    }
}

extension OpenBaoResponse {
    /// Whether a mount says to a path of version 1 that it is one of version 2, or answers as such.
    fileprivate var isVersionedMount: Bool {
        guard isOwn || json != nil else { return false }
        if status == 404 {
            return json?["warnings"]?.elements?
                .contains { $0.string?.hasPrefix("Invalid path for a versioned") == true }
                ?? false
        }
        let data = json?["data"]
        return status == 200 && data?["data"]?.members != nil && data?["metadata"]?["version"]?.wholeNumber != nil
    }

    /// What a reply to reading a path of version 1 means.
    fileprivate func flatSecret(
        at address: SecretAddress,
        _ longest: Duration,
        now: Date
    ) throws(BaoFailure) -> SourceReading<BaoContent> {
        if let inlineRefusal { throw inlineRefusal }
        switch status {
        case 200...299 where isOwn:
            guard let fields = json?["data"], fields.members != nil else {
                throw BaoFailure(
                    .unavailable,
                    "the reply for \(address.place) isn't a secret of KV v1",
                    remedy: "check that the address is OpenBao's and that the mount is a KV engine of version 1"
                )
                .through(proxy)
            }
            var reading = SourceReading.found(BaoContent.fields(fields))
            // A hint of whoever wrote the secret, which only shortens.
            if let hint = json?["lease_duration"]?.wholeNumber, hint > 0, .seconds(hint) < longest {
                reading.timeToLive = .seconds(hint)
            }
            return reading
        case 404 where isOwn: return .absent(content: .absent(try absence(of: address)))
        case 403 where isOwn: throw refusal(of: address, ("reading", "read", nil))
        default: throw BaoFailure(self, reading: address.place, now: now)
        }
    }
}

extension SecretAddress {
    /// The path in an engine of version 1.
    fileprivate var flatPath: String {
        "/" + (["v1"] + mount.map(percentEncoded) + path.map(percentEncoded)).joined(separator: "/")
    }
}
