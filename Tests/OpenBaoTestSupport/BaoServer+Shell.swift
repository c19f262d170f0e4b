import Foundation

extension BaoServer {
    /// Runs a command as somebody types it, with OpenBao's own tool in the search path and logged in as root.
    ///
    /// - Parameters:
    ///   - command: What `sh` runs.
    ///   - input: What it gets on standard input.
    /// - Returns: Its exit status.
    /// - Throws: What kept it from running or ending.
    package func shell(_ command: String, input: String) async throws -> Int32 {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("shell"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("input")
        try Data(input.utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "PATH=$(dirname \"$(\"$0\" binary)\"):$PATH; \(command)", BaoProcess.scriptPath]
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path,
            "BAO_ADDR": address, "BAO_TOKEN": rootToken,
        ]
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await until("the command has ended", within: .seconds(300)) { !process.isRunning }
        return process.terminationStatus
    }
}
