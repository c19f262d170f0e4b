import Synchronization

extension KeyResolver {
    /// What a call works with that takes nothing of some age.
    ///
    /// Of files there is no age but the last change: they are looked at by calls that take nothing kept.
    func state(under maximumAge: Duration?) throws(KeyResolutionError) -> ResolverState {
        if let maximumAge, maximumAge <= .zero { try refreshFiles() }
        return state
    }

    /// Reads `.env` files again that were changed, and files that variables name.
    ///
    /// What is in them comes into force as a whole, as by ``reload(_:)``; overrides, plugins and what these keep stay.
    /// A pipe isn't read again.
    ///
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` for a file that is wrong now; then
    ///   nothing changes.
    func refreshFiles() throws(KeyResolutionError) {
        guard state.environment.hasFiles else { return }
        let seen = fileChecks.begun
        // Held while files are read, which waits for no task; others of the same time take what comes of it.
        try inputs.withLock { inputs throws(KeyResolutionError) in
            let checked =
                fileChecks.result(since: seen)
                ?? fileChecks.check { reads throws(KeyResolutionError) in
                    guard let environment = try state.environment.reloaded(counting: &reads) else { return }
                    publish(try inputs.state(environment))
                    remarks.forget()
                }
            try checked.get()
        }
    }

    /// How many files were read again by refreshes and reports.
    package var fileReads: Int { fileChecks.reads }
}

/// Sees to it that calls of the same time look at the files once.
final class FileChecks: Sendable {
    private struct State {
        /// How many were begun.
        var begun = 0
        var reads = 0

        /// Of the last one; written under the resolver's lock for changes.
        var last: Result<Void, KeyResolutionError> = .success(())
    }

    private let state = Mutex(State())

    var begun: Int { state.withLock { $0.begun } }
    var reads: Int { state.withLock { $0.reads } }

    /// What came of a check that was begun after a moment and is over; nil if none was.
    func result(since seen: Int) -> Result<Void, KeyResolutionError>? {
        state.withLock { $0.begun > seen ? $0.last : nil }
    }

    func check(_ body: (inout Int) throws(KeyResolutionError) -> Void) -> Result<Void, KeyResolutionError> {
        state.withLock { $0.begun += 1 }
        var reads = 0
        let result = Result { () throws(KeyResolutionError) in try body(&reads) }
        state.withLock { state in
            state.last = result
            state.reads += reads
        }
        return result
    }
}
