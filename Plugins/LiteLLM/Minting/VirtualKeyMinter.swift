import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings
import Synchronization

/// A key that the proxy made, with its names, and where the proxy is.
struct VirtualKey: Sendable {
    let key: String
    let token: String
    let alias: String
    let url: String
}

extension VirtualKey: CustomStringConvertible, CustomReflectable {
    var description: String { "VirtualKey(redacted)" }

    /// Leaves the key out.
    var customMirror: Mirror { Mirror(self, children: ["alias": alias]) }
}

/// Has keys made, one for each loan, and looks for those whose answer was lost.
///
/// The key itself is chosen here and sent once more where it isn't known what became of a request: to the proxy it is
/// the same key then. A proxy that takes no keys of others makes them itself; what a lost answer leaves there is found by
/// its alias, which no other key has.
struct VirtualKeyMinter: Sendable {
    let keys: VirtualKeys
    let roles: [String: MintingRole]

    /// How long what was read of a static key is believed.
    let timeToLive: Duration

    let ownKeys = OwnKeys()

    private var clock: SourceClock { keys.client.clock }

    /// Whether the proxy takes keys that it didn't make, as it last said: an administrator may change that.
    final class OwnKeys: Sendable {
        private let refusedUntil = Mutex<Duration?>(nil)

        func areRefused(at now: Duration) -> Bool { refusedUntil.withLock { $0.map { now < $0 } ?? false } }

        func refuse(at now: Duration) { refusedUntil.withLock { $0 = now + .seconds(600) } }
    }

    /// How many times a request is sent while its outcome is unknown.
    private static let attempts = 3

    /// A key of 256 random bits, in the form that LiteLLM takes.
    static func randomKey() -> String {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<4).map { _ in String(generator.next(), radix: 16).leftPadded(to: 16) }
        return "sk-" + words.joined()
    }

    /// Has a key made.
    ///
    /// - Parameters:
    ///   - order: What is asked for.
    ///   - own: The key.
    ///   - mustBeOwn: Whether it has to be that one.
    ///   - deadline: When it must be over.
    /// - Returns: The key with what the proxy says of it, and whether a request for it may still be on its way.
    /// - Throws: A ``LiteLLMFailure``; where it `mayBeDone`, the key may be there.
    func mint(
        _ order: KeyOrder,
        as own: String,
        mustBeOwn: Bool = false,
        by deadline: Duration
    ) async throws -> (key: String, info: VirtualKeyInfo, mayComeAgain: Bool) {
        var isRefused = !mustBeOwn && ownKeys.areRefused(at: clock.now())
        var attempt = 1
        var mayBeThere = false
        while true {
            let chosen = isRefused ? nil : own
            do {
                // Half of what is left, so that there is time to look what became of it.
                let left = deadline - clock.now()
                let end = attempt < Self.attempts ? deadline - left / 2 : deadline
                let (key, info) = try await keys.generate(
                    order.members(key: chosen),
                    as: chosen,
                    order.doing,
                    by: end
                )
                return (key, info, mayBeThere)
            } catch var failure as LiteLLMFailure {
                mayBeThere = mayBeThere || failure.mayBeDone
                failure.mayBeDone = mayBeThere
                if failure.refusal == .customKeys, !isRefused {
                    if mustBeOwn {
                        // Nobody wants the one that the proxy may have made in its place.
                        if mayBeThere { _ = try? await keys.delete([order.alias], areAliases: true, by: deadline) }
                        throw Self.needsOwn(order.doing, failure)
                    }
                    isRefused = true
                    ownKeys.refuse(at: clock.now())
                    continue
                }
                guard failure.mayBeDone || failure.refusal == .alias else { throw failure }
                do {
                    if let (key, info) = try await found(order, chosen, by: deadline) { return (key, info, true) }
                } catch {
                    throw failure
                }
                guard attempt < Self.attempts, clock.now() < deadline else { throw failure }
                attempt += 1
            }
        }
    }

    /// What a lost answer left; a key whose value nobody knows is taken away.
    private func found(
        _ order: KeyOrder,
        _ own: String?,
        by deadline: Duration
    ) async throws -> (key: String, info: VirtualKeyInfo)? {
        guard let own else {
            try await keys.delete([order.alias], areAliases: true, by: deadline)
            return nil
        }
        guard let info = try await keys.info(VirtualKeys.hash(of: own), by: deadline), info.status == .active else {
            return nil
        }
        return (own, info)
    }

    /// - Parameters:
    ///   - doing: What was to be done.
    ///   - refusal: How the proxy refused it.
    /// - Returns: The failure that says what to do.
    static func needsOwn(_ doing: String, _ refusal: LiteLLMFailure? = nil) -> LiteLLMFailure {
        var failure = LiteLLMFailure(
            .invalidConfiguration,
            "LiteLLM refuses \(doing): a static key is made here, and the proxy takes only keys that it made itself",
            remedy:
                "let the proxy take keys (disable_custom_api_keys), or give the role a 'duration' instead of 'static'"
        )
        failure.mayBeDone = refusal?.mayBeDone ?? false
        return failure
    }
}

