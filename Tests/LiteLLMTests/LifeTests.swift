import ExtensionHooks
import Foundation
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import LiteLLM
import OpenBaoTestSupport
import Testing

/// The life of a key at the real proxy, by a clock that is advanced.
@Suite(.timeLimit(.minutes(5))) struct LifeTests {
    @Test func `A key is renewed through its hash while it is used, and its value is sent once only`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            let key = try await resolver.virtualKey()
            for round in 1...3 {
                user.clock.advance(by: .seconds(45 * 60))
                // Stale: it is given out while it is renewed in the background.
                try await until("it was renewed") {
                    let given = try await resolver.virtualKey()
                    #expect(given == key)
                    return try resolver.hasRenewed(round)
                }
            }
            #expect(try resolver.explain(service: "litellm").description.contains("renewed 3 times"))
            let updates = try await user.bodies("/key/update")
            #expect(updates.map { $0["key"]?.string } == Array(repeating: key.token, count: 3))
            #expect(updates.allSatisfy { $0["duration"]?.string == "3600s" && $0.members?.count == 2 })
            await resolver.shutdown()
            // The log has 'sha256:' before the hash of whatever was sent as a key: that of this key once, as it was made.
            let log = try await user.proxy.requestsText(user.stem)
            #expect(log.split(separator: "sha256:\(key.token)", omittingEmptySubsequences: false).count == 2)
            #expect(try await user.requests("/key/generate").count == 1)
        }
    }

    @Test func `A renewal past the maximum gives what remains, and then another key takes its place`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver(VirtualKeyRole(duration: .seconds(3600), maximum: .seconds(5400)))
            let first = try await resolver.virtualKey()
            user.clock.advance(by: .seconds(2700))
            try await until("it was renewed") {
                let given = try await resolver.virtualKey()
                #expect(given == first)
                return try resolver.hasRenewed(1)
            }
            #expect(try await user.bodies("/key/update").map { $0["duration"]?.string } == ["2700s"])
            user.clock.advance(by: .seconds(2500))
            // It is still good, and another one is borrowed ahead.
            #expect(try await resolver.virtualKey() == first)
            try await until("another one is there") { try await resolver.virtualKey() != first }
            let second = try await resolver.virtualKey()
            // The old one has its grace, for the calls that still use it.
            #expect(try await user.proxy.chat(key: first.value, model: "gpt-stand-in") == 200)
            user.clock.advance(by: .seconds(31))
            try await until("the old one is gone") { try await user.rows.map(\.token) == [second.token] }
            #expect(try await user.proxy.chat(key: first.value, model: "gpt-stand-in") == 401)
            #expect(try await user.requests("/key/update").count == 1)
            await resolver.shutdown()
        }
    }

    @Test func `A key that isn't to be renewed is replaced`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver(VirtualKeyRole(duration: .seconds(3600), maximum: .seconds(3600)))
            let first = try await resolver.virtualKey()
            user.clock.advance(by: .seconds(3590))
            let second = try await resolver.virtualKey()
            #expect(second != first)
            #expect(try await user.requests("/key/update").isEmpty)
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test func `A key that was deleted behind our back is made again when it is to be renewed`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            let first = try await resolver.virtualKey()
            let master = user.proxy.masterKey
            let reply = try await user.proxy.ask("key/delete", key: master, body: ["keys": [first.token]])
            #expect(reply.status == 200)
            user.clock.advance(by: .seconds(2700))
            _ = try await resolver.virtualKey()
            try await until("another one is there") { try await resolver.virtualKey() != first }
            #expect(resolver.leaseStatistics["litellm"]?.lost == 1)
            #expect(try await user.rows.count == 1)
            await resolver.shutdown()
            #expect(try await user.rows.isEmpty)
        }
    }

    @Test func `A key that is released, or that nobody uses, is deleted`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver { $0.settings.leases.idle = .seconds(900) }
            let first = try await resolver.virtualKey()
            #expect(resolver.release(first))
            try await until("it is gone") { try await user.rows.isEmpty && user.written.isEmpty }
            let second = try await resolver.virtualKey()
            #expect(second != first)
            user.clock.advance(by: .seconds(880))
            #expect(try await user.rows.count == 1)
            user.clock.advance(by: .seconds(21))
            try await user.pass("nobody used it") { try await user.rows.isEmpty && user.written.isEmpty }
            #expect(resolver.leaseStatistics["litellm"]?.idle == 1)
            await resolver.shutdown()
        }
    }

    @Test func `A shutdown deletes all keys, and what was deleted before isn't a failure`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            var keys: [APIKey] = []
            for tenant in 1...20 { keys.append(try await resolver.virtualKey("t\(tenant)")) }
            #expect(try await user.rows.count == 20 && user.written.count == 20)
            let master = user.proxy.masterKey
            _ = try await user.proxy.ask("key/delete", key: master, body: ["keys": [keys[0].token]])
            // At the same time, if it isn't done one after the other: each takes a fifth of a second.
            try await user.proxy.fault("slow", at: "/key/delete", of: user.stem, times: 20, seconds: 0.2)
            let start = ContinuousClock.now
            await resolver.shutdown(within: .seconds(5))
            #expect(ContinuousClock.now - start < .seconds(3))
            #expect(try await user.rows.isEmpty && user.written.isEmpty)
            #expect(resolver.leaseStatistics["litellm"]?.givenBack == 20)
            #expect(resolver.leaseStatistics["litellm"]?.failedReturns == 0)
            #expect(await resolver.failure()?.code == .unauthenticated)
        }
    }

    @Test func `What a process left behind is deleted by the next one, each once, and nothing of others`() async throws
    {
        try await withProxyUser { user in
            let resolver = try user.resolver()
            for tenant in 1...10 { _ = try await resolver.virtualKey("t\(tenant)") }
            // What is on disk as a process ends without a word: pages that nobody holds.
            let left = "\(user.folder.path)/left"
            try FileManager.default.copyItem(atPath: user.journal, toPath: left)
            let elsewhere = try user.resolver { configuration in
                configuration.settings.leases.journal = left
                configuration.url += "/elsewhere"
            }
            _ = await elsewhere.failure()
            #expect(try await user.rows.count == 10)
            let next = try user.resolver { $0.settings.leases.journal = left }
            let key = try await next.virtualKey("next")
            try await until("ten were deleted") { try await user.rows.map(\.token) == [key.token] }
            #expect(next.leaseStatistics["litellm"]?.adopted == 10)
            #expect(try await user.requests("/key/delete").count == 10)
            await next.shutdown()
            #expect(try await user.rows.isEmpty)
            await resolver.shutdown()
        }
    }

    @Test func `A rejected key is replaced once, and the call made again`() async throws {
        try await withProxyUser { user in
            let resolver = try user.resolver(VirtualKeyRole(models: ["gpt-stand-in"]))
            let first = try await resolver.virtualKey()
            let master = user.proxy.masterKey
            _ = try await user.proxy.ask("key/delete", key: master, body: ["keys": [first.token]])
            let second = try await resolver.withAPIKey("litellm") { key in
                let status = try await user.proxy.chat(key: key.value, model: "gpt-stand-in")
                if status == 401 { throw Rejection() }
                #expect(status == 200)
                return key
            }
            #expect(second != first)
            #expect(try await user.requests("/key/generate").count == 2)
            #expect(try await user.rows.map(\.token) == [second.token])
            await resolver.shutdown()
        }
    }

    @Test func `A budget that is spent gets no new key, unless the caller rejects the key`() async throws {
        try await withProxyUser { user in
            var role = VirtualKeyRole(models: ["gpt-stand-in"])
            role.maxBudget = 0.001
            let resolver = try user.resolver(role)
            let key = try await resolver.virtualKey()
            try await user.proxy.spend(key.token, 1)
            let message = [["role": "user", "content": "hello"]]
            let reply = try await user.proxy.ask(
                "chat/completions",
                key: key.value,
                body: ["model": "gpt-stand-in", "messages": message]
            )
            #expect(reply.string("error.type") == "budget_exceeded" && reply.status != 401)
            resolver.report(.rateLimited(), for: key)
            #expect(try await resolver.virtualKey() == key)
            #expect(try await resolver.virtualKey(refresh: true) == key)
            #expect(try await user.requests("/key/generate").count == 1)
            resolver.report(.unauthorized, for: key)
            #expect(try await resolver.virtualKey() != key)
            #expect(try await user.requests("/key/generate").count == 2)
            await resolver.shutdown()
        }
    }

    @Test func `A role that lasts longer than the proxy allows is a mistake that says so`() async throws {
        try await withProxyUser(try await Proxies.strict) { user in
            let resolver = try user.resolver(VirtualKeyRole(duration: .seconds(3 * 3600)))
            let error = try #require(await resolver.failure())
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.contains("'duration' in the role is more than it allows"), "\(error)")
            #expect(error.remedy.contains("upperbound_key_generate_params"), "\(error)")
            #expect(try await user.rows.isEmpty && user.written.isEmpty)
            // The longest that it allows, and renewed within it.
            let other = try user.resolver(VirtualKeyRole(duration: .seconds(7200)))
            let key = try await other.virtualKey()
            user.clock.advance(by: .seconds(5400))
            try await until("it was renewed") {
                let given = try await other.virtualKey()
                #expect(given == key)
                return try other.hasRenewed(1)
            }
            await other.shutdown()
        }
    }

    private struct Rejection: ProviderRejection {
        var isUnauthorized: Bool { true }
    }
}
