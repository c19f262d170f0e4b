package import Foundation

/// `Tests/Support/odd-server.py` as a child process, which ends when its standard input closes.
package final class OddServer: Sendable {
    package let address: String
    private let process: Process
    private let input = Pipe()

    package init() async throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Support/odd-server.py")
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: await firstOutput(of: output), as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BaoFailure("odd-server.py says \(line) in place of its port")
        }
        address = "http://127.0.0.1:\(port)"
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }
}

/// What a process writes first; no thread that other tests need waits for it.
package func firstOutput(of pipe: Pipe) async -> Data {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: pipe.fileHandleForReading.availableData) }
    }
}
