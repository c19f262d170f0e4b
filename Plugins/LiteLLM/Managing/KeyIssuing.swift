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
    /// Has a key made for a role, and hands it over as `keyhooks get` does: it is written down as lent, and isn't given
    /// back until a person says so.
    ///
    /// - Parameters:
    ///   - name: The role.
    ///   - scope: For whom it is.
    ///   - handOver: Does something with the key. Until it calls `leave` the key is given back when anything fails.
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
            try handOver(issued) { resolver.leave([key]) }
        } catch {
            await resolver.shutdown(within: .seconds(5))
            throw error
        }
        await resolver.shutdown(within: .seconds(5))
        withExtendedLifetime(registration) {}
    }
}
