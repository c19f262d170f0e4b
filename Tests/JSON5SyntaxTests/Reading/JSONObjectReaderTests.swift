import JSON5Syntax
import Testing

@Suite("Configuration reader: objects")
struct JSONObjectReaderTests {
    private struct Provider: Equatable {
        var plugins: [String]
        var ttl: Duration?
    }

    private struct Settings: Equatable {
        var precedence: String
        var providers: [String: Provider]
        var pool: Int?
    }

    private static func settings(_ text: String) throws(JSONMistakes) -> Settings {
        let node: JSONNode
        do { node = try parse(text) } catch { throw JSONMistakes([JSONMistake(error)]) }
        return try JSONObjectReader.decode(node, path: .root) { reader in
            reader.ignore("$schema")
            let providers = reader.map("providers") { name, value in
                if name == "opnai" { value.rejectName("unknown provider", known: ["openai", "azure"]) }
                return value.object { provider in
                    Provider(
                        plugins: provider.stringArray("plugins", orSingle: true) ?? [],
                        ttl: provider.duration("ttl")
                    )
                }
            }
            return Settings(
                precedence: reader.oneOf("envPrecedence", ["process", "files"]) ?? "process",
                providers: Dictionary(uniqueKeysWithValues: (providers ?? []).map { ($0.name, $0.value) }),
                pool: reader.object("pool") { $0.int("size", in: 1...100) }
            )
        }
    }

    private func mistakes(_ text: String) -> [String] {
        do {
            _ = try Self.settings(text)
            return []
        } catch {
            return error.all.map { $0.description(in: "keyhooks.json") }
        }
    }

    @Test func wellFormed() throws {
        let settings = try Self.settings(
            """
            {
              $schema: 'x', envPrecedence: 'files', pool: {size: 4},
              providers: { openai: { plugins: ['openbao'], ttl: '5m' }, azure: { plugins: 'openbao' } },
            }
            """
        )
        let expected = Settings(
            precedence: "files",
            providers: [
                "openai": Provider(plugins: ["openbao"], ttl: .seconds(300)),
                "azure": Provider(plugins: ["openbao"], ttl: nil),
            ],
            pool: 4
        )
        #expect(settings == expected)
        let empty = try Self.settings("{}")
        #expect(empty == Settings(precedence: "process", providers: [:], pool: nil))
    }

