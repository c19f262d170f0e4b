import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

/// A process that is killed, and the next one: real processes, which the package's LoadProgram is.
@Suite(.timeLimit(.minutes(5))) struct LeaseCrashTests {
    private static let program: URL = {
        #if os(macOS)
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
        return bundle.bundleURL.deletingLastPathComponent().appendingPathComponent("LoadProgram")
        #else
        return Bundle.main.bundleURL.appendingPathComponent("LoadProgram")
        #endif
    }()

    /// A program that borrows, and what it says.
    private final class Borrower: Sendable {
        let process = Process()
        let input = Pipe()
        let output: FileHandle

        init(_ config: String, _ services: String, home: String, token: String) throws {
            let output = Pipe()
            self.output = output.fileHandleForReading
            process.executableURL = LeaseCrashTests.program
            process.arguments = ["borrow", config, services]
            process.environment = ["HOME": home, "XDG_CONFIG_HOME": home, "BAO_TOKEN": token]
            process.standardInput = input
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
        }

        /// The next lines; fewer if it ended.
        func lines(_ count: Int) -> [String] {
            var (text, lines) = (Data(), 0)
            while lines < count, let byte = try? output.read(upToCount: 1), !byte.isEmpty {
                text += byte
                lines += byte == Data("\n".utf8) ? 1 : 0
            }
            return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
        }

        func ended() async throws {
            while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test func `kill -9 with ten live leases, restart: ten revocations, none twice, none forgotten`() async throws {
        try await withTemporaryFolder { folder in
            // One of its own, so that what it is asked can be counted.
            let server = try await BaoServer.started()
            let admin = BaoAdmin(server)
            let database = try await PostgresServer.shared
            let mount = unique("database")
            try await admin.mountDatabase(mount)
            try await admin.connect(mount, to: database)
            let services = [
                "openai", "anthropic", "mistral", "groq", "cohere", "deepseek", "openrouter", "xai", "perplexity",
                "replicate",
            ]
            for service in services { try await admin.createDatabaseRole(mount, service) }
            let config = try folder.write(
                "keyhooks/keyhooks.json",
                #"{"plugins": {"openbao": {"address": "\#(server.address)", "mount": "\#(mount)", "creds": "{service}"}}}"#
            )
            let list = services.joined(separator: ",")
            let first = try Borrower(config, list, home: folder.path, token: server.rootToken)
            let lent = first.lines(10).compactMap { $0.split(separator: " ").last.map(String.init) }
            #expect(Set(lent) == Set(try await admin.leases(below: "\(mount)/creds")) && lent.count == 10)
            kill(first.process.processIdentifier, SIGKILL)
            try await first.ended()

            // The next one borrows for itself, and gives back what was left.
            let second = try Borrower(config, "openai", home: folder.path, token: server.rootToken)
            let own = second.lines(1).compactMap { $0.split(separator: " ").last.map(String.init) }
            try await until("what was left is revoked") {
                Set(try await admin.leases(below: "\(mount)/creds")) == Set(own)
            }
            second.input.fileHandleForWriting.write(Data("\n".utf8))
            #expect(second.lines(1).first?.hasPrefix("adopted 10 ") == true)
            try second.input.fileHandleForWriting.close()
            #expect(second.lines(1) == ["ended"])
            try await second.ended()
            #expect(try await admin.leases(below: "\(mount)/creds").isEmpty)
            // Ten of the first, one of the second; the server was asked once for each.
            let asked = try server.requests(pathContaining: "sys/leases/revoke")
                .count { $0.path == "sys/leases/revoke" }
            #expect(asked == 11)
            let left = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/keyhooks/leases")) ?? []
            #expect(left.isEmpty)
            try await server.stop()
        }
    }
}
