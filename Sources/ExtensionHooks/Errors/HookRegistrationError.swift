/// A set of hooks was refused; nothing of it was registered.
public struct HookRegistrationError: ValueFreeError, Hashable {
    /// The kind of a ``HookRegistrationError``; more kinds may come.
    public struct Code: Hashable, Sendable {
        fileprivate enum Storage: Hashable, Sendable {
            case invalidID
            case duplicateID
            case cycle
        }

        fileprivate let storage: Storage

        /// An id is not of the form `plugin` or `plugin/hook`.
        public static var invalidID: Self { Self(storage: .invalidID) }

        /// The point has a hook with this id already.
        public static var duplicateID: Self { Self(storage: .duplicateID) }

        /// The `before:` and `after:` of some hooks contradict each other.
        public static var cycle: Self { Self(storage: .cycle) }
    }

    /// The kind of mistake.
    public let code: Code

    /// The name of the point.
    public let point: String

    /// The hooks concerned; for a cycle in order, the first again at the end.
    public let hooks: [HookID]

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        let names = hooks.map { "'\($0)'" }
        switch code.storage {
        case .invalidID:
            return "\(names.joined(separator: ", ")) isn't a hook id: use letters, digits, '.', '_' and '-', "
                + "as 'plugin' or 'plugin/hook'"
        case .duplicateID:
            return "'\(point)' has a hook \(names.joined(separator: ", ")) already: "
                + "register it once, or under another id"
        case .cycle:
            return "the order of the hooks of '\(point)' is a cycle: \(names.joined(separator: " before ")); "
                + "drop one of their before: or after:"
        }
    }
}
