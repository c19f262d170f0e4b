#if CLI
import Foundation
import KeyHooks
import OpenBaoTestSupport
import Testing

/// The tool beside a real OpenBao: sealed and killed servers, explanations, and credentials.
@Suite(.timeLimit(.minutes(5))) struct BaoCommandTests {
    @Test func `A sealed server is a failure that says so, and a dead one another`() async throws {
        try await withServer { server in
            try await withBaoTool(server) { tool in
                let environment = ["OPENAI_API_KEY": "sk-environment"]
                try await server.seal()
                let sealed = try await tool.run(["get", "openai"], environment: environment)
                #expect(sealed.status == 2 && sealed.text.isEmpty)
                #expect(sealed.errors == "error: OpenBao is sealed. Unseal it.\n")
                try await server.unseal()
                #expect(try await tool.run(["get", "openai"], environment: environment).text == "\(BaoTool.key)\n")
                try await server.kill()
                let dead = try await tool.run(["get", "openai"], environment: environment)
                #expect(dead.status == 2 && dead.text.isEmpty)
                #expect(dead.errors.contains("can't be reached"), "\(dead.errors)")
                for run in [sealed, dead] { expectNoSecret(in: run, [server.rootToken]) }
            }
        }
    }

    @Test func `A typo in the path isn't silent where a variable answers, and 'only' lets none`() async throws {
        try await withBaoTool { tool in
            let environment = ["OPENAI_API_KEY": "sk-environment"]
            try tool.configure("path: 'ai/provider'")
            let run = try await tool.run(["get", "openai"], environment: environment)
            #expect(run.status == 0 && run.text == "sk-environment\n")
            let place = "OpenBao: \(tool.mount)/ai/provider (there is no such secret)"
            let answer = "so the key is from OPENAI_API_KEY in the process environment."
            #expect(run.errors.hasPrefix("warning: \(place) has nothing for 'openai', \(answer)"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1)
            func only(_ path: String) throws {
                let section = "address: '\(tool.server.address)', mount: '\(tool.mount)', token: 'env:TEST_TOKEN'"
                let text = "{plugins: {openbao: {\(section), path: '\(path)'}}, providers: {openai: {only: 'openbao'}}}"
                try tool.tool.write("keyhooks.json", text)
            }
            try only("ai/provider")
            let absent = try await tool.run(["get", "openai"], environment: environment)
            #expect(absent.status == 1 && absent.text.isEmpty && absent.errors.contains(place), "\(absent.errors)")
            expectNoSecret(in: absent, [tool.server.rootToken])
            // The service's variables still say what the field of a shared secret is called.
            try only("ai/providers")
            #expect(try await tool.run(["get", "openai"], environment: environment).text == "\(BaoTool.key)\n")
        }
    }

    @Test func `A field that a shared secret lacks is one short line, and a configured one the whole advice`()
        async throws
    {
        try await withBaoTool { tool in
            let environment = ["GROQ_API_KEY": "gsk-environment", "AWS_REGION": "eu-1"]
            try tool.configure("path: 'ai/providers'")
            func errors(_ arguments: [String]) async throws -> String {
                let run = try await tool.run(["get"] + arguments, environment: environment)
                #expect(run.status == 0, "\(run.errors)")
                expectNoSecret(in: run, [tool.server.rootToken])
                return run.errors
            }
            let answer = "so it is from GROQ_API_KEY in the process environment\n"
            let place = "OpenBao: \(tool.mount)/ai/providers"
            #expect(try await errors(["groq"]) == "warning: \(place) has no key for 'groq', \(answer)")
            #expect(try await errors(["bedrock", "--field", "region"]).isEmpty)
            func expectAdvice() async throws {
                let errors = try await errors(["groq"])
                #expect(errors.hasPrefix("warning: \(place) (no field GROQ"), "\(errors)")
                #expect(errors.contains("has nothing for 'groq', so the key is from GROQ_API_KEY"), "\(errors)")
            }
            try tool.configure("path: 'ai/providers', field: 'GROQ'")
            try await expectAdvice()
            let section = "address: '\(tool.server.address)', mount: '\(tool.mount)', token: 'env:TEST_TOKEN'"
            for (path, said) in [("x", "openbao: {path: 'ai/providers'}"), ("ai/providers", "plugins: ['openbao']")] {
                let plugins = "plugins: {openbao: {\(section), path: '\(path)'}}"
                try tool.tool.write("keyhooks.json", "{\(plugins), providers: {groq: {\(said)}}}")
                try await expectAdvice()
            }
        }
    }

    @Test func `A server that never answers is a failure once the time is over`() async throws {
        try await withBaoTool { tool in
            let silent = try SilentPort()
            try tool.configure("path: 'ai/providers', timeout: '300ms'", address: "http://127.0.0.1:\(silent.port)")
            let run = try await tool.run(["get", "openai"], environment: ["OPENAI_API_KEY": "sk-environment"])
            #expect(run.status == 2 && run.text.isEmpty && !run.isBySignal)
            #expect(run.errors.contains("did not answer in time"), "\(run.errors)")
            expectNoSecret(in: run, [tool.server.rootToken])
            withExtendedLifetime(silent) {}
        }
    }

    @Test(arguments: [("openai", 0), ("groq", 1)] as [(String, Int32)])
    func `explain shows the hook and where it would read, and asks nobody`(service: String, status: Int32) async throws
    {
        try await withBaoTool { tool in
            let before = try tool.server.requests(pathContaining: tool.mount).count
            let run = try await tool.run(["explain", service], environment: ["OPENAI_API_KEY": "sk-environment"])
            #expect(run.status == status && run.errors.isEmpty)
            #expect(run.text.contains("hooks:\n  1. openbao  start  (priority 100)"), "\(run.text)")
            #expect(
                run.text.contains("read by plugins:\n  openbao  \(tool.mount)/ai/providers  not read yet\n"),
                "\(run.text)"
            )
            #expect(run.text.contains("fields tried: \(service.uppercased())_API_KEY"))
            #expect(!run.text.contains(BaoTool.key) && !run.text.contains("sk-environment"))
            expectNoSecret(in: run, [tool.server.rootToken])
            #expect(try tool.server.requests(pathContaining: tool.mount).count == before)
        }
    }

    @Test func `explain as JSON has the cache, and what the scope makes of the path`() async throws {
        try await withBaoTool { tool in
            try tool.configure("path: 'ai/{project}', fallback: 'unavailable'")
            func report(_ arguments: String...) async throws -> CachedKeyReport {
                let run = try await tool.run(["explain", "openai", "--json"] + arguments)
                let explanation = try JSONDecoder().decode(KeyExplanation.self, from: Data(run.output))
                #expect(explanation.hooks.map(\.id) == ["openbao"])
                expectNoSecret(in: run, [tool.server.rootToken])
                return try #require(explanation.cached.first)
            }
            let named = try await report("--project", "providers")
            #expect(named.state == .notRead && named.source == "\(tool.mount)/ai/providers" && named.allowsFallback)
            let unnamed = try await report()
            #expect(unnamed.state == .failed && unnamed.detail?.contains("needs a project") == true)
        }
    }

    @Test func `Switched off, the plugin is neither listed nor even read`() async throws {
        try await withBaoTool { tool in
            try tool.configure("path: 7")
            for (arguments, environment) in [(["--no-plugins"], [:]), ([], ["KEYHOOKS_NO_PLUGINS": "1"])] {
                let run = try await tool.run(["explain", "openai"] + arguments, environment: environment)
                #expect(run.status == 1 && run.text.contains("hooks:\n  none") && !run.text.contains("read by plugins"))
            }
            #expect(try await tool.run(["explain", "openai"]).status == 78)
        }
    }

    @Test func `get as JSON says where the key is and which version, and list asks nobody`() async throws {
        try await withBaoTool { tool in
            let run = try await tool.run(["get", "openai", "--json"])
            let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
            #expect(run.status == 0 && report["value"] as? String == BaoTool.key)
            #expect(report["version"] as? String == "1")
            let source = try #require(report["source"] as? String)
            #expect(source.contains("openbao") && source.contains("\(tool.mount)/ai/providers, field OPENAI_API_KEY"))
            expectNoSecret(in: run, [tool.server.rootToken])
            let list = try await tool.run(["list", "--set"])
            #expect(list.status == 0 && list.text.isEmpty && list.errors == "plugins aren't asked: openbao\n")
            let off = try await tool.run(["list", "--set", "--no-plugins"])
            #expect(off.status == 0 && off.text.isEmpty && off.errors.isEmpty)
            #expect(try await tool.run(["list"]).errors.isEmpty)
        }
    }

    /// Where a token is, as the configuration, the environment and the files have it.
    @Test(arguments: ["BAO_TOKEN", "VAULT_TOKEN", "file", "home"])
    func `A token is found wherever it may be`(place: String) async throws {
        try await withBaoTool { tool in
            let file = try tool.tokenFile()
            try tool.tool.write("home/.vault-token", tool.server.rootToken)
            let setting = place == "file" ? "token: 'file:\(file)'," : ""
            try tool.tool.write(
                "keyhooks.json",
                "{plugins: {openbao: {mount: '\(tool.mount)', \(setting) path: 'ai/providers'}}}"
            )
            var environment = ["BAO_ADDR": tool.server.address]
            if place.hasSuffix("TOKEN") { environment[place] = tool.server.rootToken }
            if place == "home" { environment["HOME"] = tool.tool.folder.appendingPathComponent("home").path }
            let run = try await tool.tool.run(["get", "openai"], environment: environment)
            #expect(run.status == 0 && run.text == "\(BaoTool.key)\n", "\(run.errors)")
            expectNoSecret(in: run, [tool.server.rootToken])
        }
    }

    @Test func `A token in the configuration is refused and not repeated`() async throws {
        try await withBaoTool { tool in
            let token = "hvs.written-into-the-file"
            try tool.tool.write("keyhooks.json", "{plugins: {openbao: {token: '\(token)', path: 'ai/providers'}}}")
            let run = try await tool.run(["get", "openai"])
            #expect(run.status == 78 && run.errors.contains("names where the secret is, and never holds it"))
            expectNoSecret(in: run, [token, tool.server.rootToken])
        }
    }
}
#endif
