import KeyHooks
import Testing

/// An error of an unknown type whose text quotes a secret.
struct LeakyError: Error, CustomStringConvertible {
    let description: String
}

/// The error with which a call fails.
func failure(
    sourceLocation: SourceLocation = #_sourceLocation,
    of body: () async throws -> some Sendable
) async throws -> KeyResolutionError {
    let error = await #expect(throws: KeyResolutionError.self, sourceLocation: sourceLocation) {
        _ = try await body()
    }
    return try #require(error, sourceLocation: sourceLocation)
}

extension KeyAnswer {
    /// The answer in one word and, if it is a key, its value; only tests may print one.
    var summary: String {
        switch self {
        case .found(let key): "found \(key.value)"
        case .notRequired: "not required"
        case .absent: "absent"
        }
    }
}
