extension HookRegistry {
    /// Makes a registry that has the hooks of this one, with some added and some switched off.
    ///
    /// The derived registry follows this one: what is registered or cancelled here later appears there as well. Use it
    /// for one tenant, one request or one test.
    ///
    /// - Parameters:
    ///   - disabling: Hook ids, or plugin ids for all hooks of a plugin, that do not run in the derived registry. They
    ///     stay listed in ``order(of:)-(HookPoint<Arguments,Output>)`` as disabled. What `adding` adds is not affected.
    ///   - adding: Adds hooks to the bundle it is given.
    /// - Returns: The derived registry.
    /// - Throws: A ``HookRegistrationError``, or what `adding` throws.
    public func derived(
        disabling: [HookID] = [],
        adding: (inout HookBundle) throws -> Void = { _ in }
    ) throws -> HookRegistry {
        let derived = HookRegistry(parent: self, node: family.addNode(RegistryNode(parent: node, disabled: disabling)))
        try derived.register(adding)
        return derived
    }
}
