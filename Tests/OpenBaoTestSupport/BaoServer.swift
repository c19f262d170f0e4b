package import Foundation
import Synchronization

/// A real OpenBao server on loopback, initialised and unsealed, with a folder that goes away with it.
package final class BaoServer: Sendable {
    package let address: String
    package let folder: URL
    package let rootToken: String
    package let unsealKey: String
    private let port: Int
    private let process: Mutex<BaoProcess>

    private static let sharedTask = Task { try await started() }

    /// The one server of all tests that neither seal, stop nor kill it; it ends with the test process.
    package static var shared: BaoServer {
        get async throws { try await sharedTask.value }
    }

    private init(port: Int, folder: URL, process: BaoProcess, rootToken: String, unsealKey: String) {
        address = Self.address(port)
        self.port = port
        self.folder = folder
        self.process = Mutex(process)
        self.rootToken = rootToken
        self.unsealKey = unsealKey
    }

    /// Starts a server of its own; end it with `stop()`, or use `withServer`.
    ///
    /// More listeners than the plain one are reported by their text in the server's own language; what they need is written
    /// into the server's folder.
    package static func started(listeners: ((URL) throws -> String)? = nil) async throws -> BaoServer {
        try await BaoProcess.install()
        do {
            return try await launched(listeners)
        } catch is PortTaken {
            // Somebody took the port between our finding it and the server's binding it.
            return try await launched(listeners)
        }
    }

    private static func launched(_ listeners: ((URL) throws -> String)?) async throws -> BaoServer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-openbao"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let port = try freePort()
        if let text = try listeners?(folder) {
            try Data(text.utf8).write(to: folder.appendingPathComponent("listeners.hcl"))
        }
        let process = try BaoProcess(folder: folder, port: port)
        do {
            try await answers(501, port: port, folder: folder, process: process)
            let admin = BaoAdmin(address: address(port))
            let keys = try await admin.call("POST", "sys/init", ["secret_shares": 1, "secret_threshold": 1])
            let server = BaoServer(
                port: port,
                folder: folder,
                process: process,
                rootToken: try keys.required("root_token"),
                unsealKey: try keys.required("keys_base64.0")
            )
            try await server.unseal()
            try await BaoAdmin(server).setQuotas(announced: true)
            return server
        } catch {
            let log = (try? String(contentsOf: BaoProcess.log(in: folder), encoding: .utf8)) ?? ""
            try? await process.close()
            // A server that ended by itself leaves its folder.
            try? FileManager.default.removeItem(at: folder)
            if log.contains("address already in use") { throw PortTaken() }
            throw BaoFailure("OpenBao did not start: \(error)\n\(log.suffix(4000))")
        }
    }

    /// Whether the server is up, and unsealed.
    package var isHealthy: Bool {
        get async { await BaoAdmin(address: address).status == 200 }
    }

    /// Ends the server as a crash would.
    package func kill() async throws {
        try await process.withLock(\.self).end(with: SIGKILL, folder: folder)
    }

    /// Starts the server again on the same port and data, after ending it in good order when it runs.
    package func restart(sealed: Bool = false) async throws {
        try await process.withLock(\.self).end(with: SIGTERM, folder: folder)
        let again = try BaoProcess(folder: folder, port: port)
        process.withLock { $0 = again }
        try await Self.answers(503, port: port, folder: folder, process: again)
        if !sealed { try await unseal() }
    }

    /// Seals the server: everything but health then answers 503.
    package func seal() async throws {
        try await BaoAdmin(self).expect("POST", "sys/seal")
        try await answers(503)
    }

    /// Unseals the server and waits until it is the active node.
    package func unseal() async throws {
        try await BaoAdmin(address: address).expect("POST", "sys/unseal", ["key": unsealKey])
        try await answers(200)
    }

    /// Ends the server and takes its folder away.
    package func stop() async throws {
        try await process.withLock(\.self).close()
        try? FileManager.default.removeItem(at: folder)
    }

    private func answers(_ status: Int) async throws {
        try await Self.answers(status, port: port, folder: folder, process: process.withLock(\.self))
    }

    private static func answers(_ status: Int, port: Int, folder: URL, process: BaoProcess) async throws {
        let admin = BaoAdmin(address: address(port))
        try await until("health of the server is \(status)") {
            if await admin.status == status { return true }
            guard process.isRunning else {
                let log = try String(contentsOf: BaoProcess.log(in: folder), encoding: .utf8)
                throw BaoFailure("the server has ended:\n\(log.suffix(4000))")
            }
            return false
        }
    }

    private static func address(_ port: Int) -> String { "http://127.0.0.1:\(port)" }
}

private struct PortTaken: Error {}

/// Gives a server of its own to a test that seals, stops or kills it, and ends it whatever happens.
package func withServer<Result>(
    listeners: ((URL) throws -> String)? = nil,
    _ body: (BaoServer) async throws -> Result
) async throws -> Result {
    let server = try await BaoServer.started(listeners: listeners)
    do {
        let result = try await body(server)
        try await server.stop()
        return result
    } catch {
        try? await server.stop()
        throw error
    }
}
