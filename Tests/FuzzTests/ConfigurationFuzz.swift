import Foundation
import FuzzSupport
import JSON5Syntax
import KeyHooks
import OpenBao
import Testing

extension Fuzzing {
    @Suite("Fuzz: configurations")
    struct ConfigurationFuzz {
        private static let corpus =
            [
                """
                { "$schema": "./keyhooks.schema.json", "envFiles": [".env"], "envPrecedence": "files", "pluginPath": ["Plugins"],
                  "hookOrder": ["openbao", "acme/hook"],
                  "plugins":   { "openbao": { "address": "https://127.0.0.1:8200", "path": "litellm/providers", "ttl": "5m" } },
                  "providers": { "openai":    { "plugins": ["openbao"], "openbao": { "path": "team-a/openai", "field": "key" }, "ttl": "30s", "fallback": "never" },
                                 "azure":     { "env": ["AZURE_OPENAI_API_KEY"], "plugins": [] },
                                 "my-llm":    { "env": ["MY_LLM_TOKEN"], "aliases": ["myllm"], "required": true },
                                 "lm_studio": { "constant": "lm-studio" }, "ollama": { "notRequired": true } },
                  "profiles":  { "prod": { "providers": { "openai": { "fallback": "unavailable" } } } } }
                """,
                "{plugins: {openbao: {address: ['http://[::1]:8200'], path: '{tenant}/ai', token: 'env:A', mount: 'kv', namespace: 'a/b'}}}",
                "{plugins: {openbao: {path: 'a', appRole: {roleID: 'file:r', secretID: 'env:S', mount: 'approle'}, capacity: 9, jitter: 0.1}}}",
                "{envFiles: '.env', pluginPath: 'p', providers: {openai: {env: ['A', 'B'], ttl: '1h30m'}}}",
            ]
            + Canary.values.flatMap { value in
                [
                    "{plugins: {openbao: {path: 'a', token: '\(value)', ttl: '\(value)', jitter: '\(value)'}}}",
                    "{plugins: {openbao: {path: 'a', appRole: {roleID: '\(value)', secretID: '\(value)'}}}}",
                    "{providers: {openai: {constant: '\(value)'}, azure: {env: '\(value)', ttl: '\(value)', fallback: '\(value)'}}}",
                    "{hookOrder: ['\(value)'], envPrecedence: '\(value)', profiles: {p: {providers: {openai: '\(value)'}}}}",
                    "{providers: {openai: {openbao: '\(value)', aliases: ['\(value)'], required: '\(value)', plugins: ['\(value)']}}}",
                ]
            }

        private static let mutator = Mutator(
            tokens: JSON5Fuzz.tokens + Canary.values + [
                "plugins", "providers", "profiles", "envFiles", "hookOrder", "openai", "openbao", "'env:A'", "'file:b'",
                "constant: ",
                "env: [", "aliases: [", "path: ", "'{tenant}'", "ttl: '1s'", "required: true", "fallback: 'never'",
            ],
            brackets: JSON5Fuzz.brackets + [
                ("{providers: {openai: ", "}}"), ("{profiles: {a: ", "}}"), ("{plugins: {openbao: ", "}}"),
            ]
        )

        @Test("Reading a file, a resolver, an explanation: no crash, no value, a place for each mistake")
        func fuzz() async throws {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appendingPathComponent("keyhooks.json")
            try await Fuzzer("configuration", corpus: Self.corpus, mutator: Self.mutator)
                .run { input, generator in
                    if generator.oneIn(150) {
                        let long = Self.long(input, in: generator.pick(Self.frames))
                        try Data(long).write(to: file)
                        _ = try Self.read(file.path, long)
                    }
                    try Data(input).write(to: file)
                    guard let configuration = try Self.read(file.path, input) else { return }
                    guard generator.oneIn(4) else { return }
                    try Self.checkPrinted(configuration, input)
                    try Self.checkResolver(configuration, input)
                }
        }

        private static let frames = [
            ("{", "}"), ("{providers: {", "}}"), ("{plugins: {", "}}"), ("{profiles: {", "}}"),
            ("{profiles: {p: {providers: {", "}}}}"),
        ]

        /// A long document in which the input is the value of member after member.
        private static func long(_ input: [UInt8], in frame: (open: String, close: String)) -> [UInt8] {
            let count = 131_072 / (input.count + 8)
            let members = (0..<count).map { Array("m\($0):".utf8) + input + [UInt8(ascii: ",")] }
            return Array(frame.open.utf8) + members.joined() + Array(frame.close.utf8)
        }

