import Foundation

/// A program of `Tests/Support` as a child process, which gets lines to act on and ends when its standard input
/// closes.
package final class SupportScript: Sendable {
    private let process: Process
    private let input = Pipe()
    private let output = Pipe()

    package init(_ name: String, _ arguments: [String] = []) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Support/\(name)")
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit { try? input.fileHandleForWriting.close() }

    /// The next line that the program prints, once it is there; nil when it has ended.
    ///
    /// Only one caller may wait at a time.
    package func line() async -> String? {
        // Not on a thread that other tests need meanwhile.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: self.read()) }
        }
    }

    private func read() -> String? {
        var bytes: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    package func say(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// Lets the program end, and waits until it has.
    package func close() async throws {
        try? input.fileHandleForWriting.close()
        try await until("\(process.executableURL?.lastPathComponent ?? "") has ended") { !process.isRunning }
    }
}
