/// Looks on while a plugin is spoken with, for its author; no part of what a program shows or logs.
///
/// It gets everything as it is, keys included.
package struct WireObserver: Sendable {
    /// Gets each line that the plugin is sent.
    var sent: @Sendable (ArraySlice<UInt8>) -> Void
    /// Gets each line of a session, and all that a one-shot plugin writes.
    var received: @Sendable (ArraySlice<UInt8>) -> Void
    /// Gets what it writes on standard error, in pieces.
    var errors: @Sendable (ArraySlice<UInt8>) -> Void

    package init(
        sent: @escaping @Sendable (ArraySlice<UInt8>) -> Void,
        received: @escaping @Sendable (ArraySlice<UInt8>) -> Void,
        errors: @escaping @Sendable (ArraySlice<UInt8>) -> Void
    ) {
        (self.sent, self.received, self.errors) = (sent, received, errors)
    }
}
