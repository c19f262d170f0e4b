import ExtensionHooks

/// One point, its registry and a function extended by it, whose hooks are all of one kind.
struct Subject<Arguments: Sendable, Output: Sendable>: Sendable {
    let kind: HookKind
    let registry: HookRegistry
    let asynchronousPoint: HookPoint<Arguments, Output>
    let synchronousPoint: SynchronousHookPoint<Arguments, Output>
    private let asynchronous: Extensible<Arguments, Output>
    private let synchronous: SynchronousExtensible<Arguments, Output>

    init(
        _ kind: HookKind,
        in registry: HookRegistry = HookRegistry(),
        describeRewrite: (@Sendable (Arguments, Arguments) -> [String])? = nil,
        body: @escaping @Sendable (Arguments) throws -> Output
    ) {
        self.kind = kind
        self.registry = registry
        asynchronousPoint = HookPoint("subject", describeRewrite: describeRewrite)
        synchronousPoint = SynchronousHookPoint("subject", describeRewrite: describeRewrite)
        asynchronous = Extensible(asynchronousPoint, in: registry) { try body($0) }
        synchronous = SynchronousExtensible(synchronousPoint, in: registry, body: body)
    }

    var isUsed: Bool { kind == .synchronous ? synchronous.isUsed : asynchronous.isUsed }

    var order: [HookPlacement] {
        kind == .synchronous ? registry.order(of: synchronousPoint) : registry.order(of: asynchronousPoint)
    }

    func callAsFunction(_ arguments: Arguments) async throws -> Output {
        if kind == .synchronous { return try callNow(arguments) }
        return try await asynchronous(arguments)
    }

    /// Calls the synchronous twin from where nothing can wait.
    func callNow(_ arguments: Arguments) throws -> Output {
        try synchronous(arguments)
    }

    func result(_ arguments: Arguments) async -> Result<Output, any Error> {
        do { return .success(try await self(arguments)) } catch { return .failure(error) }
    }

    @discardableResult
    func register(
        _ build: (inout SubjectBundle<Arguments, Output>) throws -> Void
    ) throws -> HookRegistration {
        try registry.register { hooks in
            var bundle = SubjectBundle(
                kind: kind,
                asynchronousPoint: asynchronousPoint,
                synchronousPoint: synchronousPoint,
                hooks: hooks
            )
            try build(&bundle)
            hooks = bundle.hooks
        }
    }
}
