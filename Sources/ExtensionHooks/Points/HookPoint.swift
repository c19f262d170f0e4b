/// A typed operation that hooks may answer, rewrite or watch.
///
/// Declare a point once and hand it round as a value, so that a point's name is never a string to mistype:
///
/// ```swift
/// extension HookPoint where Arguments == RenderRequest, Output == Page {
///     static var render: Self { HookPoint("render") }
/// }
/// ```
///
/// Two declarations with the same name and the same two types are the same point; a point with other types is another
/// point, so a hook can never be called with arguments it does not understand.
public struct HookPoint<Arguments: Sendable, Output: Sendable>: Sendable {
    /// The name shown in errors, records and explanations.
    public let name: String

    @usableFromInline let describeRewrite: (@Sendable (Arguments, Arguments) -> [String])?

    /// Declares a point.
    ///
    /// - Parameters:
    ///   - name: A short name, unique among the points with these two types.
    ///   - describeRewrite: Names what differs between two versions of the arguments, for the record of who rewrote
    ///     what. The names must not contain values that are secret. It runs only after a hook changed the arguments.
    public init(_ name: String, describeRewrite: (@Sendable (Arguments, Arguments) -> [String])? = nil) {
        self.name = name
        self.describeRewrite = describeRewrite
    }

    var key: PointKey { PointKey(name: name, type: ObjectIdentifier(Self.self)) }
}
