import ExtensionHooks
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import LiteLLM
import Testing

@Suite("Mistakes in the section litellm of keyhooks.json")
struct MistakeTests {
    @Test("A mistake is reported with its place, and how to fix it", arguments: Mistake.all)
    func mistake(_ mistake: Mistake) async throws {
        let error = try #require(try await failure(mistake.text))
        #expect(error.code == .invalidConfiguration)
        let place = #/keyhooks\.json:1:\d+: (plugins\.litellm|providers)\./#
        #expect(error.message.contains(place), "\(error.message)")
        #expect(error.message.contains(mistake.message), "\(error.message)")
        #expect(!error.remedy.isEmpty)
        #expect(!error.description.contains("leak"), "\(error)")
    }

    @Test func `All mistakes are reported at once, in order`() async throws {
        let section = "{url: 'leak', adminKey: 'sk-leak', roles: {a: {max_budget: 1, duration: '0s'}}, ttl: 5}"
        let error = try #require(try await failure("{plugins: {litellm: \(section)}}"))
        let lines = error.message.split(separator: "\n")
        let names = ["url", "adminKey", "roles.a.max_budget", "roles.a.duration", "ttl"]
        #expect(lines.count == names.count, "\(error.message)")
        for (line, name) in zip(lines, names) { #expect(line.contains("plugins.litellm.\(name): "), "\(line)") }
        #expect(!error.description.contains("leak"))
    }

    @Test("What a file is refused for, code is too", arguments: CodeMistake.all)
    func code(_ mistake: CodeMistake) throws {
        var configuration = LiteLLMConfiguration(
            url: "http://localhost:4000",
            adminKey: .environment("K"),
            roles: ["a": VirtualKeyRole()]
        )
        mistake.change(&configuration)
        let error = try #require(throws: KeyResolutionError.self) {
            try LiteLLMPlugin(configuration, environment: ["HOME": "/nonexistent", "K": "sk-leak"])
        }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains(mistake.message), "\(error)")
        #expect(!error.remedy.isEmpty && !error.description.contains("leak"), "\(error)")
    }

    @Test func `A whole section is right`() async throws {
        let role = """
            {models: ['gpt-4o'], aliases: {fast: 'gpt-4o'}, maxBudget: 5, softBudget: 4.5, budgetDuration: '30d',
             tpmLimit: 1000, rpmLimit: 10, maxParallelRequests: 2, metadata: {team: 'x', n: 1}, tags: ['a'],
             guardrails: ['g'], permissions: {pii: true}, userID: '{tenant}', teamID: 't-{role}',
             organizationID: 'o', duration: '1h', maximum: '1d', alias: 'agents/{tenant}',
             request: {allowed_routes: ['/chat/completions']}}
            """
        let text = """
            {plugins: {litellm: {url: 'https://litellm.example.org/proxy/', adminKey: 'file:admin', roles: {a: \(role),
              b: {static: '30d'}}, role: 'a', caCert: 'ca.pem', timeout: '5s', ttl: '1m', fallback: 'unavailable',
              leases: {idle: '10m', grace: '10s'}}}, providers: {openai: {litellm: {role: 'b'}}}}
            """
        #expect(try await failure(text.replacing("\n", with: " ")) == nil)
    }

    @Test func `Whoever is to trust a file sees where the admin key is and where it is sent`() throws {
        let text = """
            {plugins: {litellm: {url: 'https://litellm.example.org', adminKey: 'env:MASTER', skipVerify: true,
              roles: {a: {}}}}}
            """
        let lines = ConfigurationEffects(of: try KeyConfiguration(parsing: text), plugins: [LiteLLMPlugin.self]).lines
        let admin = try #require(lines.first { $0.contains("admin key") })
        #expect(admin.contains("MASTER") && admin.contains("https://litellm.example.org"), "\(lines)")
        #expect(lines.contains { $0.contains("virtual keys") && $0.contains("litellm.example.org") }, "\(lines)")
        #expect(lines.contains { $0.contains("certificate") || $0.contains("skipVerify") }, "\(lines)")
        let file = text.replacing("env:MASTER", with: "file:/etc/litellm/master")
        let others = ConfigurationEffects(of: try KeyConfiguration(parsing: file), plugins: [LiteLLMPlugin.self]).lines
        #expect(others.contains { $0.contains("/etc/litellm/master") && $0.contains("admin key") }, "\(others)")
    }

    /// What making a resolver of a file fails with; nil if nothing is wrong.
    private func failure(_ text: String) async throws -> KeyResolutionError? {
        try await withTemporaryFolder { folder in
            let file = try folder.write("keyhooks.json", text)
            do {
                _ = try KeyResolver(
                    configuration: try KeyConfiguration.read(from: file),
                    plugins: [LiteLLMPlugin.plugin],
                    environment: folder.environment
                )
                return nil
            } catch {
                return error as? KeyResolutionError
            }
        }
    }
}

