import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// On the clock of the machine, with real servers: what is promised is how soon.
@Suite("Being right again soon")
struct RecoveryTests {
    /// One or two seconds are promised, and a machine that does much else may need more.
    private static let moment = Duration.seconds(6)

    private func vault(_ server: BaoServer? = nil) async throws -> Vault {
        var vault = try await Vault(server)
        vault.isInRealTime = true
        return vault
    }

    /// Asks every 20 ms until a key is what it should be; gives how long that took.
    private func time(_ resolver: KeyResolver, until value: String, within limit: Duration = .seconds(20)) async throws
        -> Duration
    {
        let start = ContinuousClock.now
        while ContinuousClock.now - start < limit {
            if let found = try? await resolver.value("openai"), found == value { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        return ContinuousClock.now - start
    }

    @Test("After an outage the new value is there within two seconds, whatever windows there were")
    func outage() async throws {
        try await withServer { server in
            let vault = try await vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
            let resolver = try vault.resolver {
                $0.settings.cache.timeToLive = .milliseconds(500)
                $0.settings.cache.staleIfError = .seconds(2)
                // A window that nobody would sit out: only the server's return ends it.
                $0.settings.cache.failureBackoff = .seconds(60)...(.seconds(60))
            }
            #expect(try await resolver.value("openai") == "sk-1")
            try await server.kill()
            // Beyond 'staleIfError', so that look-ups fail.
            let end = ContinuousClock.now + .seconds(4)
            while ContinuousClock.now < end {
                _ = try? await resolver.value("openai")
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(await resolver.failure("openai")?.code == .unavailable)
            try await server.restart()
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-2"])
            let taken = try await time(resolver, until: "sk-2")
            #expect(taken < Self.moment, "\(taken)")
        }
    }

    @Test("A server that is unsealed answers within two seconds")
    func unsealed() async throws {
        try await withServer { server in
            let vault = try await vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
            let resolver = try vault.resolver {
                $0.settings.cache.failureBackoff = .seconds(60)...(.seconds(60))
            }
            try await server.seal()
            let end = ContinuousClock.now + .seconds(2)
            while ContinuousClock.now < end {
                #expect(await resolver.failure("openai")?.code == .sealed)
                try await Task.sleep(for: .milliseconds(50))
            }
            try await server.unseal()
            let taken = try await time(resolver, until: "sk-1")
            #expect(taken < Self.moment, "\(taken)")
        }
    }

    @Test("A token's file that appears, or is put right, is noticed within a second")
    func tokenFile() async throws {
        let vault = try await vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(unique("token"))
        defer { try? FileManager.default.removeItem(at: file) }
        let resolver = try vault.resolver { $0.token = .file(file.path) }
        var shortest = Self.moment
        for wrong in [nil, "s.wrong", "no token"] {
            try? FileManager.default.removeItem(at: file)
            if let wrong { try Data(wrong.utf8).write(to: file) }
            resolver.invalidateAll()
            // In the second round the token that was good before is used as long as there is no other.
            let end = ContinuousClock.now + .seconds(3)
            while ContinuousClock.now < end {
                _ = try? await resolver.value("openai")
                try await Task.sleep(for: .milliseconds(50))
            }
            try Data("\(vault.server.rootToken)\n".utf8).write(to: file)
            let taken = try await time(resolver, until: "sk-1")
            #expect(taken < Self.moment, "\(wrong ?? "no file"): \(taken)")
            shortest = min(shortest, taken)
        }
        #expect(shortest < .seconds(1.3), "\(shortest)")
    }

    @Test("A secret id that is put right is noticed within a second, however long it was wrong")
    func secretID() async throws {
        let vault = try await vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let role = try await vault.role(policy: try await vault.policy(reading: "ai/*"))
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(unique("secret-id"))
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("wrong".utf8).write(to: file)
        let resolver = try vault.resolver {
            role.use(in: &$0)
            $0.appRole?.secretID = .file(file.path)
        }
        // With a login a second the server would have locked the role by then, for 15 minutes.
        let end = ContinuousClock.now + .seconds(7)
        while ContinuousClock.now < end {
            #expect(await resolver.failure("openai")?.code == .unauthenticated)
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try vault.logins(of: role) == 2)
        try Data(role.secretID.utf8).write(to: file)
        let taken = try await time(resolver, until: "sk-1")
        #expect(taken < Self.moment, "\(taken)")
    }

    @Test("A token that its agent replaced is used at the next read, before the old one is refused")
    func replaced() async throws {
        let vault = try await vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(unique("token"))
        defer { try? FileManager.default.removeItem(at: file) }
        let old = try await vault.token(reading: "ai/*")
        try Data(old.utf8).write(to: file)
        let resolver = try vault.resolver { $0.token = .file(file.path) }
        #expect(try await resolver.value("openai") == "sk-1")
        try Data(try await vault.token(reading: "ai/*").utf8).write(to: file, options: .atomic)
        try await vault.admin.expect("POST", "auth/token/revoke", ["token": old])
        try await Task.sleep(for: .milliseconds(300))
        let refused = try vault.server.requests(pathContaining: "\(vault.mount)/data/").count { $0.error != nil }
        resolver.invalidateAll()
        #expect(try await resolver.value("openai") == "sk-1")
        #expect(try vault.server.requests(pathContaining: "\(vault.mount)/data/").count { $0.error != nil } == refused)
        // Half a file is no reason to drop the token that is good.
        try Data().write(to: file)
        try await Task.sleep(for: .milliseconds(300))
        resolver.invalidateAll()
        #expect(try await resolver.value("openai") == "sk-1")
    }
}
