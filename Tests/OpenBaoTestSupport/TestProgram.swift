package import Foundation

/// The package's LoadProgram, for tests that need processes of their own.
package enum TestProgram {
    /// Where it was built: beside the tests.
    package static let url: URL = {
        #if os(macOS)
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
        return bundle.bundleURL.deletingLastPathComponent().appendingPathComponent("LoadProgram")
        #else
        return Bundle.main.bundleURL.appendingPathComponent("LoadProgram")
        #endif
    }()
}

/// A program that borrows keys and keeps them, and what it says.
package final class Borrower: Sendable {
    package let process = Process()
    private let input = Pipe()
    private let output: FileHandle

    /// Starts it.
    ///
    /// - Parameters:
    ///   - config: The path of its `keyhooks.json`.
    ///   - services: What it borrows keys for, as `SERVICE` or `SERVICE@TENANT`.
    ///   - home: Its home folder.
    ///   - environment: Its credentials.
    /// - Throws: Why it can't be started.
    package init(_ config: String, _ services: [String], home: String, environment: [String: String]) throws {
        let output = Pipe()
        self.output = output.fileHandleForReading
        process.executableURL = TestProgram.url
        process.arguments = ["borrow", config, services.joined(separator: ",")]
        process.environment = environment.merging(["HOME": home, "XDG_CONFIG_HOME": home]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// The next lines; fewer if it ended.
    package func lines(_ count: Int) -> [String] {
        var (text, lines) = (Data(), 0)
        while lines < count, let byte = try? output.read(upToCount: 1), !byte.isEmpty {
            text += byte
            lines += byte == Data("\n".utf8) ? 1 : 0
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// What so many keys were lent as, once they are.
    package func lent(_ count: Int) -> Set<String> {
        Set(lines(count).compactMap { $0.split(separator: " ").last.map(String.init) })
    }

    /// What it says of its leases.
    package func statistics() -> String {
        input.fileHandleForWriting.write(Data("\n".utf8))
        return lines(1).first ?? ""
    }

    /// Ends it in good order.
    ///
    /// - Throws: A ``BaoFailure`` if it doesn't end so.
    package func end() async throws {
        try input.fileHandleForWriting.close()
        guard lines(1) == ["ended"] else { throw BaoFailure("the program that borrows did not end in good order") }
        try await ended()
    }

    /// Kills it as nothing can be caught.
    package func crash() async throws {
        kill(process.processIdentifier, SIGKILL)
        try await ended()
    }

    private func ended() async throws {
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
    }
}