/// A file with one mistake.
struct Mistake: Sendable, CustomTestStringConvertible {
    let text: String
    let message: String

    var testDescription: String { text }

    private static let right = "url: 'http://localhost:4000', adminKey: 'env:K'"

    /// In the section, beside what is right.
    private init(_ setting: String, _ message: String) {
        self.init(whole: "{\(Self.right), roles: {agents: {}}, \(setting)}", message)
    }

    private init(whole section: String, _ message: String) {
        text = "{plugins: {litellm: \(section)}}"
        self.message = message
    }

    /// In a role.
    private init(role setting: String, _ message: String) {
        self.init(whole: "{\(Self.right), roles: {agents: {\(setting)}}}", message)
    }

    /// What is said of a service.
    private init(provider section: String, _ message: String) {
        text =
            "{plugins: {litellm: {\(Self.right), roles: {agents: {}}}}, providers: {openai: {litellm: \(section)}}}"
        self.message = message
    }

    static let all = servers + names + limits + lives + passed + providers

    private static let servers = [
        Mistake(whole: "{}", "plugins.litellm.url: a required key is missing"),
        Mistake(whole: "{url: 'http://h', roles: {a: {}}}", "adminKey: a required key is missing"),
        Mistake(whole: "{url: 'http://h', adminKey: 'env:K'}", "roles: a required key is missing"),
        Mistake(whole: "{url: 'localhost:4000', adminKey: 'env:K', roles: {a: {}}}", "http://"),
        Mistake(whole: "{url: 'ftp://h', adminKey: 'env:K', roles: {a: {}}}", "url: "),
        Mistake(
            whole: "{url: 'http://user:leak@h', adminKey: 'env:K', roles: {a: {}}}",
            "without user, query or fragment"
        ),
        Mistake(whole: "{url: 'http://h?key=leak', adminKey: 'env:K', roles: {a: {}}}", "url: "),
        Mistake(whole: "{url: '', adminKey: 'env:K', roles: {a: {}}}", "url: "),
        Mistake(whole: "{url: 5, adminKey: 'env:K', roles: {a: {}}}", "url: expected a string"),
        Mistake(whole: "{url: 'http://h', adminKey: 'sk-leak', roles: {a: {}}}", "adminKey: "),
        Mistake(whole: "{url: 'http://h', adminKey: 'env:', roles: {a: {}}}", "adminKey: "),
        Mistake(whole: "{url: 'http://h', adminKey: 7, roles: {a: {}}}", "adminKey: expected a string"),
        Mistake(whole: "{url: 'http://h', admin_key: 'env:K', roles: {a: {}}}", "Did you mean 'adminKey'?"),
        Mistake("baseURL: 'http://leak'", "baseURL: unknown key"),
        Mistake("caCrt: 'a'", "Did you mean 'caCert'?"),
        Mistake("fallback: 'unavailble'", "Did you mean 'unavailable'?"),
        Mistake("timeout: '0s'", "timeout: expected more than 0"),
        Mistake("leases: {idle: '1s'}", "leases.idle: expected 10 seconds or more"),
    ]

    private static let names = [
        Mistake(whole: "{\(right), roles: {}}", "roles: has no role"),
        Mistake(whole: "{\(right), roles: 'agents'}", "roles: expected an object"),
        Mistake(whole: "{\(right), roles: {'a b': {}}}", "isn't a valid role name"),
        Mistake(whole: "{\(right), roles: {'..': {}}}", "isn't a valid role name"),
        Mistake(whole: "{\(right), roles: {a: 5}}", "roles.a: expected an object"),
        Mistake(whole: "{\(right), roles: {a: {}, b: {}}}", "such as \"a\" or \"{profile}\""),
        Mistake("role: 'agnets'", "Did you mean 'agents'?"),
        Mistake("role: '{profil}'", "did you mean {profile}?"),
        Mistake("role: ''", "role: "),
        Mistake("role: 7", "role: expected a string"),
    ]