    @Test("all mistakes at once, in the order of the file")
    func allAtOnce() {
        let text = """
            {
              envPrecedense: 'files',
              providers: {
                openai: { plugin: ['a', 1], ttl: 30 },
                opnai: { plugins: ['a', 1], xyz: 1 },
                azure: 'openbao',
              },
              pool: { size: 0, siez: 2 },
            }
            """
        #expect(
            mistakes(text) == [
                "keyhooks.json:2:3: envPrecedense: unknown key. Did you mean 'envPrecedence'?",
                "keyhooks.json:4:15: providers.openai.plugin: unknown key. Did you mean 'plugins'?",
                """
                keyhooks.json:4:38: providers.openai.ttl: a duration needs a unit: \
                write "30s", "5m", "1h", "250ms" or "7d"
                """,
                "keyhooks.json:5:5: providers.opnai: unknown provider. Did you mean 'openai'?",
                "keyhooks.json:5:29: providers.opnai.plugins[1]: expected a string, found a number",
                "keyhooks.json:5:33: providers.opnai.xyz: unknown key",
                "keyhooks.json:6:12: providers.azure: expected an object, found a string",
                "keyhooks.json:8:17: pool.size: expected a whole number from 1 to 100",
                "keyhooks.json:8:20: pool.siez: unknown key. Did you mean 'size'?",
            ]
        )
    }

    @Test(
        "documents that cannot be decoded at all",
        arguments: [
            ("{a", "keyhooks.json:1:3: the object that opens at 1:1 is not closed: add '}'"),
            (" []", "keyhooks.json:1:2: expected an object, found an array"),
            ("'text'", "keyhooks.json:1:1: expected an object, found a string"),
        ]
    )
    func undecodable(text: String, message: String) {
        #expect(mistakes(text) == [message])
    }

    @Test func required() throws {
        var reader = JSONObjectReader(try parse("\n {id: 'a'}"), path: .root.appending("plugins").appending(0))
        reader.require("id", "version", "entry")
        #expect(reader.string("id") == "a")
        #expect(
            reader.finish().map(\.description) == [
                "2:2: plugins[0].entry: a required key is missing",
                "2:2: plugins[0].version: a required key is missing",
            ]
        )
        var wrong = JSONObjectReader(try parse("1"), path: .root)
        wrong.require("id")
        #expect(wrong.finish().map(\.description) == ["1:1: expected an object, found a number"])
        #expect(!wrong.isObject)
    }

    @Test func rejecting() throws {
        var reader = JSONObjectReader(try parse("{a: 1,\n b: 2}"), path: .root)
        reader.reject("b", "must not exceed a", suggestion: "c")
        reader.reject("d", "is needed here")
        _ = reader.value("a")
        #expect(
            reader.finish().map(\.description) == [
                "1:1: d: is needed here", "2:5: b: must not exceed a. Did you mean 'c'?",
            ]
        )
    }

    @Test func absentKeysAreNoMistake() throws {
        enum Mode: String, CaseIterable { case on }
        var reader = JSONObjectReader(try parse("{}"), path: .root)
        #expect(reader.string("a") == nil && reader.bool("b") == nil && reader.int("c") == nil)
        #expect(reader.double("d") == nil && reader.duration("e") == nil && reader.stringArray("f") == nil)
        #expect(reader.oneOf("g", ["x"]) == nil && reader.oneOf("h", Mode.self) == nil && reader.value("i") == nil)
        #expect(reader.array("j") { $0.string() } == nil && reader.object("k") { _ in 1 } == nil)
        #expect(reader.map("l") { _, value in value.string() } == nil)
        #expect(reader.finish().isEmpty && reader.names.isEmpty)
    }

    @Test func suggestsAbsentKeysFirst() throws {
        // `env` is as close to `enve` as `envs` is, but it is there already.
        var reader = JSONObjectReader(try parse("{env: 1, enve: 2}"), path: .root)
        reader.ignore("env", "envs")
        #expect(reader.finish().map(\.suggestion) == ["envs"])
        var only = JSONObjectReader(try parse("{env: 1, enve: 2}"), path: .root)
        only.ignore("env")
        #expect(only.finish().map(\.suggestion) == ["env"])
    }

    @Test func finishingTwiceReportsOnce() throws {
        var reader = JSONObjectReader(try parse("{a:1}"), path: .root)
        #expect(reader.finish() == reader.finish())
        #expect(reader.mistakes.count == 1)
    }

    @Test("a section cut out of a larger document keeps its path and its lines")
    func section() throws {
        let document = try parse("{plugins:{\n 'open.bao': {adress: 'x'}}}")
        let node = try #require(document["plugins"]?["open.bao"])
        let path = NodePath.root.appending("plugins").appending("open.bao")
        let error = #expect(throws: JSONMistakes.self) {
            try JSONObjectReader.decode(node, path: path) { $0.string("address") }
        }
        #expect(
            error?.description(in: "k.json")
                == #"k.json:2:15: plugins["open.bao"].adress: unknown key. Did you mean 'address'?"#
        )
        #expect(error?.description == #"2:15: plugins["open.bao"].adress: unknown key. Did you mean 'address'?"#)
    }

    @Test("values of several types, and arrays of objects")
    func mixed() throws {
        var reader = JSONObjectReader(
            try parse("{hooks: ['a', {id: 'b', priority: 2}, {idd: 'c'}], m: {z: 1, a: 2}}"),
            path: .root
        )
        let hooks = reader.array("hooks") { value -> String? in
            if value.node.string != nil { return value.string() }
            return value.object { hook in
                hook.require("id")
                return hook.string("id").map { "\($0)\(hook.int("priority") ?? 0)" }
            }
        }
        #expect(hooks == nil)
        let map = reader.map("m") { name, value in value.int().map { "\(name)\($0)" } }
        #expect(map?.map(\.value) == ["z1", "a2"])
        #expect(
            reader.finish().map(\.description) == [
                "1:39: hooks[2].id: a required key is missing",
                "1:40: hooks[2].idd: unknown key. Did you mean 'id'?",
            ]
        )
    }
}
