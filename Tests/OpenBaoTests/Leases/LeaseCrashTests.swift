import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

/// A process that is killed, and the next one: real processes, which the package's LoadProgram is.
@Suite(.timeLimit(.minutes(5))) struct LeaseCrashTests {
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
            let environment = ["BAO_TOKEN": server.rootToken]
            let first = try Borrower(config, services, home: folder.path, environment: environment)
            let lent = first.lent(10)
            #expect(lent == Set(try await admin.leases(below: "\(mount)/creds")) && lent.count == 10)
            try await first.crash()

            // The next one borrows for itself, and gives back what was left.
            let second = try Borrower(config, ["openai"], home: folder.path, environment: environment)
            let own = second.lent(1)
            try await until("what was left is revoked") {
                Set(try await admin.leases(below: "\(mount)/creds")) == own
            }
            #expect(second.statistics().hasPrefix("adopted 10 "))
            try await second.end()
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
