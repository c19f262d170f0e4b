#if CLI
import Testing

struct InvocationTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        var environment: [String: String] = [:]
        var files: [String: String] = [:]
        let status: Int32
        var output = ""
        var errors: String?

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let key = ["OPENAI_API_KEY": "sk-1"]
    static let pair = ["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPx"]

    /// What a newcomer may paste where the service belongs.
    static let pasted = "sk-proj-leakAbC123dEf456GhI789"

    static let get: [Row] = [
        Row(arguments: ["--version"], status: 0, output: "0.1.0\n"),
        Row(arguments: ["get", "openai"], environment: key, status: 0, output: "sk-1\n"),
        Row(arguments: ["get", "OpenAI", "-n"], environment: key, status: 0, output: "sk-1"),
        Row(arguments: ["get", "chatgpt"], environment: key, status: 0, output: "sk-1\n"),
        Row(arguments: ["get", "302ai"], environment: ["302AI_API_KEY": "sk-302"], status: 0, output: "sk-302\n"),
        Row(arguments: ["get", "openai"], files: [".env": "OPENAI_API_KEY=sk-file"], status: 0, output: "sk-file\n"),
        Row(
            arguments: ["get", "openai", "--profile", "prod", "--project", "p", "--no-plugins"],
            environment: key,
            status: 0,
            output: "sk-1\n"
        ),
        Row(arguments: ["get", "ollama"], status: 0, errors: "'ollama' requires no key"),
        Row(
            arguments: ["get", "cohere"],
            status: 1,
            errors: "error: no key for 'cohere': tried COHERE_API_KEY, CO_API_KEY"
        ),
        Row(arguments: ["get", "cohere"], status: 1, errors: "Set COHERE_API_KEY in .env or in the environment."),
        Row(
            arguments: ["get", "cohere", "--user-config"],
            status: 1,
            errors: "Set COHERE_API_KEY in the environment."
        ),
        Row(arguments: ["get", "cohere"], status: 1, errors: ".env (missing)"),
        Row(
            arguments: ["get", "bedrock", "--field", "region"],
            environment: ["AWS_REGION": "eu-1"],
            status: 0,
            output: "eu-1\n"
        ),
        Row(arguments: ["get", "bedrock", "--field", "region"], status: 1, errors: "tried AWS_REGION"),
        Row(arguments: ["get", "bedrock", "--field", "region"], status: 1, errors: "no 'region' for 'bedrock'"),
        Row(arguments: ["get", "bedrock", "--field", "regin"], status: 64, errors: "Did you mean 'region'?"),
        Row(arguments: ["get", "bedrock"], environment: pair, status: 1, errors: "Read its fields access_key_id and"),
        Row(
            arguments: ["list", "--set"],
            environment: pair,
            status: 0,
            output:
                "bedrock  set (fields)  AWS_ACCESS_KEY_ID  process environment  (--field access_key_id, secret_access_key)\n"
        ),
        Row(
            arguments: ["list", "--set"],
            environment: ["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "secret"],
            status: 0,
            output:
                "bedrock  set (fields) (!)  AWS_ACCESS_KEY_ID  process environment  "
                + "(--field access_key_id, secret_access_key)  ! AWS_SECRET_ACCESS_KEY in the process environment looks "
                + "like a placeholder, not a key; it is used as it is. Write your key there\n"
        ),
        Row(arguments: ["get", "grok"], environment: ["API_KEY_GROK": "sk-1"], status: 0, output: "sk-1\n"),
        Row(arguments: ["get", "other"], environment: ["API_KEY_OTHER": "sk-1"], status: 0, output: "sk-1\n"),
        Row(
            arguments: ["get", "kimi"],
            environment: ["KIMI_API_KEY": "sk-1"],
            status: 1,
            errors: "Did you mean 'kimi_coding'? KIMI_API_KEY is set and belongs to it. Otherwise set API_KEY_KIMI"
        ),
    ]

    static let usage: [Row] = [
        Row(arguments: ["get"], status: 64, errors: "Missing expected argument '<service> ...'"),
        Row(arguments: ["get", "a", "b"], status: 64, errors: "several services need a format"),
        Row(arguments: ["get", "openai", "--nope"], status: 64, errors: "Unknown option '--nope'"),
        Row(
            arguments: ["fetch", "openai"],
            status: 64,
            errors:
                "no command 'fetch'. The commands are: get, explain, list, check, set, rotate, delete, copy, managers, leases, "
                + "\(Tool.builtIn.joined(separator: ", ")), trust, untrust, plugins. See 'keyhooks --help'"
        ),
        Row(arguments: ["gett", "openai"], status: 64, errors: "no command 'gett'. Did you mean 'get'?"),
        Row(arguments: ["plugins", "chek", "x"], status: 64, errors: "no command 'chek'. Did you mean 'check'?"),
        Row(arguments: ["plugins", "chek", "x"], status: 64, errors: "See 'keyhooks plugins --help'"),
        Row(arguments: [pasted], status: 64, errors: "there is no command of this name"),
        Row(arguments: ["get", pasted], status: 64, errors: "what was given as the service looks like a key"),
        Row(arguments: ["get", pasted, "--json"], status: 64, errors: "looks like a key"),
        Row(arguments: ["get", pasted.lowercased()], status: 64, errors: "looks like a key"),
        Row(
            arguments: ["get", "openai", pasted],
            status: 64,
            errors: "what was given as the service looks like a key"
        ),
        Row(arguments: ["get", "openai", "--json=\(pasted)"], status: 64, errors: "one of them looks like a key"),
        Row(arguments: ["explain", pasted], status: 64, errors: "looks like a key"),
        Row(arguments: ["get", "open/ai"], status: 64, errors: "'open/ai' isn't a valid service id"),
        Row(arguments: ["get", ""], status: 64, errors: "isn't a valid service id"),
        Row(arguments: ["explain", "open/ai"], status: 64, errors: "isn't a valid service id"),
        Row(arguments: ["get", "openai", "--env-file"], status: 64, errors: "--env-file"),
        Row(
            arguments: ["get", "openai/gpt-4o"],
            environment: key,
            status: 64,
            errors: "a service has no '/' in its id. Is 'openai' what you mean? A service is the part before '/'."
        ),
        Row(arguments: ["explain", "anthropic/claude-sonnet-4"], status: 64, errors: "Is 'anthropic' what you mean?"),
        Row(arguments: ["get", "openai/\(pasted)"], status: 64, errors: "Is 'openai' what you mean?"),
        Row(
            arguments: ["get", "OPENAI_API_KEY"],
            environment: key,
            status: 1,
            errors:
                "Did you mean 'openai'? OPENAI_API_KEY is the name of a variable, not of a service.\n"
        ),
    ]

    static let files: [Row] = [
        Row(
            arguments: ["get", "openai", "--env-file", "a.env", "--env-file", "b.env"],
            files: ["a.env": "OPENAI_API_KEY=a", "b.env": "OPENAI_API_KEY=b", ".env": "OPENAI_API_KEY=c"],
            status: 0,
            output: "b\n"
        ),
        Row(
            arguments: ["get", "groq", "--env-file", "a.env"],
            files: ["a.env": "", ".env": "GROQ_API_KEY=c"],
            status: 1,
            errors: "no key for 'groq'"
        ),
        Row(
            arguments: ["get", "openai"],
            environment: key,
            files: [".env": "OPENAI_API_KEY=sk-file"],
            status: 0,
            output: "sk-1\n",
            errors: "OPENAI_API_KEY in the process environment hides another value: OPENAI_API_KEY in .env:1"
        ),
        Row(
            arguments: ["get", "openai"],
            environment: key,
            files: [".env": "OPENAI_API_KEY=sk-file", "keyhooks.json": "{envPrecedence: 'files'}"],
            status: 0,
            output: "sk-file\n"
        ),
        Row(
            arguments: ["get", "openai"],
            files: ["own.env": "OPENAI_API_KEY=sk-own", "keyhooks.json": "{envFiles: 'own.env'}"],
            status: 0,
            output: "sk-own\n"
        ),
        Row(
            arguments: ["get", "openai", "--config", "conf/other.json"],
            files: [
                "conf/own.env": "OPENAI_API_KEY=sk-conf", "conf/other.json": "{envFiles: 'own.env'}",
                "keyhooks.json": "{", ".env": "OPENAI_API_KEY=sk-file",
            ],
            status: 0,
            output: "sk-conf\n"
        ),
        Row(
            arguments: ["get", "openai", "--config", "conf/other.json"],
            files: ["conf/other.json": "{}", ".env": "OPENAI_API_KEY=sk-file"],
            status: 0,
            output: "sk-file\n"
        ),
        Row(arguments: ["get", "openai", "--env-file", "/dev/null"], files: [".env": "OPENAI_API_KEY=x"], status: 1),
    ]

    static let configuration: [Row] = [
        Row(
            arguments: ["get", "openai", "--env-file", "no.env"],
            environment: key,
            status: 78,
            errors: "no.env does not exist"
        ),
        Row(
            arguments: ["get", "openai", "--config", "no.json"],
            environment: key,
            status: 78,
            errors: "no.json does not exist"
        ),
        Row(arguments: ["list", "--env-file", "."], status: 78, errors: "is a directory"),
        Row(
            arguments: ["explain", "openai"],
            files: ["keyhooks.json": "{\n  envFile: 'a'\n}"],
            status: 78,
            errors: "keyhooks.json:2:3: envFile: unknown key. Did you mean 'envFiles'?"
        ),
        Row(
            arguments: ["get", "openai"],
            environment: key,
            files: [".env": "OK=1\nsk-leak sk-leak\n"],
            status: 78,
            errors: ".env:2:"
        ),
        Row(
            arguments: ["get", "openai"],
            environment: key,
            files: ["keyhooks.json": "{plugins: {vault: {}}}"],
            status: 78,
            errors: "plugins.vault: there is no plugin of this name"
        ),
        Row(
            arguments: ["get", "openai", "--no-plugins"],
            environment: key,
            files: ["keyhooks.json": "{plugins: {vault: {}}}"],
            status: 0,
            output: "sk-1\n"
        ),
        Row(
            arguments: ["get", "openai"],
            environment: ["OPENAI_API_KEY": "sk-1", "KEYHOOKS_NO_PLUGINS": "1"],
            files: ["keyhooks.json": "{plugins: {vault: {}}}"],
            status: 0,
            output: "sk-1\n"
        ),
    ]

    static let remarks: [Row] = [
        Row(
            arguments: ["get", "openai"],
            environment: key,
            files: ["keyhooks.json": "{providers: {opnai: {ttl: '5m'}}}"],
            status: 0,
            output: "sk-1\n",
            errors: "warning: providers.opnai is about no known service. Did you mean 'openai'?"
        ),
        Row(
            arguments: ["get", "openai", "--profile", "prd"],
            environment: key,
            files: ["keyhooks.json": "{profiles: {prod: {}}}"],
            status: 78,
            errors: "error: the configuration has no profile 'prd'. Did you mean 'prod'?"
        ),
        Row(
            arguments: ["get", "openai"],
            environment: key,
            files: ["keyhooks.json": "{pluginPath: ['Plugins']}"],
            status: 0,
            output: "sk-1\n",
            errors: "/work/Plugins can't be searched"
        ),
        Row(
            arguments: ["get", "groq"],
            environment: ["KEYHOOKS_PLUGIN_PATH": "nowhere"],
            status: 1,
            errors: "warning: the plugin folder nowhere can't be searched"
        ),
        Row(
            arguments: ["get", "openai", "--no-plugins"],
            environment: key,
            files: ["keyhooks.json": "{pluginPath: ['Plugins']}"],
            status: 0,
            output: "sk-1\n"
        ),
        Row(
            arguments: ["get", "opnai"],
            environment: ["OPNAI_API_KEY": "sk-odd"],
            status: 0,
            output: "sk-odd\n",
            errors: "Did you mean 'openai'?"
        ),
        Row(arguments: ["get", "opnai"], status: 1, errors: "Did you mean 'openai'?"),
        Row(
            arguments: ["get", "openai"],
            environment: ["OPENAI_API_KEY": "changeme"],
            status: 0,
            output: "changeme\n",
            errors: "warning: OPENAI_API_KEY in the process environment looks like a placeholder"
        ),
        Row(
            arguments: ["get", "google"],
            environment: ["GEMINI_API_KEY": "one", "GOOGLE_API_KEY": "two"],
            status: 0,
            output: "one\n",
            errors: "warning: GEMINI_API_KEY and GOOGLE_API_KEY hold different values"
        ),
    ]

    @Test(arguments: get + usage + files + configuration + remarks)
    func `An invocation gives its exit status, output and remarks`(row: Row) async throws {
        let run = try await withTool { tool in
            for (name, text) in row.files { try tool.write(name, text) }
            return try await tool.run(row.arguments, environment: row.environment)
        }
        #expect(!run.isBySignal)
        #expect(run.status == row.status, "\(run.errors)")
        #expect(run.text == row.output)
        if let errors = row.errors {
            #expect(run.errors.contains(errors), "\(run.errors)")
        } else if row.status == 0 {
            #expect(run.errors.isEmpty)
        }
        #expect(!run.errors.lowercased().contains("leak") && !run.errors.contains("sk-1"))
    }
}
#endif
