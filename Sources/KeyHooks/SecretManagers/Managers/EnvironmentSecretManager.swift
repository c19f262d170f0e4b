public import LightFoundation

/// The variables of a process as a secret manager: the name of a secret is the name of a variable.
///
/// A variable `NAME_FILE` with the absolute path of a file stands for `NAME`, as Docker's and Kubernetes' secrets are
/// handed over; the variable itself comes first. A blank variable counts as none.
public struct EnvironmentSecretManager: Sendable {
    private let variables: [String: String]

    /// Makes a manager of the variables as they are now.
    ///
    /// - Parameter environment: The variables.
    public init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        variables = environment
    }
}

extension EnvironmentSecretManager: ListableSecretManager, HealthCheckable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func secret(_ name: SecretName, _ options: SecretOptions) throws(KeyResolutionError) -> StoredSecret? {
        try options.refuseVersion()
        try options.refuseParameters()
        let name = name.rawValue
        if let value = variables[name], !value.allSatisfy(\.isWhitespace) { return StoredSecret(.text(value)) }
        // Read at every call: such a file is mounted late, and rotated.
        let files = KeyFiles(variables.filter { $0.key == name + KeyFiles.suffix || $0.key == "HOME" })
        if let failure = files.failure(for: name) { throw failure }
        guard case .success(let text)? = files.contents(for: name), !text.allSatisfy(\.isWhitespace) else { return nil }
        return StoredSecret(.text(text))
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func list(
        _ prefix: String,
        after page: String?,
        _ options: SecretOptions
    ) throws(KeyResolutionError) -> SecretPage {
        try options.refuseParameters()
        let set = variables.filter { !$0.value.allSatisfy(\.isWhitespace) }
            .map { name, value in
                // What stands for another variable is that one's file.
                name.hasSuffix(KeyFiles.suffix) && (value.hasPrefix("/") || value.hasPrefix("~/"))
                    ? String(name.dropLast(KeyFiles.suffix.count)) : name
            }
        return SecretPage(of: Set(set).compactMap { try? SecretName($0) }, from: prefix)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func health(_ options: SecretOptions) -> SecretManagerHealth { .healthy }
}

extension EnvironmentSecretManager: CustomReflectable {
    /// Has no children, so that nothing that walks mirrors finds a value.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
