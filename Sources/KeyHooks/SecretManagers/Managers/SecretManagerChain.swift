import JSON5Syntax

/// Several secret managers asked one after the other.
///
/// The first that has a secret answers. One that was asked and has none leaves the next to answer; one
/// that fails ends the call, unless the policy says otherwise for failures of that class. A denial always ends it.
///
/// If somebody was skipped because of a failure and nobody else has the secret, the failure is thrown: nobody can say
/// that there is none.
public struct SecretManagerChain: Sendable {
    /// A class of failures; more may come.
    public struct Failure: Hashable, Sendable, CustomStringConvertible {
        /// As `keyhooks.json` writes it.
        public let description: String

        /// The manager can't be reached, or is sealed.
        public static var unavailable: Self { Self("unavailable") }

        /// The manager took too long.
        public static var timedOut: Self { Self("timedOut") }

        /// The manager doesn't accept our own credentials.
        public static var unauthenticated: Self { Self("unauthenticated") }

        private init(_ name: String) { description = name }

        package static let all: [Failure] = [.unavailable, .timedOut, .unauthenticated]

        /// The class of an error; nil for one that always ends the call.
        init?(of error: KeyResolutionError) {
            switch error.code {
            case .unavailable, .sealed: self = .unavailable
            case .timedOut: self = .timedOut
            case .unauthenticated: self = .unauthenticated
            default: return nil
            }
        }
    }

    /// The managers, in the order in which they are asked.
    public let members: [ManagedSecrets]

    /// The failures after which the next manager is asked.
    public let skipped: Set<Failure>

    /// Makes a chain.
    ///
    /// - Parameters:
    ///   - members: The managers, in the order in which they are asked.
    ///   - skipped: The failures after which the next is asked; none if nothing is said.
    public init(of members: [ManagedSecrets], skipping skipped: Set<Failure> = []) {
        self.members = members
        self.skipped = skipped
    }
}

extension SecretManagerChain: SecretManager {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        var failure: KeyResolutionError?
        let end = options.timeout.map { ContinuousClock.now + $0 }
        for member in members {
            var options = options
            // One that hangs must leave time for the next.
            options.timeout = end.map { min(member.timeout, max(.zero, ContinuousClock.now.duration(to: $0))) }
            do {
                guard var secret = try await member.read(name.rawValue, options) else { continue }
                secret.holder = [member.shortTitle, secret.holder].compactMap(\.self).joined(separator: ", ")
                return secret
            } catch let error as KeyResolutionError {
                guard let kind = Failure(of: error), skipped.contains(kind) else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return nil
    }
}

extension SecretManagerChain: HealthCheckable, ConfigurationValidating {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func health(_ options: SecretOptions) async -> SecretManagerHealth {
        var reasons: [String] = []
        var reachable = 0
        for member in members {
            let health = await member.health(options) ?? .healthy
            if health.state != .unreachable { reachable += 1 }
            if health.state != .healthy { reasons.append("\(member.shortTitle): \(health.reason)") }
        }
        let reason = reasons.joined(separator: "; ")
        return reasons.isEmpty ? .healthy : reachable == 0 ? .unreachable(reason) : .degraded(reason)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func configurationMistakes() async -> [String] {
        var mistakes: [String] = []
        for member in members { mistakes += await member.configurationMistakes() }
        return mistakes
    }
}
