import ExtensionHooks
package import KeyHooks
package import LightFoundation

/// A key that was made for somebody who asked for it by a command.
package struct IssuedKey: Sendable {
    package let key: APIKey
    package let alias: String?
    package let hash: String
    package let expiresAt: Date?

    /// The proxy as it is shown.
    package let server: String
}

extension LiteLLMAdministration {
    /// Has a key made for a role, and hands it over: it is on the list of what was lent, and nobody gives it back until a
    /// person says so, or it ends.
    ///
    /// - Parameters:
    ///   - name: The role.
    ///   - scope: For whom it is.
    ///   - handOver: Does something with the key. Until it calls `leave` a crash has the next process give the key back;
    ///     what it throws has the key taken away, whether it called that or not.
    /// - Throws: A `KeyResolutionError`, or what `handOver` throws.
    package func issue(
        role name: String,
        scope: KeyScope,
        _ handOver: (_ key: IssuedKey, _ leave: () -> Void) throws -> Void
    ) async throws {
        _ = try minter.role(name)
        try context.configuration.checkProfile(scope.profile)
        var configuration = configuration
        configuration.role = name
        let pipeline = try LiteLLMKeySource.pipeline(
            configuration,
            context,
            transport,
            clock: ContinuousClock(),
            date: { Date() }
        )
        let registry = HookRegistry()
        let registration = try registry.register { $0.answer(through: pipeline) }
        // No rule and no variable: the role alone answers.
        let resolver = try KeyResolver(registry: registry, environment: [:], pluginUse: .always)
        var left: String?
        do {
            let key = try await resolver.requireAPIKey(service: service, scope: scope)
            let hash = VirtualKeys.hash(of: key.value)
            // What it is called is only said; the key is good without.
            let info = try? await keys.info(hash, by: client.deadline)
            let issued = IssuedKey(
                key: key,
                alias: info?.alias,
                hash: hash,
                expiresAt: info?.expiresAt ?? key.provenance?.expiresAt,
                server: server
            )
            try handOver(issued) {
                resolver.leave([key])
                left = hash
            }
        } catch {
            await resolver.shutdown(within: .seconds(5))
            if let left { try await withdraw(left, of: name) }
            throw error
        }
        await resolver.shutdown(within: .seconds(5))
        withExtendedLifetime(registration) {}
    }

    /// Takes a key away that nobody got, though it was marked as handed over; that of a static role is everybody's.
    ///
    /// This process has the list of leases open, so it stays there until `keyhooks leases revoke` finds that it is gone.
    private func withdraw(_ hash: String, of role: String) async throws {
        guard configuration.roles[role]?.staticPeriod == nil else { return }
        do {
            try await keys.delete([hash], by: client.deadline)
        } catch {
            throw KeyResolutionError(
                Self.known(error).code,
                "a key was made, couldn't be handed over, and may be there still: \(Self.known(error).message)",
                remedy: "take it away: keyhooks litellm revoke \(hash.prefix(12))"
            )
        }
    }
}
