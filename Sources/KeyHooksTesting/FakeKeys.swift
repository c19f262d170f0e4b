public import KeyHooks

extension APIKey {
    /// A key for tests, which can't be mistaken for a real one.
    ///
    /// Its value is `fake-placeholder-` and the name. It has no digit, no vendor's prefix and little randomness, so
    /// scanners for secrets leave the test alone. The checks of KeyHooks recognise it as a placeholder: should it ever
    /// get into a real environment, a resolver warns of it with the code `placeholder` (not for a local server that
    /// takes any key).
    ///
    /// - Parameter name: What tells one fake key from another, such as a service. Capitals become small letters, digits
    ///   their names (`2` becomes `two`), and everything that isn't a letter of the English alphabet a hyphen.
    /// - Returns: The key. The same name gives the same key.
    public static func fake(_ name: String = "key") -> APIKey {
        let digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        let words = name.lowercased().unicodeScalars
            .map { scalar in
                switch scalar {
                case "a"..."z": String(scalar)
                case "0"..."9": digits[Int(scalar.value - 0x30)]
                default: "-"
                }
            }
        return APIKey("fake-placeholder-" + words.joined())
    }
}

extension KeyResolver {
    /// A resolver for tests: it has the keys that it is given, and nothing of this machine.
    ///
    /// ```swift
    /// let resolver = try KeyResolver.fake(["openai": APIKey.fake("openai").value])
    /// #expect(try await Agent(resolver).reply(to: "Hello") == "Hi")
    /// ```
    ///
    /// The keys stand in the first variable of each service, as they do in production, so warnings, ``KeyResolver``
    /// reports and named fields work as usual. It reads no process environment, no `.env` and no `keyhooks.json`.
    ///
    /// - Parameters:
    ///   - keys: The value for each service.
    ///   - configuration: What else counts, such as `providers`. The default reads no file.
    ///   - plugins: The plugins under test.
    ///   - registry: The hooks under test.
    ///   - onWarning: Gets what is odd about a key, so also that a fake key is a placeholder.
    /// - Returns: The resolver.
    /// - Throws: A `KeyResolutionError`: with the code `invalidService` if a service has no variable that could hold a
    ///   key, and otherwise as the resolver's own initialiser.
    public static func fake(
        _ keys: [Service: String] = [:],
        configuration: KeyConfiguration = KeyConfiguration(),
        plugins: [any PluginSource] = [],
        registry: HookRegistry = HookRegistry(),
        onWarning: @escaping @Sendable (KeyWarning) -> Void = { _ in }
    ) throws(KeyResolutionError) -> KeyResolver {
        let catalogue = try configuration.catalogue()
        var environment: [String: String] = [:]
        for (service, key) in keys {
            guard let variable = catalogue.definition(of: service).variables.first else {
                throw KeyResolutionError(
                    .invalidService,
                    "'\(service)' has no variable for a key",
                    remedy: "leave it out, or give its fields with a hook",
                    service: service
                )
            }
            environment[variable.name] = key
        }
        return try KeyResolver(
            configuration: configuration,
            plugins: plugins,
            registry: registry,
            environment: environment,
            pluginUse: .always,
            onWarning: onWarning
        )
    }
}
