/// Whether a weaker source may answer while a plugin's source cannot.
public enum KeyFallback: String, Hashable, Sendable, CaseIterable, Codable {
    /// Never: a failure is the caller's.
    case never

    /// While the source is unreachable, too slow or sealed; never after a denial, with refused credentials, or
    /// where the source cannot be told from an impostor.
    ///
    /// ``KeyProvenance/skippedSources`` of the answer says so.
    case unavailable
}

extension KeyFallback {
    /// Whether a failure of this kind may be skipped.
    ///
    /// - Parameter error: What the source failed with.
    /// - Returns: Whether the next source may answer.
    public func allows(_ error: KeyResolutionError) -> Bool {
        // What may be skipped is what an old value may bridge: one list says which failures pass.
        if self == .unavailable, case .passing = CacheFailureHandling.standard(error) { true } else { false }
    }
}
