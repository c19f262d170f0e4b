import Foundation
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

/// A process that is killed, and the next one: real processes, and the real proxy.
@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    @Test func `kill -9 with ten live leases, restart: ten revocations, none twice, none forgotten`() async throws {
        try await withTemporaryFolder { folder in
            let proxy = try await LiteLLMProxy.shared
            let role = "crash"
            let config = try folder.write(
                "keyhooks/keyhooks.json",
                """
                { "plugins": { "litellm": {
                    "url": "\(proxy.url)", "adminKey": "env:LITELLM_MASTER_KEY", "roles": { "\(role)": {} } } } }
                """
            )
            let environment = ["LITELLM_MASTER_KEY": proxy.masterKey]
            let tenants = (0..<10).map { "litellm@tenant-\($0)" }
            let alias = "keyhooks/\(role)"
            let first = try Borrower(config, tenants, home: folder.path, environment: environment)
            let lent = first.lent(10)
            #expect(lent.count == 10)
            #expect(try await Set(proxy.keys(alias).map(\.token)) == lent)
            try await first.crash()

            // The next one borrows for itself, and gives back what was left.
            let second = try Borrower(config, ["litellm@other"], home: folder.path, environment: environment)
            let own = second.lent(1)
            try await until("what was left is taken away") { try await Set(proxy.keys(alias).map(\.token)) == own }
            #expect(second.statistics().hasPrefix("adopted 10 "))
            try await second.end()
            #expect(try await proxy.keys(alias).isEmpty)
            // Ten of the first, one of the second; the proxy was asked once for each.
            let asked = try await proxy.requests(alias).filter { $0.path == "/key/delete" }
            #expect(asked.count == 11 && Set(asked.flatMap(\.aliases)).count == 11)
            #expect(asked.allSatisfy { $0.status == 200 })
            let left = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/keyhooks/leases")) ?? []
            #expect(left.isEmpty)
        }
    }
}
