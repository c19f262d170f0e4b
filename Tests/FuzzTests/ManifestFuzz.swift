import ExtensionHooks
import FuzzSupport
import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

extension Fuzzing {
    @Suite("Fuzz: manifests")
    struct ManifestFuzz {
        private static let corpus =
            [
                """
                { "$schema": "x", "id": "acme.vault", "version": "1.4.0", "api": 1, "description": "Keys from the Acme vault",
                  "kind": "process", "mode": "session", "entry": "./acme-vault", "arguments": ["--keyhooks"],
                  "hooks": [ { "point": "getAPIKey", "phase": "start", "services": ["openai", "anthropic*"], "priority": 10, "before": [], "after": ["openbao"] },
                             { "point": "getSecret", "phase": "end", "values": true } ],
                  "timeouts": { "hello_ms": 5000, "request_ms": 5000 }, "environment": ["ACME_TOKEN"], "interactive": "never",
                  "configuration": { "type": "object", "required": ["a"], "properties": { "a": { "type": "string", "pattern": "^a+$" } }, "examples": [{ "a": "aa" }] },
                  "providerConfiguration": { "type": "object" }, "installHint": "brew install acme" }
                """,
                "{id: 'a', version: '1', api: 1, entry: 'run', hooks: [{point: 'getAPIKey', phase: 'start'}]}",
                "{api: 2, wire: 'grpc'}",
            ]
            + Canary.values.map {
                "{id: '\($0)', version: '\($0)', api: '\($0)', entry: '\($0)', mode: '\($0)', timeouts: {hello_ms: '\($0)'}, hooks: ['\($0)', {point: '\($0)', services: '\($0)', before: ['\($0)']}], environment: ['\($0)'], configuration: {type: '\($0)', examples: ['\($0)']}}"
            }

        private static let mutator = Mutator(
            tokens: JSON5Fuzz.tokens + SchemaFuzz.tokens + Canary.values + [
                "'../run'", "'/run'", "'a/../b'", "hooks: [", "point: ", "phase: 'end'", "services: ['*']", "'*'",
                "configuration: ",
                "api: 1", "environment: [", "'PATH'",
            ],
            brackets: JSON5Fuzz.brackets + [
                ("{properties: {a: ", "}}"), ("{anyOf: [", "]}"), ("{configuration: ", "}"),
            ]
        )

        @Test("No crash, no value in a mistake, a place for each, and only what fits is taken")
        func fuzz() async throws {
            try await Fuzzer("manifest", corpus: Self.corpus, mutator: Self.mutator)
                .run { input, generator in
                    if generator.oneIn(150) { try Self.check(Self.long(input, in: generator.pick(Self.frames))) }
                    try Self.check(input)
                }
        }

        private static let frames = [
            ("{", "}"), ("{hooks: [", "]}"), ("{configuration: {properties: {", "}}}"),
            ("{configuration: {anyOf: [", "]}}"),
        ]

        /// A long document in which the input is there again and again.
        private static func long(_ input: [UInt8], in frame: (open: String, close: String)) -> [UInt8] {
            let isArray = frame.open.hasSuffix("[")
            let members = (0..<(131_072 / (input.count + 8)))
                .map { (isArray ? [] : Array("m\($0):".utf8)) + input + [UInt8(ascii: ",")] }
            return Array(frame.open.utf8) + members.joined() + Array(frame.close.utf8)
        }

        private static func check(_ input: [UInt8]) throws {
            do {
                let manifest = try within(.seconds(4), "reading") { try PluginManifest.parse(input) }
                try Self.check(manifest)
            } catch let error as JSONMistakes {
                try JSON5Fuzz.check(["\(error)"], error.all.map(\.position), input)
                try Broken.unless("\(error)".utf8.count <= 65_536, "an error is longer than 64 KiB")
            }
        }

        /// What the rest of the program counts on.
        private static func check(_ manifest: PluginManifest) throws {
            let id = manifest.id
            try Broken.unless(id.isWellFormed, "an id that is none")
            let steps = manifest.entry.split(separator: "/", omittingEmptySubsequences: false)
            try Broken.unless(
                !manifest.entry.hasPrefix("/") && !steps.contains("..")
                    && !steps.contains(where: { $0.utf8.elementsEqual("..".utf8) }),
                "an entry outside of the folder",
                manifest.entry
            )
            try Broken.unless(!manifest.hooks.isEmpty, "no hooks")
            try Broken.unless(Set(manifest.hooks.map(\.id)).count == manifest.hooks.count, "two hooks of one id")
            let texts = [manifest.version, manifest.entry, manifest.description ?? "", manifest.installHint ?? ""]
            for text in texts + manifest.arguments + manifest.environment {
                try Broken.unless(!text.utf8.contains(0), "a text with a NUL")
            }
            for text in [manifest.version, manifest.description ?? "", manifest.installHint ?? ""] {
                try Broken.unless(
                    !text.unicodeScalars.contains { $0.value < 32 || $0.value == 0x1B },
                    "a line with a control character",
                    text
                )
            }
        }
    }
}
