/// What is to be done after a change of a session's state, when its lock is free again.
struct SessionEffects {
    private var completions: [(SessionState.Completion, Result<PluginAnswer, any Error>)] = []
    /// The process that this caller is to start.
    var starts: UInt64?
    /// Lines for the log.
    var reports: [String] = []
    /// A process that is to end at once.
    var ended: PluginConnection?
    /// The earliest of the moments at which something new is to be done.
    private(set) var due: Duration?

    mutating func complete(_ completion: SessionState.Completion?, _ result: Result<PluginAnswer, any Error>) {
        if let completion { completions.append((completion, result)) }
    }

    mutating func look(at moment: Duration) {
        due = min(due ?? moment, moment)
    }

    func completeAll() {
        for (completion, result) in completions { completion(result) }
    }
}