extension VirtualKeyMinter {
    /// Borrows a key of a role.
    func lend(_ location: RoleLocation, as record: LeaseRecord) async throws -> SourceReading<VirtualKey> {
        let role = try role(location.role)
        let deadline = keys.client.deadline
        let order = KeyOrder(
            role: role,
            location: location,
            alias: "\(location.stem)-\(record.mark)",
            mark: record.mark,
            duration: role.role.duration
        )
        let (key, info, mayComeAgain) = try await mint(order, as: Self.randomKey(), by: deadline)
        if let life = info.life, life > order.duration + .seconds(60) { throw Self.tooLong(order) }
        let end = clock.date().addingTimeInterval(role.role.maximum / .seconds(1))
        var lease = KeyLease(
            id: info.token,
            // Without an end of the proxy's it is refused.
            life: info.expiresAt == nil ? .zero : info.life.map { min($0, order.duration) } ?? order.duration,
            isRenewable: role.role.maximum > role.role.duration,
            maximum: role.role.maximum,
            details: ["role": role.name, "end": String(Int(end.timeIntervalSince1970))]
        )
        if mayComeAgain { lease.details["repeated"] = "yes" }
        let content = VirtualKey(key: key, token: info.token, alias: order.alias, url: keys.client.address.base)
        return .lent(content, under: lease)
    }

    private static func tooLong(_ order: KeyOrder) -> LiteLLMFailure {
        var failure = LiteLLMFailure(
            .pluginFailed,
            "\(order.doing) brought one that lasts longer than was asked for, so it is taken away again",
            remedy: "see what answers at 'url': LiteLLM does not do that"
        )
        failure.mayBeDone = true
        return failure
    }

    func role(_ name: String) throws(KeyResolutionError) -> MintingRole {
        // To Swift a Kelvin sign is a K, and one tenant would get the role of another.
        if LiteLLMConfiguration.isRoleName(name), let role = roles[name] { return role }
        let known = roles.keys.sorted()
        throw KeyResolutionError(
            .invalidScope,
            "the configuration has no role '\(displayText(name))' for LiteLLM",
            remedy: closestMatch(to: name, among: known).map { "did you mean '\($0)'?" }
                ?? "write it under 'roles', or use one of: \(known.joined(separator: ", "))"
        )
    }

    /// Makes a key last longer, up to the maximum of its role; nil if the proxy doesn't know it any more.
    func renew(_ lease: KeyLease, of location: RoleLocation) async throws -> KeyLease? {
        let role = try role(location.role)
        let left = lease.details["end"].flatMap(Double.init).map { $0 - clock.date().timeIntervalSince1970 } ?? 0
        guard left >= 1 else {
            throw KeyResolutionError(
                .denied,
                "the key has lasted as long as its role allows",
                remedy: "nothing: another one is made"
            )
        }
        let time = min(role.role.duration, .seconds(left))
        guard let granted = try await keys.extend(lease.id, for: time, by: keys.client.deadline) else { return nil }
        var renewed = lease
        renewed.life = granted
        renewed.isRenewable = time < .seconds(left)
        return renewed
    }

    /// Takes a key away: whatever has the alias of the loan, or the key itself where somebody gave it another one.
    func giveBack(_ record: LeaseRecord) async throws {
        let deadline = keys.client.deadline
        let isThere = try await keys.delete(["\(record.place)-\(record.mark)"], areAliases: true, by: deadline)
        if let token = record.id {
            if !isThere { try await keys.delete([token], by: deadline) }
            guard record.details["repeated"] != nil else { return }
        }
        // A request that nobody waited for may be carried out still, also after another one was.
        let timeout = min(keys.client.timeout, .seconds(600)) / .seconds(1)
        guard clock.date().timeIntervalSince(record.lentAt) < timeout + Self.lateness else { return }
        throw KeyResolutionError(
            .unavailable,
            "it isn't known yet whether LiteLLM made a key, or makes it again",
            remedy: "nothing: it is looked for again"
        )
    }

    /// For how long after it was given up the proxy may still carry out a request, in seconds.
    private static var lateness: Double { 60 }
}

extension String {
    /// The text with zeros before it.
    func leftPadded(to count: Int) -> String { String(repeating: "0", count: max(0, count - utf8.count)) + self }
}
