import Foundation

/// `Tests/Support/odd-server.py` as a child process, which ends when its standard input closes.
package final class OddServer: Sendable {
    package let address: String
    private let process: Process
    private let input = Pipe()

    package init() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Support/odd-server.py")
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BaoFailure("odd-server.py says \(line) in place of its port")
        }
        address = "http://127.0.0.1:\(port)"
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }
}
