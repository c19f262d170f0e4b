import Foundation

/// Manifests to read, as JSON5.
enum ManifestExamples {
    /// The example of the protocol's contract, word for word.
    static let contract = """
        { "id": "acme.vault", "version": "1.4.0", "api": 1, "description": "Keys from the Acme vault",
          "kind": "process", "mode": "session",                       // or "oneshot"
          "entry": "./acme-vault", "arguments": ["--keyhooks"],       // relative to the folder; no shell
          "hooks": [ { "point": "getAPIKey", "phase": "start", "services": ["openai", "anthropic*"], "priority": 10, "before": [], "after": ["openbao"] } ],
          "timeouts": { "hello_ms": 5000, "request_ms": 5000 }, "environment": ["ACME_TOKEN"], "interactive": "never",
          "configuration": { "type": "object", "properties": { "address": { "type": "string" } } },   // a JSON Schema for its section of keyhooks.json
          "installHint": "brew install acme" }
        """

    /// A manifest with no more than it must have.
    static func smallest(
        id: String = "'acme'",
        version: String = "'1'",
        api: String = "1",
        entry: String = "'run'",
        hooks: String = "[{point: 'getAPIKey', phase: 'start'}]",
        more: String = ""
    ) -> String {
        "{id: \(id), version: \(version), api: \(api), entry: \(entry), hooks: \(hooks), \(more)}"
    }

    /// One without hooks.
    static func manager(_ secrets: String) -> String {
        "{id: 'acme', version: '1', api: 1, entry: 'run', secrets: \(secrets)}"
    }

    static func hook(_ more: String) -> String {
        smallest(hooks: "[{point: 'getAPIKey', phase: 'start', \(more)}]")
    }

    /// Right ones.
    static let good: [String] =
        [
            contract, smallest(), smallest(id: "'9-a.b_c'"), smallest(version: "'1.0.0-beta.1+7'"),
            smallest(more: "$schema: './plugin.schema.json'"), smallest(more: "description: 'Schlüssel, 3 €'"),
            smallest(more: "kind: 'process', mode: 'oneshot', interactive: 'if-available'"),
            smallest(more: "arguments: [], environment: [], timeouts: {}"),
            smallest(more: "timeouts: {hello_ms: 1, request_ms: 300000}"),
            smallest(more: "environment: ['ACME_TOKEN', '_x', 'a1']"), smallest(more: "configuration: {}"),
            smallest(more: "configuration: {type: 'object', required: ['a'], additionalProperties: false}"),
            smallest(hooks: "[{point: 'getSecret', phase: 'end'}, {point: 'getSecret', phase: 'end'}]"),
            hook("priority: -5"), hook("services: ['*']"), hook("services: ['Z.AI', 'azure*', 'my llm']"),
            hook("before: ['a', 'a/b.c'], after: []"), hook("values: false"),
            smallest(hooks: "[{point: 'getAPIKey', phase: 'end', values: true}]"),
            smallest(more: "configuration: {type: 'object', examples: [{a: 1}]}"),
            manager("{}"), manager("{operations: []}"), manager("{operations: ['read', 'write', 'check-and-set']}"),
            manager("{operations: ['list', 'rotate', 'health', 'delete'], parameters: ['namespace']}"),
            smallest(more: "secrets: {}"),
        ]
        + ["'run'", "'./run'", "'bin/run'", "'..run'", "'a../b'", "'.hidden'", "'a b'"]
        .map { smallest(entry: $0) }

