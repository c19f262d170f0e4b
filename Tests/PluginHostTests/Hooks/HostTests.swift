import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

@testable import PluginHost

@Suite("Plugins of the drop-in directory as hooks")
struct HostTests {
    @Test("One process answers for its services, others are not its business")
    func answers() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                hooks: "[{point: 'getAPIKey', phase: 'start', services: ['openai', 'azure*', 'gemini']}]",
                """
                return key("sk-" + arguments["service"], provenance={"source": "acme/x", "version": "7"})
                """
            )
            let resolver = try fixture.resolver("{}", ["GROQ_API_KEY": "sk-environment"])
            #expect(fixture.log().isEmpty)
            for service in ["openai", "azure", "google"] as [Service] {
                #expect(try await resolver.value(service) == "sk-\(service)")
            }
            #expect(try await resolver.value("groq") == "sk-environment")
            #expect(fixture.log() == ["spawned", "request", "request", "request"])
            let key = try await resolver.getAPIKey(service: "openai")
            #expect(key?.provenance?.source.description.contains("acme/x") == true)
            #expect(key?.provenance?.version == "7")
        }
    }

    @Test("A section that is demanded and not there is reported with the plugin's name, one that is off by explain")
    func missingSection() async throws {
        try await withPlugins { fixture in
            let section = "configuration: {type: 'object', required: ['path']}"
            try fixture.misbehaving(more: section, "exit 1")
            let error = #expect(throws: KeyResolutionError.self) { try fixture.resolver() }
            let message = "plugin 'test' cannot do without a section in keyhooks.json: plugins.test.path: "
            #expect(error?.message == message + "a required key is missing")
            #expect(error?.remedy.contains("keyhooks plugins disable test") == true)
            try fixture.directory().disable("test")
            let resolver = try fixture.resolver("{providers: {openai: {plugins: ['test']}}}")
            let warning = try resolver.explain(service: "openai").warnings.first
            #expect(warning?.hasPrefix("plugin 'test', which the configuration counts on, is switched off") == true)
            // The folder that KEYHOOKS_PLUGIN_PATH names is not there, and is warned of for all.
            let folder = "the plugin folder \(fixture.named) can't be searched: No such file or directory"
            #expect(try resolver.explain(service: "groq").warnings == [folder])
        }
    }

    @Test("That a plugin has no key is usual, unless the configuration says of the service that it has one")
    func notFound() async throws {
        try await withPlugins { fixture in
            try fixture.python("return fault('not-found')")
            let environment = ["OPENAI_API_KEY": "sk-environment"]
            for (settings, isUsual) in [("{}", true), ("{plugins: ['acme']}", false), ("{acme: {path: 'p'}}", false)] {
                let text = "{plugins: {acme: {}}, providers: {openai: \(settings)}}"
                let key = try await fixture.resolver(text, environment).getAPIKey(service: "openai")
                #expect(key?.value == "sk-environment")
                #expect(key?.provenance?.skippedSources.filter(\.isAbsence).map(\.isUsual) == [isUsual], "\(settings)")
            }
        }
    }

    @Test("A plugin of a project that does not run takes none of the user's own away")
    func shadowed() async throws {
        try await withPlugins { fixture in
            try fixture.python("return fault('permission-denied')")
            try fixture.write("\(fixture.named)/x/plugin.json", "{id: 'acme'}")
            let environment = ["OPENAI_API_KEY": "sk-environment"]
            #expect(await (try fixture.resolver("{}", environment)).failure("openai")?.code == .denied)
            try fixture.remove("\(fixture.named)/x")
            #expect(await (try fixture.resolver()).failure("openai")?.code == .denied)
        }
    }

    @Test("What a plugin is asked and told")
    func asked() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                more: "configuration: {type: 'object', properties: {address: {type: 'string'}}}",
                """
                return key(json.dumps([request["point"], request["phase"], arguments, config], sort_keys=True))
                """
            )
            let resolver = try fixture.resolver(
                "{plugins: {acme: {address: 'a'}}, providers: {openai: {acme: {path: 'p'}}}}"
            )
            #expect(
                try await resolver.value("chatgpt", KeyScope(project: "p1", tenant: "t")) == """
                    ["getAPIKey", "start", {"scope": {"project": "p1", "tenant": "t"}, "service": "openai", \
                    "settings": {"path": "p"}}, {"address": "a"}]
                    """
            )
        }
    }

    @Test("At the end of a call a plugin is reported of the provider too")
    func settingsAtTheEnd() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                hooks: "[{point: 'getAPIKey', phase: 'end'}]",
                "return {'ok': {'verdict': 'replace', 'outcome': {'key': arguments['settings']['path']}}}"
            )
            let resolver = try fixture.resolver("{plugins: {acme: {}}, providers: {openai: {acme: {path: 'p'}}}}")
            #expect(try await resolver.value("openai") == "p")
        }
    }

    @Test("What a plugin is reported of a provider must be what its manifest says")
    func providerConfiguration() async throws {
        try await withPlugins { fixture in
            let schema = "{type: 'object', additionalProperties: false, properties: {path: {type: 'string'}}}"
            try fixture.python(more: "providerConfiguration: \(schema)", "return key(arguments['settings']['path'])")
            let resolver = try fixture.resolver("{providers: {openai: {plugins: ['acme'], acme: {path: 'p'}}}}")
            #expect(try await resolver.value("openai") == "p")
            let error = #expect(throws: KeyResolutionError.self) {
                try fixture.resolver("{providers: {openai: {plugins: ['acme'], acme: {pth: 'leak'}}}}")
            }
            #expect(
                error?.message.contains(": providers.openai.acme.pth: unknown key. Did you mean 'path'?") == true
            )
        }
    }

    @Test(
        "Who is reported that a plugin has a key is not answered from elsewhere, whatever services its manifest names"
    )
    func named() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                hooks: "[{point: 'getAPIKey', phase: 'start', services: ['openai']}]",
                "return key('sk-' + arguments['service'])"
            )
            let resolver = try fixture.resolver(
                "{providers: {groq: {plugins: ['acme']}}}",
                ["GROQ_API_KEY": "sk-environment", "AZURE_API_KEY": "sk-environment"]
            )
            #expect(try await resolver.value("groq") == "sk-groq")
            #expect(try await resolver.value("azure") == "sk-environment")
            #expect(try resolver.explain(service: "groq").cached.map(\.plugin) == ["acme"])
            #expect(try resolver.explain(service: "azure").cached.isEmpty)
        }
    }

    @Test("A plugin that can make use of a person hears whether there is one", arguments: [true, false])
    func interactive(isInteractive: Bool) async throws {
        try await withPlugins { fixture in
            let place = try fixture.plugin(
                "acme",
                in: fixture.user,
                manifest: ManifestExamples.smallest(
                    more: "mode: 'oneshot', interactive: 'if-available', timeouts: {request_ms: 60000}"
                )
            )
            let script = """
                #!/bin/sh
                read -r request
                rest=${request#*'"interactive":"'}
                printf '{"type":"response","id":"1","ok":{"verdict":"finish","result":{"key":"%s"}}}' "${rest%%'"'*}"
                """
            try fixture.write("\(place)/run", script, mode: 0o755)
            let host = DropInPlugins(environment: fixture.environment, isInteractive: isInteractive)
            let resolver = try fixture.resolver("{}", host: host)
            #expect(try await resolver.value("openai") == (isInteractive ? "if-available" : "never"))
        }
    }

    @Test("Each kind of answer and of error does what the contract says", arguments: Kind.all)
    func kinds(_ kind: Kind) async throws {
        try await withPlugins { fixture in
            try fixture.python("return " + kind.answer)
            let resolver = try fixture.resolver(
                "{}",
                ["OPENAI_API_KEY": "sk-environment", "AZURE_API_KEY": "sk-azure"]
            )
            if let code = kind.code {
                let error = try #require(await resolver.failure("openai"))
                #expect(error.code == code, "\(error)")
                #expect(error.message.contains("acme"))
            } else {
                #expect(try await resolver.value("openai") == kind.value)
            }
        }
    }

    @Test("An answer is kept as long as the plugin says, and as the rule of the service says at most")
    func kept() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                "return key('sk-1', cache={'ttl_ms': 3600000}) if arguments['service'] != 'groq' else key('sk-1')"
            )
            let resolver = try fixture.resolver("{providers: {azure: {ttl: '0s'}, cohere: {ttl: '1h'}}}")
            for _ in 1...3 {
                for service in ["openai", "groq", "azure"] as [Service] { _ = try await resolver.value(service) }
            }
            #expect(fixture.log().count { $0 == "request" } == 1 + 3 + 3)
            #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-1")
            #expect(try resolver.cachedAPIKey(service: "groq") == nil)
            #expect(try resolver.explain(service: "openai").cached.map(\.state) == [.fresh])
            resolver.invalidate("openai")
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(fixture.log().suffix(2) == ["invalidate", "request"])
            #expect(resolver.cacheStatistics["acme"]?.invalidations == 1)
        }
    }

    @Test("A key that the provider rejected is asked for once more, and the plugin hears of it before")
    func rejected() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                """
                answer.count = getattr(answer, "count", 0) + 1
                return key("sk-%d" % answer.count, cache={'ttl_ms': 3600000})
                """
            )
            let resolver = try fixture.resolver()
            let key = try #require(try await resolver.getAPIKey(service: "openai"))
            for _ in 1...50 { resolver.report(.unauthorized, for: key) }
            try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 1...50 { group.addTask { try await resolver.value("openai") } }
                for try await value in group { #expect(value == "sk-2") }
            }
            resolver.report(.unauthorized, for: key)
            #expect(try await resolver.value("openai") == "sk-2")
            #expect(fixture.log() == ["spawned", "request", "invalidate", "request"])
        }
    }

    @Test("An end hook sees a value once it asked for it and the user granted it, and then nobody else does")
    func values() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                hooks: "[{point: 'getAPIKey', phase: 'end', values: true}]",
                """
                key = request["outcome"].get("result", {}).get("key")
                print("saw", key, file=sys.stderr)
                if key: return {"ok": {"verdict": "replace", "outcome": {"key": key[::-1]}}}
                return {"ok": {"verdict": "keep"}}
                """
            )
            let environment = ["OPENAI_API_KEY": "p4ssw0rd"]
            let resolver = try fixture.resolver("{}", environment)
            #expect(try await resolver.value("openai") == "p4ssw0rd")
            #expect(try fixture.directory().listed("acme").seesValues == false)

            let listing = try fixture.directory().trust("acme", grantingValues: true)
            #expect(listing.seesValues && listing.status == .ready)
            let log = Mutex<[String]>([])
            let host = DropInPlugins(environment: fixture.environment) { line in log.withLock { $0.append(line) } }
            let granted = try fixture.resolver("{}", host: host, environment)
            #expect(try await granted.value("openai") == "dr0wss4p")
            await host.shutdown()
            #expect(log.withLock(\.self) == ["acme: saw [hidden]"])

            // What changed was not granted anything.
            try fixture.write("\(fixture.user)/acme/more", "x")
            #expect(try fixture.directory().listed("acme").seesValues == false)
            #expect(try await fixture.resolver("{}", environment).value("openai") == "p4ssw0rd")
        }
    }

    @Test(
        "A trusted plugin goes on as it was trusted, whatever becomes of its folder",
        arguments: ["start", "end"]
    )
    func changed(phase: String) async throws {
        try await withPlugins { fixture in
            try fixture.python(
                in: fixture.project,
                hooks: "[{point: 'getAPIKey', phase: '\(phase)'}]",
                phase == "start" ? "return key('sk-1')" : "return {'ok': {'verdict': 'keep'}}"
            )
            try fixture.directory().trust("acme")
            let resolver = try fixture.resolver("{pluginPath: ['Plugins']}", ["OPENAI_API_KEY": "sk-environment"])
            // Between the look at it and its start, which is when it is first asked.
            try fixture.write("\(fixture.project)/acme/run", "#!/bin/sh\ntouch '\(fixture.mark)'", mode: 0o755)
            #expect(try await resolver.value("openai") == (phase == "start" ? "sk-1" : "sk-environment"))
            #expect(fixture.log() == ["spawned", "request"])
            #expect(!fixture.exists(fixture.mark))
            #expect(throws: KeyResolutionError.self) { try resolver.reloadPlugins() }
        }
    }

    @Test("An end hook sees what came of the call and no value, and may replace it")
    func end() async throws {
        try await withPlugins { fixture in
            try fixture.python(
                hooks: "[{point: 'getAPIKey', phase: 'end', services: ['openai', 'groq', 'cohere']}]",
                """
                outcome = request["outcome"]
                if "sk-" in json.dumps(request): return fault("internal")
                if outcome["status"] == "absent": return {"ok": {"verdict": "replace", "outcome": {"key": "sk-end"}}}
                if arguments["service"] == "groq":
                    return {"ok": {"verdict": "replace", "outcome": {"error": {"kind": "permission-denied"}}}}
                return {"ok": {"verdict": "keep"}}
                """
            )
            let resolver = try fixture.resolver("{}", ["OPENAI_API_KEY": "sk-1", "GROQ_API_KEY": "sk-2"])
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try await resolver.value("cohere") == "sk-end")
            #expect(await resolver.failure("groq")?.code == .denied)
        }
    }
}

