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
        let result = changes.withLock { changes -> Result<Void, KeyResolutionError> in
            if let result = fileChecks.result(since: seen) { return result }
            return fileChecks.check { reads throws(KeyResolutionError) in
                guard let environment = try state.environment.reloaded(counting: &reads) else { return }
                publish(try changes.state(environment))
                remarks.forget()
            }
        }
        try result.get()
    }

    /// How many files were read again by refreshes and reports.
    package var fileReads: Int { fileChecks.reads }
}

/// Sees to it that calls of the same time look at the files once.
final class FileChecks: Sendable {
    private struct Last {
        var result: Result<Void, KeyResolutionError> = .success(())
        var reads = 0
    }

    /// How many were begun.
    private let number = Atomic(0)

    /// Of the last one; written under the resolver's lock for changes.
    private let last = Mutex(Last())

    var begun: Int { number.load(ordering: .acquiring) }
    var reads: Int { last.withLock { $0.reads } }

    /// What came of a check that was begun after a moment and is over; nil if none was.
    func result(since seen: Int) -> Result<Void, KeyResolutionError>? {
        begun > seen ? last.withLock { $0.result } : nil
    }

    func check(
        _ body: (inout Int) throws(KeyResolutionError) -> Void
    ) -> Result<Void, KeyResolutionError> {
        number.add(1, ordering: .releasing)
        var reads = 0
        let result: Result<Void, KeyResolutionError>
        do throws(KeyResolutionError) {
            try body(&reads)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        last.withLock { last in
            last.result = result
            last.reads += reads
        }
        return result
    }
}
