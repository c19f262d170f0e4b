import KeyHooks
import Testing

@testable import PluginHost

@Suite("The processes of a host", .timeLimit(.minutes(5)))
struct HostLifeTests {
    @Test("A plugin that crashes again and again is quarantined with the reason, until it is another")
    func crashLoop() async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving(services: "['s*']", "hello(); next(requests()); sys.exit(9)")
            try fixture.wellBehaved()
            try await withHost(fixture) { resolver, _ in
                for number in 1...4 {
                    let error = try #require(await resolver.failure("s\(number)"))
                    #expect(error.code == .pluginFailed)
                    #expect(error.message.contains("status 9"))
                }
                let begun = ContinuousClock.now
                let error = try #require(await resolver.failure("s5"))
                #expect(begun.duration(to: .now) < .seconds(55))
                for words in ["plugin 'test'", "failed 4 times", "not started again", "status 9"] {
                    #expect(error.message.contains(words), "\(error)")
                }
                #expect(fixture.processes.count == 4)
                #expect(try await resolver.value("groq") == "good")
                // What did not change is not given another chance; what was fixed is.
                try resolver.reloadPlugins()
                #expect(await resolver.failure("s6")?.message.contains("not started again") == true)
                try fixture.misbehaving(services: "['s*']", "hello()\nfor r in requests(): key(r['id'], 'fixed')")
                try resolver.reloadPlugins()
                #expect(try await resolver.value("s7") == "fixed")
            }
            #expect(fixture.isEveryProcessGone)
        }
    }

    @Test(
        "After the end of the host all its plugins are gone, and asking again fails",
        arguments: ["session", "oneshot"]
    )
    func shutdown(mode: String) async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving(
                more: "mode: '\(mode)'",
                """
                if "\(mode)" == "session": hello()
                next(requests()); mark("asked"); time.sleep(60)
                """
            )
            try await withHost(fixture) { resolver, host in
                async let failure = resolver.failure("openai")
                try await until { fixture.marks == ["asked"] }
                await host.shutdown()
                #expect(fixture.isEveryProcessGone)
                #expect(await failure?.code == .pluginFailed)
                let error = try #require(await resolver.failure("openai"))
                #expect(error.message.contains("shut down"), "\(error)")
            }
            #expect(fixture.processes.count == 1)
        }
    }

    @Test("When host and resolver are gone their processes go")
    func forgotten() async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving("hello()\nfor r in requests(): key(r['id'], 'sk-1')")
            func use() async throws {
                let resolver = try fixture.resolver()
                #expect(try await resolver.value("openai") == "sk-1")
                #expect(!fixture.isEveryProcessGone)
            }
            try await use()
            try await until { fixture.isEveryProcessGone }
            #expect(fixture.processes.count == 1)
        }
    }

    @Test("A plugin that was replaced ends when the last call that uses it is over")
    func replaced() async throws {
        try await withPlugins { fixture in
            try fixture.misbehaving(
                """
                hello()
                for r in requests():
                    mark("asked")
                    while not os.path.exists("\(fixture.root)/go"): time.sleep(0.01)
                    key(r["id"], "old")
                """
            )
            try await withHost(fixture) { resolver, _ in
                async let old = resolver.value("openai")
                try await until { fixture.marks == ["asked"] }
                let first = fixture.processes
                try fixture.misbehaving("hello()\nfor r in requests(): key(r['id'], 'new')")
                try resolver.reloadPlugins()
                #expect(try await resolver.value("openai") == "new")
                try fixture.write("\(fixture.root)/go", "")
                #expect(try await old == "old")
                try await until { first.allSatisfy { !exists($0) } }
                #expect(try await resolver.value("openai") == "new")
            }
        }
    }
}