    /// Wrong ones, each with what is said about it.
    static let bad: [(manifest: String, mistake: String)] = [
        ("[]", "expected an object, found an array"),
        (smallest(id: "'acme/vault'"), "1:6: id: isn't a valid plugin id"),
        (smallest(id: "''"), "id: isn't a valid plugin id"), (smallest(id: "'-a'"), "id: isn't a valid plugin id"),
        (smallest(id: "'..'"), "id: isn't a valid plugin id"), (smallest(id: "'ä'"), "id: isn't a valid plugin id"),
        (smallest(id: "'a\\n'"), "id: isn't a valid plugin id"),
        (smallest(id: "'\(String(repeating: "a", count: 65))'"), "id: isn't a valid plugin id"),
        (smallest(id: "7"), "id: expected a string, found a number"),
        (hook("values: true"), "hooks[0].values: there are none before the call"),
        (smallest(version: "1.0"), "version: expected a string, found a number"),
        (smallest(version: "'v 1'"), "version: is no version"), (smallest(version: "''"), "version: is no version"),
        (smallest(api: "2"), "api: the plugin is written for another version of the protocol than 1"),
        (smallest(api: "1.5"), "api: the plugin is written for another version"),
        (smallest(api: "'1'"), "api: expected a whole number from 1 to 1, found a string"),
        (smallest(entry: "'/bin/sh'"), "entry: leads out of the plugin's folder"),
        (smallest(entry: "'../run'"), "entry: leads out of the plugin's folder"),
        (smallest(entry: "'a/../../run'"), "entry: leads out of the plugin's folder"),
        (smallest(entry: "'a/..'"), "entry: leads out of the plugin's folder"),
        (smallest(entry: "'..'"), "entry: leads out of the plugin's folder"),
        (smallest(entry: "''"), "entry: expected the path of an executable"),
        (smallest(entry: "'.'"), "entry: expected the path of an executable"),
        (smallest(entry: "'bin/'"), "entry: expected the path of an executable"),
        (smallest(entry: "'bin/.'"), "entry: expected the path of an executable"),
        (smallest(hooks: "[]"), "hooks: expected at least one hook"),
        (smallest(hooks: "{}"), "hooks: expected an array, found an object"),
        (smallest(hooks: "[1]"), "hooks[0]: expected an object, found a number"),
        (smallest(hooks: "[{point: 'getAPIKey'}]"), "hooks[0].phase: a required key is missing"),
        (smallest(hooks: "[{phase: 'end'}]"), "hooks[0].point: a required key is missing"),
        (smallest(hooks: "[{point: 'getApiKeys', phase: 'end'}]"), "Did you mean 'getAPIKey'?"),
        (smallest(hooks: "[{point: 'getAPIKey', phase: 'strat'}]"), "expected one of 'start', 'end'. Did you mean"),
        (hook("service: ['openai']"), "hooks[0].service: unknown key. Did you mean 'services'?"),
        (hook("services: []"), "hooks[0].services: names no service"),
        (hook("services: 'openai'"), "hooks[0].services: expected an array"),
        (hook("services: ['open/ai']"), "hooks[0].services[0]: isn't a valid service id or pattern"),
        (hook("services: ['-']"), "hooks[0].services[0]: isn't a valid service id or pattern"),
        (hook("priority: 1.5"), "hooks[0].priority: expected a whole number"),
        (hook("priority: 1e9"), "hooks[0].priority: expected a whole number"),
        (hook("before: ['a//b']"), "hooks[0].before[0]: isn't a valid hook id"),
        (hook("after: 'a'"), "hooks[0].after: expected an array"),
        ("{id: 'acme', version: '1', api: 1, entry: 'run'}", "hooks: a required key is missing"),
        (manager("[]"), "secrets: expected an object, found an array"),
        (manager("{operations: ['wite']}"), "secrets.operations[0]: expected one of 'read', 'write', "),
        (manager("{operation: []}"), "secrets.operation: unknown key. Did you mean 'operations'?"),
        (manager("{parameters: ['name space']}"), "secrets.parameters[0]: expected the name of"),
        (smallest(more: "kind: 'wasm'"), "kind: expected 'process'"),
        (smallest(more: "mode: 'one-shot'"), "Did you mean 'oneshot'?"),
        (smallest(more: "interactive: true"), "interactive: expected one of 'never', 'if-available', found a boolean"),
        (smallest(more: "description: 'a\\u001b[2Jb'"), "description: expected one line"),
        (smallest(more: "installHint: 'a\\nb'"), "installHint: expected one line"),
        (smallest(more: "installHint: 'a\\u202eb'"), "installHint: expected one line"),
        (smallest(more: "description: '\(String(repeating: "a", count: 201))'"), "description: expected one line"),
        (smallest(more: "arguments: '--x'"), "arguments: expected an array, found a string"),
        (smallest(more: "arguments: [1]"), "arguments[0]: expected a string, found a number"),
        (smallest(more: "environment: ['A=B']"), "environment[0]: expected the name of an environment variable"),
        (smallest(more: "environment: ['']"), "environment[0]: expected the name of an environment variable"),
        (smallest(more: "environment: {A: 'B'}"), "environment: expected an array, found an object"),
        (smallest(more: "timeouts: {hello_ms: 0}"), "timeouts.hello_ms: expected a whole number from 1 to 60000"),
        (smallest(more: "timeouts: {request_ms: 300001}"), "timeouts.request_ms: expected a whole number from 1 to"),
        (smallest(more: "timeouts: {hello_s: 5}"), "timeouts.hello_s: unknown key. Did you mean 'hello_ms'?"),
        (smallest(more: "timeouts: '5s'"), "timeouts: expected an object, found a string"),
        (smallest(more: "configuration: true"), "configuration: expected a JSON Schema, found a boolean"),
        (smallest(more: "enviroment: []"), "enviroment: unknown key. Did you mean 'environment'?"),
    ]
}
