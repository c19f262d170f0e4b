import ExtensionHooks
import FuzzSupport
import Testing

@testable import KeyHooks

@Suite("What cannot be a key")
struct KeyTextWarningTests {
    @Test(
        "Each kind is noticed",
        arguments: [
            (" sk-fake-0123456789 ", "blanks or line ends"), ("sk-fake-0123456789\n", "blanks or line ends"),
            ("sk-fake-0123456789\r", "blanks or line ends"), ("'sk-fake-0123456789'", "quotation mark"),
            ("\"sk-fake-0123456789\"", "quotation mark"), ("sk-fake-01\u{200B}23", "U+200B at position 11"),
            ("sk-fake-\u{F6}", "U+00F6 at position 9"), ("\u{FEFF}sk-fake-0123456789", "U+FEFF at position 1"),
            ("sk-fake-0123456789 # mine", "blank at position 19"), ("Bearer sk-fake-0123456789", "'Bearer'"),
            ("op://vault/item/key", "op://…"), ("${OPENAI}", "${…}"), ("$(cat key)", "$(…)"), ("$OPENAI_KEY", "$…"),
            ("os.environ/OPENAI_API_KEY", "os.environ/…"), ("{env:OPENAI}", "{…:…}"), ("vault:ai#key", "vault:…"),
            ("%OPENAI_API_KEY%", "%…%"), ("${{ secrets.KEY }}", "${{…}}"), ("{{ key }}", "{{…}}"),
            ("encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3dAt", "encrypted:…"), ("ENC[AES256_GCM,data:x]", "ENC[…]"),
            ("sk-aaaaaaaaaaaaaaaa1,sk-bbbbbbbbbbbbbbbb2", "several keys"),
            ("# only for cloud", "begins with '#'"), ("[200~sk-fake0123456789abcdef[201~", "pasted text"),
            ("c2stcHJvai1mYWtlMDEyMzQ1Njc4OWFiY2RlZg==", "begins with 'sk-'"),
            ("c2stcHJvai1mYWtlMDEyMzQ1Njc4OWFiY2RlZgo=", "base64"), ("op://vault/item/key", "op run"),
            ("encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3dAt", "encrypted by dotenvx"),
            ("OPENAI_API_KEY=sk-fake0123456789", "the name of a variable"),
            ("export OPENAI_API_KEY=sk-fake0123456789", "the name of a variable"),
            (String(repeating: "sk-fake-01", count: 1_001), "has 10010 characters"),
            ("ENC[AES256_GCM,data:x]", "encrypted by SOPS"), ("sk-fake\u{FFFD}0123456789", "aren't UTF-8"),
            ("sk-fake-0123456789,", "ends with a comma"), ("sk-fake-0123456789;", "ends with a semicolon"),
            ("'sk-fake-0123456789", "begins with a quotation mark"),
            ("sk-fake-0123456789\"", "ends with a quotation mark"),
            ("sk-fake-0123456789\\n", "ends with '\\n' written out"),
            ("sk-fake-0123456789\\r\\n", "ends with '\\r\\n' written out"),
            ("\"sk-fake-0123456789\",", "ends with a comma"), ("\"sk-fake-0123456789\",", "without quotes"),
            ("https://api.openai.com/fake", "address of a server"), ("HTTP://localhost/fake", "address of a server"),
            ("\"Bearer sk-fake-0123456789\"", "'Bearer'"), ("' Bearer sk-fake-0123456789 '", "'Bearer'"),
            ("'${OPENAI}'", "${…}"), ("sm://project/fake", "sm://…"), ("EMPTY", "\"notRequired\""),
        ]
    )
    func kinds(value: String, words: String) {
        let warnings = KeyTextWarning.all(in: value).map { $0.message(about: "X_API_KEY") }
        #expect(warnings.contains { $0.contains(words) }, "\(warnings)")
        for warning in warnings { #expect(!warning.contains("fake")) }
    }

    @Test(
        "What stands in public examples is a placeholder",
        arguments: [
            "user_provided", "your-serper-api-key", "your-tavily-api-key", "your_bu_api_key_here",
            "your_openai_api_key_here", "your_aws_access_key_id_here", "your_google_ai_studio_key_here",
            "your_gemini_key_here", "your_ollama_key_here", "gsk_xxxxxxxxxxxx", "xxxxxxxx.xxxxxxxx",
            "your_vercel_ai_gateway_api_key", "sk-123abc", "my-together-ai-key", "gsk_abcxyz",
            "example-mistral-ai-api-key", "your-zai-api-key-here", "xai-your-api-key-here", "your-github-token",
            "sk-example", "sk-1234", "sk-...", "changeme", "change-me", "<your key>", "YOUR_API_KEY",
            "insert-key-here", "sk-proj-xxxxxxxx", "put your key here", "********", "false",
            "[REDACTED]", "[sk-fake0123456789abcdef]", "{sk-fake0123456789abcdef}",
        ]
    )
    func placeholders(value: String) {
        #expect(KeyTextWarning.all(in: value).contains { $0.code == .placeholder })
    }

    @Test(
        "What stands for no key is warned of with the way to say so",
        arguments: [
            "EMPTY", "none", "None", "null", "dummy", "not-needed", "no-key-required", "sk-no-key-required", "n/a",
            "unused", "dummy-key",
        ]
    )
    func standIns(value: String) async throws {
        #expect(KeyTextWarning.all(in: value).map(\.code) == [.placeholder])
        for id in ["OPENAI", "LITELLM_PROXY", "ACME"] {
            let warnings = Recording<KeyWarning>()
            let resolver = try KeyResolver(environment: ["\(id)_API_KEY": value], onWarning: { warnings.add($0) })
            #expect(try await resolver.getAPIKey(service: Service(id))?.value == value)
            #expect(warnings.events.map(\.code) == [.placeholder])
            #expect(warnings.events.allSatisfy { $0.message.contains("\"constant\" or \"notRequired\"") })
        }
    }

    @Test(
        "A key that users choose themselves may have any words in it",
        arguments: [
            ("acme", "my-secret-token-for-prod-8821", false), ("acme", "example-team-key-93jd82", false),
            ("acme", "user:pass@host", false), ("acme", "id:secret,scope", false), ("acme", "sk-1234", false),
            ("acme", "correct horse battery", false), ("acme", "https://hooks.acme.com/T0/B0", false),
            ("litellm_proxy", "sk-1234", false), ("litellm_proxy", "my-team-master-key", false),
            ("langgraph", "example-team-key-93jd82", false),
            ("acme", "your-acme-key", true), ("acme", "changeme", true), ("acme", "xxxxxxxx", true),
            ("acme", "my-api-key", true), ("acme", "<acme token>", true), ("acme", "Bearer abcdef", true),
            ("acme", "abcdef0123 # mine", true), ("litellm_proxy", "your_litellm_key", true),
            ("openai", "my-secret-token-for-prod-8821", true), ("openai", "sk-1234", true),
            ("openai", "correct horse battery", true), ("litellm_proxy", "https://localhost/v1", true),
        ]
    )
    func ownChoice(service: String, value: String, isWarned: Bool) {
        let use = KeyUse(definition: ServiceCatalogue.standard.definition(of: Service(service)))
        #expect(KeyTextWarning.all(in: value, as: use).isEmpty == !isWarned)
    }

    @Test("A random text in the form of vendors' keys is none", arguments: KeyShape.all)
    func noFalseAlarm(_ shape: KeyShape) {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<50 {
            let key = shape.key(&generator)
            #expect(KeyTextWarning.all(in: key) == [], "\(key)")
            #expect(key.fault(as: KeyUse()) == nil)
            for use in shape.uses { #expect(KeyTextWarning.all(in: key, as: use) == [], "\(key) as \(use)") }
        }
    }

    @Test("A token as long as those of identity providers is a key")
    func longToken() {
        var generator = SplitMix64(seed: 7)
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        let token = String((0..<KeyTextWarning.longestKey).map { _ in letters.randomElement(using: &generator)! })
        #expect(KeyTextWarning.all(in: token) == [])
        #expect(KeyTextWarning.all(in: token + "x").map(\.code) == [.length])
    }

    @Test("A certificate's key of many lines is a key of a service that signs with it")
    func documents() async throws {
        let value = "-----BEGIN KEY-----\nAA==\n-----END KEY-----"
        let resolver = try KeyResolver(environment: ["AICORE_SERVICE_KEY": value])
        #expect(try await resolver.getAPIKey(service: "sap")?.value == value)
        #expect(try resolver.explain(service: "sap").warnings.isEmpty)
    }

    @Test(
        "A header hidden in what only looks like a document is refused",
        arguments: [
            "-----BEGIN x\r\nEvil: 1\r\n-----END x-----", "-----BEGIN K-----\r\nEvil: 1\r\n-----END K-----",
            "-----BEGIN K-----\nAA==\n-----END K-----\r\nEvil: 1", "-----BEGIN K-----\nAA==\n-----END L-----",
            "{\"private_key\":\r\nEvil: 1\r\n}", "{\"x:\r\nEvil: 1\r\n}", "[\"x\",\r\nEvil: 1\r\n]",
        ]
    )
    func hiddenHeader(value: String) async throws {
        let own = ProviderSettings(env: ["MY_KEY"])
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": own]),
            environment: [
                "MY_KEY": value, "MYSVC_API_KEY": value, "GIGACHAT_CREDENTIALS": value, "AWS_REGION": value,
                "AICORE_SERVICE_KEY": value,
            ]
        )
        for service in ["openai", "mysvc", "gigachat", "sap"] {
            let error = try await failure { try await resolver.requireAPIKey(service: Service(service)) }
            #expect(error.code == .invalidConfiguration && error.message.contains("control character"), "\(error)")
        }
        let error = try await failure { try await resolver.getSecret(service: "bedrock", field: "region") }
        #expect(error.message.contains("control character"), "\(error)")
    }

    @Test func `An old encrypted key of OpenSSL's is PEM`() {
        let head = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,AB12\n\nAA==\n"
        #expect((head + "-----END RSA PRIVATE KEY-----\n").isPEM)
    }

    @Test func `Each kind of stray end is said once`() {
        let warnings = KeyTextWarning.all(in: "sk-fake-0123456789" + String(repeating: ",;", count: 30_000))
        #expect(warnings.count <= 5, "\(warnings.count)")
    }

    private static let account = "{\"type\": \"service_account\",\n \"private_key\": \"-----BEGIN\"}"

    @Test(
        "JSON is given as it is, and warned of where a key alone is wanted",
        arguments: [
            ("openai", "OPENAI_API_KEY", account.replacing("\n", with: ""), true),
            ("openai", "OPENAI_API_KEY", "[{\"key\": \"sk-fake\"}]", true),
            ("openai", "OPENAI_API_KEY", "{\"OPENAI_API_KEY\":\"sk-fake-0123456789\"}", true),
            ("own", "ACCOUNT", account, false), ("own", "ACCOUNT", "{\"ACCOUNT\": \"sk-fake\"}", true),
            ("sap", "AICORE_SERVICE_KEY", "{\"clientid\": \"x\"}", false),
        ]
    )
    func json(service: String, variable: String, value: String, isWarned: Bool) async throws {
        var own = ProviderSettings()
        own.env = ["ACCOUNT"]
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            configuration: KeyConfiguration(providers: ["own": own]),
            environment: [variable: value],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: Service(service))?.value == value)
        #expect(warnings.events.map(\.code) == (isWarned ? [.json] : []))
        #expect(try resolver.explain(service: Service(service)).warnings.count == (isWarned ? 1 : 0))
    }

    @Test("A server that requires no key takes any word", arguments: ["not-needed", "none", "ollama"])
    func stand(in value: String) throws {
        let resolver = try KeyResolver(environment: ["OLLAMA_API_KEY": value, "MISTRAL_API_KEY": "not-needed"])
        #expect(try resolver.explain(service: "ollama").warnings.isEmpty)
        #expect(try resolver.explain(service: "mistral").warnings.count == 1)
    }

    @Test("A field may be JSON")
    func jsonOfField() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["VERTEX_CREDENTIALS": Self.account],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getSecret(service: "vertex", field: "credentials")?.value == Self.account)
        #expect(warnings.events.isEmpty)
    }

    @Test(
        "A key of another vendor is given and warned of, with the vendor's name",
        arguments: [
            ("openai", "OPENAI_API_KEY", "sk-ant-api03-fake0123456789abcdef", "Anthropic"),
            ("openai", "OPENAI_API_KEY", "nvapi-fake0123456789abcdef", "NVIDIA"),
            ("openai", "OPENAI_API_KEY", "sk-or-v1-fake0123456789abcdef", "OpenRouter"),
            ("anthropic", "ANTHROPIC_API_KEY", "sk-proj-fake0123456789abcdef", "OpenAI"),
            ("gemini", "GEMINI_API_KEY", "gsk_fake0123456789abcdef", "Groq"),
            ("mistral", "MISTRAL_API_KEY", "xai-fake0123456789abcdef", "xAI"),
        ]
    )
    func otherVendor(service: String, variable: String, value: String, vendor: String) async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(environment: [variable: value], onWarning: { warnings.add($0) })
        #expect(try await resolver.getAPIKey(service: Service(service))?.value == value)
        #expect(warnings.events.map(\.code) == [.otherVendor])
        #expect(warnings.events.first?.message.contains("a key of \(vendor),") == true)
        #expect(warnings.events.first?.message.contains("fake") == false)
        #expect(try resolver.explain(service: Service(service)).warnings.count == 1)
        #expect(try resolver.list().first { $0.outcome == .found }?.warnings.count == 1)
    }

    @Test(
        "Where requests may go to another server, any vendor's key may be right",
        arguments: ["OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_API_BASE_URL", "OPENAI_HOST"]
    )
    func baseURL(variable: String) async throws {
        let key = "sk-or-v1-fake0123456789abcdef"
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["OPENAI_API_KEY": key, variable: "https://openrouter.ai/api/v1"],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: "openai") != nil)
        var settings = ProviderSettings()
        settings.env = ["OPENROUTER_API_KEY"]
        let other = try KeyResolver(
            configuration: KeyConfiguration(providers: ["openai": settings]),
            environment: ["OPENROUTER_API_KEY": key],
            onWarning: { warnings.add($0) }
        )
        #expect(try await other.getAPIKey(service: "openai") != nil)
        #expect(warnings.events.isEmpty)
    }

    @Test("Bytes that aren't UTF-8 are refused, with their place", arguments: ["environment", "field", "hook"])
    func notUTF8(source: String) async throws {
        // What a process makes of the byte A9 behind two letters of two bytes each.
        let value = "sk-\u{F6}\u{F6}\u{FFFD}0123"
        let registry = HookRegistry()
        if source == "hook" {
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: "vault") { $0.answer(APIKey(value)) }
            }
        }
        let resolver = try KeyResolver(
            registry: registry,
            environment: source == "hook" ? [:] : ["OPENAI_API_KEY": value, "AWS_REGION": value]
        )
        let error = await #expect(throws: KeyResolutionError.self) {
            if source == "field" {
                _ = try await resolver.getSecret(service: "bedrock", field: "region")
            } else {
                _ = try await resolver.getAPIKey(service: "openai")
            }
        }
        #expect(error?.code == (source == "hook" ? .pluginFailed : .invalidConfiguration))
        #expect(error?.message.contains("aren't UTF-8 at byte 8") == true)
        let place =
            ["environment": "OPENAI_API_KEY in the", "field": "AWS_REGION in the", "hook": "'vault'"][source] ?? ""
        #expect(error?.message.contains(place) == true, "\(error?.message ?? "")")
        #expect(error?.description.contains("0123") == false)
    }

    @Test("Wherever it came from, it is cut and reported once", arguments: ["environment", "hook", "cachedHook"])
    func sources(source: String) async throws {
        let warnings = Recording<KeyWarning>()
        let registry = HookRegistry()
        let kept = APIKey(" sk-fake-0123456789\n")
        switch source {
        case "hook":
            try registry.register { hooks in
                hooks.onStart(.getAPIKey, id: "vault") { $0.answer(APIKey(" sk-fake-0123456789\n")) }
            }
        case "cachedHook": try registry.register { hooks in hooks.onStart(.getAPIKey, id: "vault") { $0.answer(kept) } }
        default: break
        }
        let resolver = try KeyResolver(
            registry: registry,
            environment: source == "environment" ? ["OPENAI_API_KEY": " sk-fake-0123456789\n"] : [:],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-fake-0123456789")
        #expect(warnings.events.map(\.code) == [.surroundingBlanks])
        let place = source == "environment" ? "OPENAI_API_KEY in the process environment" : "plugin 'vault'"
        #expect(warnings.events.allSatisfy { $0.message.contains(place) && !$0.message.contains("fake") })
        if source == "cachedHook" { #expect(try resolver.cachedAPIKey(service: "openai") != nil) }
        if source != "hook" {
            _ = try await resolver.getAPIKey(service: "openai")
            #expect(warnings.events.count == 1)
        }
    }

    @Test(
        "A control character is refused",
        arguments: ["sk-a\u{0}b", "sk-a\nX-Other: b", "sk-a\u{1B}[2J", "sk-a\u{7F}b"]
    )
    func controls(value: String) async throws {
        let registry = HookRegistry()
        let resolver = try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": value])
        for _ in 0..<2 {
            let error = await #expect(throws: KeyResolutionError.self) {
                try await resolver.getAPIKey(service: "openai")
            }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains("at position 5") == true)
        }
        try registry.register { hooks in hooks.onStart(.getAPIKey, id: "vault") { $0.answer(APIKey(value)) } }
        let error = await #expect(throws: KeyResolutionError.self) { try await resolver.getAPIKey(service: "openai") }
        #expect(error?.code == .pluginFailed)
        #expect(error?.message.contains("plugin 'vault'") == true)
        #expect(throws: KeyResolutionError.self) { try resolver.cachedAPIKey(service: "openai") }
    }

    @Test("A list and an explanation mark what is set and odd, and tell no value")
    func listed() throws {
        let resolver = try KeyResolver(environment: ["OPENAI_API_KEY": "your-key-here", "GROQ_API_KEY": "gsk_9d2f7a"])
        let listed = try resolver.list().filter { $0.outcome == .found }
        #expect(listed.first { $0.service == "openai" }?.warnings.count == 1)
        #expect(listed.first { $0.service == "groq" }?.warnings == [])
        #expect(try resolver.explain(service: "openai").warnings.contains { $0.contains("placeholder") })
    }

    @Test("A named field may be a reference; it is cut all the same")
    func fields() async throws {
        let warnings = Recording<KeyWarning>()
        let resolver = try KeyResolver(
            environment: ["AWS_REGION": " us-east-1 "],
            onWarning: { warnings.add($0) }
        )
        #expect(try await resolver.getSecret(service: "bedrock", field: "region")?.value == "us-east-1")
        #expect(warnings.events.map(\.code) == [.surroundingBlanks])
    }

    @Test(arguments: KeyPrefix.vendors.flatMap(\.prefixes))
    func `A vendor's prefix is among those of all keys`(prefix: String) {
        #expect(KeyPrefix.all.contains(where: prefix.hasPrefix))
    }
}
