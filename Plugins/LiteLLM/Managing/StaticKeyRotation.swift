import JSON5Syntax
package import KeyHooks
package import LightFoundation

/// The key that all processes have of a static role.
package struct StaticKey: Hashable, Sendable, Encodable {
    package let alias: String
    package let hash: String
    package let expiresAt: Date?
}

extension LiteLLMAdministration {
    /// The key of a static role in this period.
    ///
    /// - Parameters:
    ///   - name: The role.
    ///   - scope: For whom it is.
    /// - Returns: The key; nil if nobody has asked for it yet.
    /// - Throws: A `KeyResolutionError`.
    package func staticKey(of name: String, scope: KeyScope) async throws(KeyResolutionError) -> StaticKey? {
        let (role, location, period) = try staticRole(name, scope)
        do {
            let (_, key, info) = try await minter.currentStaticKey(
                of: role,
                at: location,
                period,
                from: client.adminKey.current(),
                by: client.deadline
            )
            let hash = VirtualKeys.hash(of: key)
            return info.map {
                StaticKey(alias: $0.alias ?? "\(location.stem)-\(hash.prefix(24))", hash: hash, expiresAt: $0.expiresAt)
            }
        } catch {
            throw Self.known(error)
        }
    }

    /// Blocks the key of a static role, and has the next one made that takes its place.
    ///
    /// - Parameters:
    ///   - old: The key, as ``staticKey(of:scope:)`` gave it.
    ///   - name: The role.
    ///   - scope: For whom it is.
    /// - Returns: The key that all processes find from now on.
    /// - Throws: A `KeyResolutionError`; if the next key isn't made, whoever asks for it first has it made.
    package func replace(
        _ old: StaticKey,
        of name: String,
        scope: KeyScope
    ) async throws(KeyResolutionError) -> StaticKey {
        let (role, location, period) = try staticRole(name, scope)
        do {
            try await keys.block(old.hash, by: client.deadline)
        } catch {
            throw Self.known(error)
        }
        do {
            let reading = try await minter.staticKey(of: role, at: location, period)
            guard let key = reading.content else { throw Self.unread }
            return StaticKey(alias: key.alias, hash: key.token, expiresAt: reading.expiresAt)
        } catch {
            let error = Self.known(error)
            throw KeyResolutionError(
                error.code,
                "the key is blocked, and the next one isn't made yet: \(error.message)",
                remedy: "\(error.remedy); who asks for the key next has it made"
            )
        }
    }

    private static var unread: KeyResolutionError {
        KeyResolutionError(.unavailable, "the proxy made no key", remedy: "try again")
    }

    private func staticRole(
        _ name: String,
        _ scope: KeyScope
    ) throws(KeyResolutionError) -> (MintingRole, RoleLocation, Duration) {
        let role = try minter.role(name)
        try context.configuration.checkProfile(scope.profile)
        guard let period = role.role.staticPeriod else {
            throw .invalidConfiguration(
                "the role '\(displayText(name))' isn't static: each reader has a key of its own",
                remedy: "take its keys away: keyhooks litellm revoke --role \(name)"
            )
        }
        return (role, try role.location(for: service, scope), period)
    }
}