    private static let limits = [
        Mistake(role: "max_budget: 5", "roles.agents.max_budget: unknown key. Did you mean 'maxBudget'?"),
        Mistake(role: "budget_duration: '1d'", "Did you mean 'budgetDuration'?"),
        Mistake(role: "tpm_limit: 5", "Did you mean 'tpmLimit'?"),
        Mistake(role: "max_parallel_requests: 5", "Did you mean 'maxParallelRequests'?"),
        Mistake(role: "team_id: 'leak'", "Did you mean 'teamID'?"),
        Mistake(role: "organization_id: 'leak'", "Did you mean 'organizationID'?"),
        Mistake(role: "key_alias: 'leak'", "key_alias: unknown key"),
        Mistake(role: "model: 'leak'", "Did you mean 'models'?"),
        Mistake(role: "models: 'leak'", "models: expected an array"),
        Mistake(role: "models: [5]", "models"),
        Mistake(role: "aliases: {a: 5}", "aliases.a: expected a string"),
        Mistake(role: "maxBudget: -1", "maxBudget: expected 0 or more"),
        Mistake(role: "maxBudget: '5'", "maxBudget: expected a number"),
        Mistake(role: "softBudget: -0.5", "softBudget: expected 0 or more"),
        Mistake(role: "budgetDuration: '30'", "budgetDuration: expected a number and s, m, h, d, w or mo"),
        Mistake(role: "rpmLimit: -1", "rpmLimit: expected"),
        Mistake(role: "rpmLimit: 1.5", "rpmLimit: expected"),
        Mistake(role: "tags: 'leak'", "tags: expected an array"),
        Mistake(role: "permissions: []", "permissions: expected an object"),
        Mistake(role: "metadata: 'leak'", "metadata: expected an object"),
        Mistake(role: "metadata: {keyhooks_role: 'leak'}", "metadata: names that begin with 'keyhooks_'"),
        Mistake(role: "teamID: '{tenat}'", "did you mean {tenant}?"),
        Mistake(role: "userID: ''", "userID: "),
        Mistake(role: "alias: '{tenant}{project}'", "two parts of the request in one segment"),
    ]

    private static let lives = [
        Mistake(role: "duration: '0s'", "duration: expected 10 seconds or more"),
        Mistake(role: "duration: 60", "duration: a duration needs a unit"),
        Mistake(role: "duration: '2h', maximum: '1h'", "maximum: is less than 'duration'"),
        Mistake(role: "ttl: '1h'", "ttl: unknown key"),
        Mistake(role: "static: '10s'", "static: expected one minute or more"),
        Mistake(role: "static: true", "static: expected a duration"),
        Mistake(role: "static: '1d', duration: '1h'", "duration: a static key lasts as long as 'static' says"),
        Mistake(role: "static: '1d', maximum: '2d'", "maximum: a static key lasts as long as 'static' says"),
    ]

    private static let passed = [
        Mistake(role: "request: {key: 'sk-leak'}", "request: 'key' isn't for here: take it out"),
        Mistake(role: "request: {auto_rotate: true}", "request: 'auto_rotate' isn't for here: take it out"),
        Mistake(role: "duration: '3651d'", "expected ten years (3650d) or less"),
        Mistake(role: "static: '3651d'", "expected ten years (3650d) or less"),
        Mistake(role: "userID: 'team/'", "begins or ends with '/'"),
        Mistake(role: "request: {max_budget: 5}", "write it as 'maxBudget' in the role"),
        Mistake(role: "request: {key_alias: 'leak'}", "write it as 'alias' in the role"),
        Mistake(role: "request: {duration: '1h'}", "write it as 'duration' in the role"),
        Mistake(role: "request: []", "request: expected an object"),
    ]

    private static let providers = [
        Mistake(provider: "{}", "providers.openai.litellm.role: a required key is missing"),
        Mistake(provider: "{role: 'agent'}", "Did you mean 'agents'?"),
        Mistake(provider: "{rol: 'agents'}", "Did you mean 'role'?"),
        Mistake(provider: "{role: 'agents', ttl2: 5}", "ttl2: unknown key"),
    ]
}

struct CodeMistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let message: String
    let change: @Sendable (inout LiteLLMConfiguration) -> Void

    static let all = [
        CodeMistake(testDescription: "no role", message: "no role") { $0.roles = [:] },
        CodeMistake(testDescription: "several roles", message: "several roles") { $0.roles["b"] = VirtualKeyRole() },
        CodeMistake(testDescription: "a part there isn't", message: "role") { $0.role = "{profil}" },
        CodeMistake(testDescription: "a role there isn't", message: "no role 'c'") { $0.role = "c" },
        CodeMistake(testDescription: "an address", message: "url") { $0.url = "localhost" },
        CodeMistake(testDescription: "a user in the address", message: "url") { $0.url = "http://u:leak@h" },
        CodeMistake(testDescription: "no time", message: "has a duration of less than 10 seconds") {
            $0.roles["a"]?.duration = .zero
        },
        CodeMistake(testDescription: "a short maximum", message: "maximum below its duration") {
            $0.roles["a"]?.maximum = .seconds(1)
        },
        CodeMistake(testDescription: "a short period", message: "static for less than a minute") {
            $0.roles["a"]?.staticPeriod = .seconds(1)
        },
        CodeMistake(testDescription: "a period of the budget", message: "budgetDuration") {
            $0.roles["a"]?.budgetDuration = "30"
        },
        CodeMistake(testDescription: "a reserved member", message: "'key' in its request") {
            $0.roles["a"]?.request = ["key": "sk-leak"]
        },
        CodeMistake(testDescription: "a stamp", message: "keyhooks_") {
            $0.roles["a"]?.metadata = ["keyhooks_role": "leak"]
        },
        CodeMistake(testDescription: "a template", message: "'teamID' of the role 'a'") {
            $0.roles["a"]?.teamID = "{x}"
        },
    ]
}
