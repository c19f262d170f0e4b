/// What a runner needs to know of the point.
@usableFromInline
struct PointFacts<Arguments: Sendable>: Sendable {
    @usableFromInline let name: String
    @usableFromInline let describeRewrite: (@Sendable (Arguments, Arguments) -> [String])?
    var isObserved = true
}
