extension HookRegistry {
    /// Makes a registry that has the hooks of this one, with some added and some switched off.
    ///
    /// The derived registry follows this one: what is registered or cancelled here later appears there as well. Use it
    /// for one tenant, one request or one test.
    ///
    /// - Parameters:
    ///   - disabling: Hook ids, or plugin ids for all hooks of a plugin, that do not run in the derived registry. They
    ///     stay listed in ``order(of:)-(HookPoint<Arguments,Output>)`` as disabled. What `adding` adds is not affected.
    ///   - asking: Hook or plugin ids; of the hooks with a start half only these run. Hooks with an end half alone are
    ///     not affected, since they watch and do not answer. Nil for no such limit.
    ///   - adding: Adds hooks to the bundle it is given.
    /// - Returns: The derived registry.
    /// - Throws: A ``HookRegistrationError``, or what `adding` throws.
    public func derived(
        disabling: [HookID] = [],
        asking: [HookID]? = nil,
        adding: (inout HookBundle) throws -> Void = { _ in }
    ) throws -> HookRegistry {
        let own = RegistryNode(parent: node, disabled: disabling, asked: asking)
        let derived = HookRegistry(parent: self, node: family.addNode(own))
        try derived.register(adding)
        return derived
    }
}
