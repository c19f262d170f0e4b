extension HookSite {
    /// Calls the point from a function that cannot throw.
    ///
    /// Hooks may answer, rewrite and watch as ever, but a function that cannot throw cannot be denied: if a hook fails,
    /// or sets a failure as the result, observers see it as the call's outcome and the caller gets the body's output
    /// all the same. Make the function throw if hooks must be able to deny.
    ///
    /// The body runs at most once. If it has not run by the time of the failure, it runs with the caller's arguments,
    /// after the end hooks and the record of the call.
    ///
    /// - Parameters:
    ///   - arguments: The arguments, which start hooks may rewrite.
    ///   - body: What happens when no start hook answers; it gets the arguments as they are then.
    /// - Returns: The output of the body or of the hook that answered, as end hooks left it; after a failure the
    ///   body's.
    @inlinable
    public func callWithoutThrowing(
        _ arguments: Arguments,
        body: (Arguments) async -> Output
    ) async -> Output {
        guard let snapshot = slot.current else {
            return await body(arguments)
        }
        var returned: Output?
        do {
            return try await run(arguments, through: snapshot) { rewritten in
                let output = await body(rewritten)
                returned = .some(output)
                return output
            }
            .output
        } catch {
            if let returned { return returned }
            return await body(arguments)
        }
    }
}
