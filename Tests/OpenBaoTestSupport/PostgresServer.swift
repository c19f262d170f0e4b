import Foundation

/// `Tests/Support/postgres.py`: a real PostgreSQL server on loopback, with a cluster that goes away with it.
package final class PostgresServer: Sendable {
    package let host: String
    package let port: Int
    package let user: String
    package let password: String
    private let psql: String
    private let script: SupportScript

    /// The one server of all tests; it ends with the test process.
    package static var shared: PostgresServer {
        get async throws { try await started.value }
    }

    private static let started = Task { try await PostgresServer() }

    /// Starts a server of its own; it ends with `stop()`, or when nobody has it any more.
    package init() async throws {
        script = try SupportScript("postgres.py")
        guard let line = await script.line() else {
            throw BaoFailure("postgres.py did not start a server; see what it writes")
        }
        let ready = try JSONDecoder().decode(Ready.self, from: Data(line.utf8))
        (host, port, user, password, psql) = (ready.host, ready.port, ready.user, ready.password, ready.psql)
    }

    /// Whether somebody can log in: what `psql` says, PostgreSQL's own client.
    ///
    /// - Throws: A ``BaoFailure`` if it is kept from finding out, so that a server that is gone refuses nobody.
    package func canLogIn(user: String, password: String) async throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: psql)
        process.arguments = [
            "--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--host", host, "--port", "\(port)",
            "--username", user, "--dbname", "postgres", "--command", "SELECT current_user",
        ]
        process.environment = ["PGPASSWORD": password, "LC_ALL": "C", "HOME": "/nonexistent"]
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try await until("psql has ended") { !process.isRunning }
        if process.terminationStatus == 0 {
            return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "\(user)\n"
        }
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        // The same for a wrong password, one that has expired, and a role that is not there.
        if said.contains("password authentication failed") { return false }
        throw BaoFailure("psql: \(said)")
    }

    /// Ends the server and takes its cluster away.
    package func stop() async throws { try await script.close() }
}

private struct Ready: Decodable {
    let host: String
    let port: Int
    let user: String
    let password: String
    let psql: String
}
