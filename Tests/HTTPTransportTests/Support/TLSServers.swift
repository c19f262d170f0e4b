import Foundation
import OpenBaoTestSupport

@testable import HTTPTransport

/// `Tests/Support/tls-server.py` as a child process, with the files of its private authority.
final class TLSServers: Sendable {
    let folder: String
    private let ports: [String: Int]
    private let process: Process
    private let input = Pipe()

    /// One for all tests, since making certificates takes a while; it ends with the test process.
    static var shared: TLSServers { get async throws { try await task.value } }
    private static let task = Task { try await TLSServers() }

    private init() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-tls"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        self.folder = folder.path
        process = Process()
        process.executableURL = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Support/tls-server.py")
        process.arguments = [folder.path]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        ports = try JSONDecoder().decode([String: Int].self, from: await Self.firstOutput(of: output))
    }

    /// What the script writes first; no thread that other tests need waits for it.
    private static func firstOutput(of pipe: Pipe) async -> Data {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: pipe.fileHandleForReading.availableData) }
        }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func url(_ server: String, host: String = "localhost", scheme: String = "https", _ path: String = "/") throws
        -> String
    {
        guard let port = ports[server] else { throw BaoFailure("no server '\(server)'") }
        return "\(scheme)://\(host):\(port)\(path)"
    }

    func path(_ file: String) -> String { "\(folder)/\(file)" }

    /// Settings that trust the private authority.
    func settings(_ change: (inout HTTPTransportSettings) -> Void = { _ in }) -> HTTPTransportSettings {
        var settings = HTTPTransportSettings()
        settings.authorityFile = path("ca.pem")
        change(&settings)
        return settings
    }

    /// How many requests there have been for a path.
    func requests(_ path: String) async throws -> Int {
        let reply = try await LoopbackHTTP(address: try url("log", host: "127.0.0.1", scheme: "http"))
            .ask("GET", "/", [:], nil)
        return try JSONDecoder().decode([String: Int].self, from: reply.body)[path] ?? 0
    }
}

#if os(Linux)
/// The libraries of this machine, to test with each: they tell faults in different ways.
enum Libraries {
    static let installed = ["libcurl.so.4", "libcurl-gnutls.so.4"].filter { (try? CurlLibrary.load([$0])) != nil }

    static func transport(_ settings: HTTPTransportSettings, _ name: String) -> CurlTransport {
        CurlTransport(settings) { try CurlLibrary.load([name]) }
    }
}
#endif
