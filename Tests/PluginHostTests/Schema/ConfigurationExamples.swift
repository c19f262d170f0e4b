import Foundation

/// Configurations to read, as JSON5.
enum ConfigurationExamples {
    /// The example that the format was designed by.
    static let whole = """
        { "envFiles": [".env"], "pluginPath": ["Plugins"],
          "plugins":   { "openbao": { "address": "https://bao:8200", "path": "litellm/providers", "ttl": "5m" } },
          "managers":  { "team": { "kind": "file", "path": "team.json", "access": "read-write", "ttl": "1m" },
                         "both": { "kind": "chain", "of": ["team"], "on": { "unavailable": "next" } } },
          "providers": { "groq":      { "source": "team", "secret": "providers", "field": "GROQ_API_KEY" },
                         "openai":    { "plugins": ["openbao"], "openbao": { "path": "team-a/openai", "field": "key" }, "ttl": "30s", "fallback": "never" },
                         "azure":     { "env": ["AZURE_OPENAI_API_KEY"], "plugins": [] },
                         "my-llm":    { "env": ["MY_LLM_TOKEN"], "aliases": ["myllm"], "required": true },
                         "ollama":    { "notRequired": true } },
          "profiles":  { "prod": { "providers": { "openai": { "fallback": "unavailable" } } } } }
        """

    /// One provider's settings.
    static func provider(_ settings: String) -> String { "{plugins: {acme: {}}, providers: {openai: {\(settings)}}}" }

    /// One provider's settings under a profile.
    static func profiled(_ settings: String) -> String {
        "{plugins: {acme: {}}, profiles: {prod: {providers: {openai: {\(settings)}}}}}"
    }

    /// Right ones.
    static let good: [String] =
        [
            whole, "{}", "{$schema: './keyhooks.schema.json'}", "{envFiles: '.env'}", "{envFiles: []}",
            "{envFiles: ['a', '/b/c.env']}", "{envPrecedence: 'files'}", "{pluginPath: 'Plugins'}",
            "{pluginPath: ['a', '/b']}", "{hookOrder: ['a', 'a/b.c_d-e']}", "{hookOrder: 'a/b'}",
            "{plugins: {}}", "{managers: {}}", "{managers: {team: {kind: 'file', path: 'x', hosted: 'azure*'}}}",
            """
            {managers: {team: {kind: 'acme', access: 'write-only', secret: 'a/{service}', field: 'key', prefix: 'a/',
              hosted: ['openai'], description: 'x', tags: {a: 'b'}, issuedKeys: 'keyhooks/', ttl: '5m', timeout: '5s'}}}
            """,
            "{plugins: {'acme.vault-2_x': {a: [1, {b: null}]}}}", "{providers: {}}", "{profiles: {}}",
            "{profiles: {prod: {}}}", "{profiles: {'the second': {providers: {}}}}",
            "{providers: {'My LLM': {}, 'other.llm': {}}}",
            "{hookOrder: ['acme/a'], providers: {openai: {acme: {a: 1}}}}",
            "{providers: {openai: {plugins: ['acme'], acme: {a: 1}}}}",
        ]
        + settings.flatMap { [provider($0), profiled($0)] } + [
            provider("aliases: ['work', 'gpt 5']"), provider("aliases: 'work'"),
        ]

    private static let settings =
        [
            "", "constant: 'lm-studio'", "constant: 'x', env: ['A']", "env: []", "env: ['A', '_b1', '302AI_API_KEY']",
            "env: 'A'", "plugins: []", "plugins: ['acme']", "plugins: 'acme'", "only: 'acme'",
            "only: ['acme'], ttl: '5s'",
            "source: 'acme'", "source: 'acme', secret: 'a/{service}', field: '/a/0', version: '3', env: []",
            "source: 'acme', parameters: {namespace: 'team-a'}",
            "fallback: 'never'", "fallback: 'unavailable'", "acme: {}", "acme: {path: 'x', list: [1, true]}",
            "required: true", "required: false", "notRequired: true", "required: true, notRequired: false",
            "required: false, notRequired: true",
        ]
        + ["30s", "5m", "1h30m", "250ms", "7d", "0s", "1d2h3m4s5ms", "36500d", "0030s"].map { "ttl: '\($0)'" }

