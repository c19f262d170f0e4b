/// What a key answered and how its source forgets it, so that whoever finds the key to be bad can have it read again.
package final class KeyOrigin: Sendable {
    /// What the key answered; its rules may be those of a resolver's past.
    let request: KeyRequest

    /// Whether another hook made the key, maybe of what a source answered.
    let isRemade: Bool
    private let isFrom: @Sendable (AnyObject) -> Bool
    private let drop: @Sendable (APIKey) -> Bool
    private let giveBack: @Sendable () -> Bool

    /// The origin of a key that a pipeline picked.
    ///
    /// - Parameters:
    ///   - request: What the key answered.
    ///   - pipeline: Where from; a key doesn't keep it.
    ///   - release: Gives back the loan that the key is of, and says whether there was one.
    ///   - drop: Has it forget what a key was picked from, and says whether there was anything.
    init<Pipeline: AnyObject & Sendable>(
        _ request: KeyRequest,
        of pipeline: Pipeline,
        release: @escaping @Sendable (Pipeline) -> Bool,
        drop: @escaping @Sendable (APIKey, Pipeline) -> Bool
    ) {
        self.request = request.withoutHistory
        isRemade = false
        isFrom = { [weak pipeline] other in pipeline === other }
        self.drop = { [weak pipeline] key in pipeline.map { drop(key, $0) } ?? false }
        giveBack = { [weak pipeline] in pipeline.map(release) ?? false }
    }

    /// The origin of a key that another hook made.
    init(remade request: KeyRequest) {
        self.request = request.withoutHistory
        isRemade = true
        isFrom = { _ in false }
        drop = { _ in false }
        giveBack = { false }
    }

    /// Whether the key was picked by a pipeline.
    func isOf(_ pipeline: AnyObject) -> Bool { isFrom(pipeline) }

    /// Gives back the loan that the key is of; says whether there was one.
    func release() -> Bool { giveBack() }

    /// Has the source forget what the key was picked from, unless it has a newer one, or read the same key again a
    /// moment ago.
    ///
    /// - Parameter key: The key, which was found to be bad.
    /// - Returns: Whether anything was forgotten by this.
    @discardableResult
    package func reject(_ key: APIKey) -> Bool { drop(key) }
}

/// Where a key is from makes no difference to what its provenance says.
extension KeyOrigin: Hashable {
    package static func == (left: KeyOrigin, right: KeyOrigin) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}
}

extension KeyOrigin: CustomReflectable {
    /// Shows nothing of the source.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
