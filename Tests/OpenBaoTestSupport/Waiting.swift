/// Asks every 20 ms until the answer is yes, and throws when the time is over.
package func until(
    _ goal: String,
    within limit: Duration = .seconds(120),
    _ isReached: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !isReached() {
        guard ContinuousClock.now < deadline else { throw BaoFailure("not within \(limit): \(goal)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// A name that no other test uses, for mounts, namespaces, policies and roles on the shared server.
package func unique(_ prefix: String) -> String {
    "\(prefix)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
}