/// An answer, and what the caller gets.
struct Kind: Sendable, CustomTestStringConvertible {
    let answer: String
    var value: String?
    var code: KeyResolutionError.Code?

    var testDescription: String { answer }

    static let all = [
        Kind(answer: #"key("sk-1")"#, value: "sk-1"),
        Kind(answer: #"{"ok": {"verdict": "proceed"}}"#, value: "sk-environment"),
        Kind(answer: #"{"ok": {"verdict": "proceed", "arguments": {"service": "azure"}}}"#, value: "sk-azure"),
        Kind(answer: #"{"ok": {"verdict": "finish", "result": {"not_required": True}}}"#, value: nil),
        Kind(answer: #"fault("not-found")"#, value: "sk-environment"),
        Kind(answer: #"fault("not-mine")"#, value: "sk-environment"),
        Kind(answer: #"fault("permission-denied", message="no")"#, code: .denied),
        Kind(answer: #"fault("unauthenticated", hint="log in")"#, code: .unauthenticated),
        Kind(answer: #"fault("interaction-required")"#, code: .unauthenticated),
        Kind(answer: #"fault("invalid-input")"#, code: .pluginFailed),
        Kind(answer: #"fault("internal")"#, code: .pluginFailed),
        Kind(answer: #"fault("brand-new-kind")"#, code: .pluginFailed),
        Kind(answer: #"fault("unavailable", retry_after_ms=60000)"#, code: .unavailable),
        Kind(answer: #"{"ok": {"verdict": "finish", "result": {}}}"#, code: .pluginFailed),
        Kind(answer: #"{"ok": {"verdict": "finish", "result": {"key": ""}}}"#, code: .pluginFailed),
        Kind(answer: #"{"ok": {"verdict": "proceed", "arguments": {"service": "a/b"}}}"#, code: .pluginFailed),
        Kind(answer: #"{"ok": {"verdict": "keep"}}"#, code: .pluginFailed),
    ]
}
