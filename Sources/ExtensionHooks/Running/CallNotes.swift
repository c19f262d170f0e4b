/// What rarely happens in a call: rewrites and failures that did not end it.
@usableFromInline
struct CallNotes: Sendable {
    /// The positions of hooks whose start half threw and was skipped.
    @usableFromInline var skipped: [Int] = []
    @usableFromInline var rewrites: [HookRewrite] = []
    @usableFromInline var failures: [HookError] = []

    @usableFromInline
    init() {}
}

/// Keeps ``CallNotes`` out of line, so that the many calls without any carry one empty word.
@usableFromInline
enum BoxedNotes: Sendable {
    case empty
    indirect case notes(CallNotes)

    @usableFromInline var value: CallNotes {
        get {
            switch self {
            case .empty: CallNotes()
            case .notes(let notes): notes
            }
        }
        set { self = .notes(newValue) }
    }
}