    /// Wrong ones, each with what is said about it.
    static let bad: [(configuration: String, mistake: String)] =
        [
            ("[]", "expected an object"), ("{$schema: 1}", "$schema: expected a string"),
            ("{envFile: '.env'}", "unknown key. Did you mean 'envFiles'?"), ("{envFiles: {}}", "envFiles: expected"),
            ("{envFiles: [1]}", "envFiles[0]: expected a string"), ("{envFiles: 'a\\u0000'}", "NUL"),
            ("{envPrecedence: 'file'}", "Did you mean 'files'?"), ("{pluginPath: 1}", "pluginPath: expected"),
            ("{pluginPath: ['a', null]}", "pluginPath[1]: expected a string"),
            ("{hookOrder: 'a//b'}", "hookOrder: isn't a valid hook id"),
            ("{hookOrder: ['a/b/c']}", "isn't a valid hook id"),
            ("{managers: []}", "managers: expected an object"), ("{managers: {team: {}}}", "a required key is missing"),
            ("{managers: {team: {kind: 1}}}", "managers.team.kind: expected a string"),
            ("{managers: {'a/b': {kind: 'file'}}}", "isn't a valid name of a secret manager"),
            ("{managers: {team: {kind: 'file', access: 'readwrite'}}}", "Did you mean 'read-write'?"),
            ("{managers: {team: {kind: 'file', secret: ''}}}", "managers.team.secret: "),
            ("{managers: {team: {kind: 'file', field: ''}}}", "managers.team.field: "),
            ("{managers: {team: {kind: 'file', tags: ['a']}}}", "managers.team.tags: expected an object"),
            ("{plugins: []}", "plugins: expected an object"), ("{plugins: {acme: 'x'}}", "expected an object"),
            ("{plugins: {'a/b': {}}}", "isn't a valid plugin id"), ("{plugins: {'': {}}}", "isn't a valid plugin id"),
            ("{providers: []}", "providers: expected an object"), ("{providers: {openai: []}}", "expected an object"),
            ("{providers: {'open/ai': {}}}", "isn't a valid service id"),
            ("{providers: {'-': {}}}", "isn't a valid service id"),
            ("{profiles: []}", "profiles: expected an object"), ("{profiles: {prod: 1}}", "expected an object"),
            ("{profiles: {'': {}}}", "a profile needs a name"),
            ("{profiles: {prod: {provider: {}}}}", "Did you mean 'providers'?"),
            ("{profiles: {prod: {providers: 1}}}", "expected an object"),
            ("{profiles: {prod: {providers: {'a/b': {}}}}}", "isn't a valid service id"),
            (provider("aliases: 1"), "aliases: expected a string or an array"),
            (provider("aliases: ['a/b']"), "isn't a valid service id"),
            (profiled("aliases: ['work']"), "a profile cannot"),
            (profiled("aliases: []"), "a profile cannot"),
        ] + mistakes.flatMap { [(provider($0.0), $0.1), (profiled($0.0), $0.1)] }

    private static let mistakes =
        [
            ("constant: ''", "constant: expected a key that is no secret"), ("constant: 'a b'", "that is no secret"),
            ("constant: 7", "constant: expected a string"),
            ("env: 1", "env: expected a string or an array"),
            ("env: ['A B']", "expected the name of an environment variable"),
            ("env: ['']", "expected the name of an environment variable"), ("env: [1]", "expected a string"),
            ("plugins: {}", "plugins: expected a string or an array"), ("only: []", "only: expected a plugin"),
            ("only: 'acme/hook'", "isn't a valid plugin id"), ("only: 'acme', env: []", "'only' says who answers"),
            ("only: 'acme', plugins: 'acme'", "'only' says who answers"),
            ("only: 'acme', fallback: 'never'", "'only' says who answers"),
            ("plugins: ['acme/hook']", "isn't a valid plugin id"),
            ("source: 'acme', plugins: []", "take 'plugins' out"), ("source: 'acme', only: 'acme'", "take 'only' out"),
            ("secret: 'a'", "'source' is missing"), ("source: ['acme']", "source: expected a string"),
            ("source: 'acme', secret: 3", "secret: expected a string"), ("source: 'acme', field: ''", "field: "),
            ("source: 'acme', parameters: {a: 1}", "parameters.a: expected a string"),
            ("plugins: [null]", "expected a string"), ("fallback: 'unavailible'", "Did you mean 'unavailable'?"),
            ("fallback: true", "expected one of 'never', 'unavailable'"), ("required: 'yes'", "expected true or false"),
            ("notRequired: 1", "expected true or false"), ("acme: 'x'", "expected an object"),
            ("acme: []", "expected an object"), ("acmee: 1", "unknown key. Did you mean 'acme'?"),
            ("required: true, notRequired: true", "contradicts 'required'"),
            ("required: false, notRequired: false", "contradicts 'required'"), ("ttl: 30", "needs a unit"),
        ]
        + ["", "30", "5 m", "m", "1m1h", "1s1s", "-5s", "1.5s", "5S", "1w", "5ms1s", "5s\\n"]
        .map { ("ttl: '\($0)'", "duration") } + [("ttl: {s: 5}", "ttl: expected a duration")]
}
