/// What can be asked of a secret manager; reading is asked of every one.
package enum SecretOperation: String, Hashable, Sendable, Codable, CaseIterable {
    case read, write
    /// To write if nobody else has written meanwhile.
    case checkAndSet = "check-and-set"
    case list
    /// To make the version that a rotation replaced unreadable.
    case rotate
    case health, delete

    /// What a manager can't do that lacks it.
    var words: String {
        switch self {
        case .read: "read"
        case .write: "write"
        case .checkAndSet: "write on a condition"
        case .list: "list its secrets"
        case .rotate: "retire versions"
        case .health: "say how it does"
        case .delete: "delete"
        }
    }
}

/// A manager whose type refines ``SecretManager`` by more than each of its values can do, such as a plugin, whose
/// manifest says it.
package protocol SelectiveSecretManager: SecretManager {
    /// Whether it can do what its type has a method for.
    func offers(_ operation: SecretOperation) -> Bool

    /// How long a call may take where nobody says.
    var patience: Duration { get }
}

extension ManagedSecrets {
    /// The manager as one that can do something; nil if it can't.
    func capability<Capability>(_ operation: SecretOperation, _ type: Capability.Type) -> Capability? {
        guard (manager as? any SelectiveSecretManager)?.offers(operation) ?? true else { return nil }
        return manager as? Capability
    }

    /// The same; throws if it can't.
    func capable<Capability>(
        _ operation: SecretOperation,
        _ type: Capability.Type
    ) throws(KeyResolutionError) -> Capability {
        if let manager = capability(operation, type) { return manager }
        throw lack(of: operation)
    }

    private func lack(of operation: SecretOperation) -> KeyResolutionError {
        KeyResolutionError(.unsupported, "\(title) can't \(operation.words)", remedy: "use a manager that can")
    }

    /// Throws if the access doesn't allow something or the manager can't do it, for whoever wants to know before it is
    /// done.
    package func require(_ operation: SecretOperation) throws(KeyResolutionError) {
        // What can't be done at all isn't a question of access.
        guard can(operation) else { throw lack(of: operation) }
        switch operation {
        case .read, .list: try requireReading()
        case .write, .checkAndSet, .rotate, .delete: try requireWriting()
        case .health: break
        }
    }

    /// Whether the manager can do something, whatever the access allows.
    package func can(_ operation: SecretOperation) -> Bool {
        switch operation {
        case .read: true
        case .write: capability(operation, (any WritableSecretManager).self) != nil
        case .checkAndSet: capability(operation, (any CheckAndSetSecretManager).self) != nil
        case .list: capability(operation, (any ListableSecretManager).self) != nil
        case .rotate: capability(operation, (any RotatableSecretManager).self) != nil
        case .health: capability(operation, (any HealthCheckable).self) != nil
        case .delete: capability(operation, (any DeletableSecretManager).self) != nil
        }
    }
}