        /// An error that is as long as the input may be would fill a log.
        private static let longest = 65_536

        private static func read(_ path: String, _ input: [UInt8]) throws -> KeyConfiguration? {
            do {
                return try within(.seconds(4), "reading") { try KeyConfiguration.read(from: path) }
            } catch let error as KeyResolutionError {
                try check(error, path, input)
                return nil
            }
        }

        private static func check(_ error: KeyResolutionError, _ path: String, _ input: [UInt8]) throws {
            var dumped = "\(error) \(error.localizedDescription) \(error.remedy)"
            dump(error, to: &dumped)
            try Canary.check(
                dumped,
                in: "an error",
                sought: JSON5Fuzz.hidden(in: input)
            )
            try Broken.unless("\(error)".utf8.count <= longest, "an error is longer than 64 KiB")
            try Broken.unless(error.code == .invalidConfiguration, "an error of another kind", "\(error.code)")
            let lines = LineLengths(of: input)
            // Each line of the message is a mistake, which begins with the place.
            for line in error.message.split(separator: "\n") where line.hasPrefix(path + ":") {
                let numbers = line.dropFirst(path.count + 1).split(separator: ":").prefix(2).map { Int($0) }
                guard numbers.count == 2, let first = numbers[0], let second = numbers[1] else {
                    throw Broken("a mistake without a place", String(line))
                }
                try lines.check(SourcePosition(line: first, column: second))
            }
        }

        private static func checkPrinted(_ configuration: KeyConfiguration, _ input: [UInt8]) throws {
            guard !configuration.showsCanary(in: input) else { return }
            var printed = "\(configuration) \(String(reflecting: configuration))"
            dump(configuration, to: &printed)
            try Canary.check(printed, in: "a printed configuration")
        }

        private static func checkResolver(_ configuration: KeyConfiguration, _ input: [UInt8]) throws {
            do {
                let resolver = try KeyResolver(
                    configuration: configuration,
                    plugins: [OpenBaoPlugin.plugin],
                    environment: [:]
                )
                let services: [Service] = ["openai", "azure", "lm_studio", "npm"]
                let explanations = try services.map { service in
                    try within(.seconds(2), "explaining") { try resolver.explain(service: service) }
                }
                if configuration.showsCanary(in: input) { return }
                var printed = explanations.map { "\($0) \(String(reflecting: $0))" }.joined() + "\(resolver)"
                dump(explanations, to: &printed)
                try Canary.check(printed, in: "an explanation")
            } catch let error as KeyResolutionError {
                if configuration.showsCanary(in: input) { return }
                try Canary.check("\(error)", in: "an error of a resolver")
                try Broken.unless("\(error)".utf8.count <= longest, "an error is longer than 64 KiB")
            }
        }
    }
}

extension KeyConfiguration {
    /// Whether a canary stands where a text is a name of something and no secret: such names are shown.
    fileprivate func showsCanary(in input: [UInt8]) -> Bool {
        guard let document = try? JSONParser.parse(input) else { return true }
        if Fuzzing.JSON5Fuzz.hidden(in: input).count < Canary.values.count { return true }
        let shown = ["envFiles", "pluginPath", "hookOrder", "$schema"].compactMap { document[$0] }
        let providers = ([document] + (document["profiles"]?.members ?? []).map(\.value))
            .flatMap { $0["providers"]?.members ?? [] }
        let named = providers.flatMap { provider in ["env", "plugins", "aliases"].compactMap { provider.value[$0] } }
        let bao = [document["plugins"]?["openbao"]].compactMap(\.self) + providers.compactMap { $0.value["openbao"] }
        let places = bao.flatMap { section in
            ["address", "path", "mount", "namespace", "loginNamespace", "field"].compactMap { section[$0] }
        }
        return (shown + named + places).contains(where: \.hasCanary)
    }
}

extension JSONNode {
    /// Whether a canary is in a text of it.
    fileprivate var hasCanary: Bool {
        switch kind {
        case .string(let text): Canary.values.contains { text.holds($0) }
        case .array(let elements): elements.contains(where: \.hasCanary)
        case .object(let members): members.contains { $0.value.hasCanary }
        default: false
        }
    }
}
