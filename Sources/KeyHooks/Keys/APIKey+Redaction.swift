extension APIKey: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { "APIKey(redacted)" }
}

extension APIKey: CustomDebugStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var debugDescription: String { description }
}

extension APIKey: CustomReflectable {
    /// Has no children, so that neither `dump` nor anything else that walks mirrors finds the value.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
