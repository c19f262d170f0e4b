extension SynchronousHookSite {
    /// Calls the point from a function that cannot throw.
    ///
    /// The synchronous twin of ``HookSite/callWithoutThrowing(_:body:)``: a function that cannot throw cannot be denied,
    /// so after a failure, which observers see, the caller gets the body's output. The body runs at most once; if it
    /// has not run by then, it runs with the caller's arguments.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it gets the arguments as they are then.
    /// - Returns: The output of the body or of the hook that answered, as end hooks left it; after a failure the
    ///   body's.
    @inlinable
    public func callWithoutThrowing(
        _ arguments: Arguments,
        body: (Arguments) -> Output
    ) -> Output {
        guard let snapshot = slot.current else {
            return body(arguments)
        }
        var returned: Output?
        do {
            return try run(arguments, through: snapshot) { rewritten in
                let output = body(rewritten)
                returned = .some(output)
                return output
            }
        } catch {
            return returned ?? body(arguments)
        }
    }
}
