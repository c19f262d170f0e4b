/// `Tests/Support/fault-server.py`: answers with the fault that the path of a request names.
///
/// A fake, since no real server can be made to show these faults; what it damages is a recorded answer of a real one.
package final class FaultServer: Sendable {
    package let address: String
    private let script: SupportScript

    /// The one server of all tests; it ends with the test process.
    package static var shared: FaultServer {
        get async throws { try await started.value }
    }

    private static let started = Task { try await FaultServer() }

    package init() async throws {
        script = try SupportScript("fault-server.py")
        guard let line = await script.line(), let port = Int(line) else {
            throw BaoFailure("fault-server.py did not print its port")
        }
        address = "http://127.0.0.1:\(port)"
    }

    /// The lines of `fault-server.py list`: group, path and what may come of it, apart by tabs.
    package static func list() async throws -> [String] {
        let script = try SupportScript("fault-server.py", ["list"])
        var lines: [String] = []
        while let line = await script.line() { lines.append(line) }
        return lines
    }
}
