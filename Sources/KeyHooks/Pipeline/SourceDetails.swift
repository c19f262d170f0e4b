package import ExtensionHooks

/// What a source of this package says beyond a ``KeySource``: of its failures, its servers and its own remarks.
package struct SourceDetails<Source: KeySource>: Sendable {
    /// What stands before a place in messages.
    package var title: String

    /// What is shown as the place of keys that have none.
    package var unnamedPlace = "asked of the source itself"

    /// Whether a read gives its thread back whenever it has to wait, so that a caller's may be lent to it.
    package var neverBlocks = false

    /// What to make of a failed read.
    package var handling: @Sendable (any Error) -> CacheFailureHandling = CacheFailureHandling.standard

    /// Turns what a read threw into an error for callers; nil for what it does not know.
    package var error: @Sendable (any Error, KeyRequest) -> KeyResolutionError? = { _, _ in nil }

    /// Completes what is shown of a key: the names tried, the servers, the version.
    package var complete:
        @Sendable (inout CachedKeyReport, KeyRequest, Source.Location, Source.Reading.Content?) -> Void =
            { _, _, _, _ in }

    /// What is odd about the source as a whole.
    package var warnings: @Sendable () -> [String] = { [] }

    /// Remarks on values that were given out all the same, each once.
    package var takeRemarks: @Sendable () -> [String] = { [] }

    /// What the source itself keeps is forgotten; nil for all services.
    package var invalidated: @Sendable (Service?) -> Void = { _ in }

    /// A key from a location was found to be bad, so what the source itself keeps of it is to be forgotten.
    ///
    /// It must not wait, and not use the pipeline.
    package var rejected: @Sendable (Source.Location) -> Void = { _ in }

    /// Ends what the source itself has begun, such as its login, within a time.
    package var end: @Sendable (Duration) async -> Void = { _ in }

    /// Says what to do about a cache that is too small, by the number of values that had to go and the capacity.
    package var crowded: @Sendable (_ evictions: Int, _ capacity: Int) -> String

    /// The details of a source that says nothing.
    package init(of id: HookID) {
        title = id.words
        crowded = { evictions, capacity in
            let what = evictions == 1 ? "a value that was still good" : "\(evictions) values that were still good"
            return
                "\(id.words): \(what) had to make room for others in the cache: more are in use than the \(capacity) "
                + "that it keeps, and each is read again. Raise 'capacity'"
        }
    }

    /// A place as it is named in messages.
    func words(for place: String) -> String { place.isEmpty ? title : "\(title): \(place)" }
}
