import KeyHooks
import Testing

@Suite("Mistakes in what differs for a service")
struct OverrideMistakeTests {
    @Test(
        "A mistake of a provider is reported with its place, the same under a profile",
        arguments: [
            ("plugins: 'acme/keys'", 10, "plugins: isn't a valid plugin id"),
            ("plugins: {}", 10, "plugins: expected a string or an array of strings, found an object"),
            ("plugins: ['acme', 1]", 19, "plugins[1]: expected a string, found a number"),
            (
                "plugins: ['acme/keys']", 11,
                "plugins[0]: isn't a valid plugin id: use letters, digits, '.', '_' and '-'"
            ),
            ("plugins: ['']", 11, "plugins[0]: isn't a valid plugin id"),
            ("plugins: null", 10, "plugins: expected a string or an array of strings, found null"),
            ("plugin: ['acme']", 1, "plugin: unknown key. Did you mean 'plugins'?"),
            ("ttl: 30", 6, "ttl: a duration needs a unit: write \"30s\""),
            ("ttl: '30'", 6, "ttl: a duration needs a unit: write \"30s\""),
            ("ttl: 'soon'", 6, "ttl: expected a duration such as \"30s\""),
            ("ttl: ''", 6, "ttl: expected a duration"),
            ("ttl: '5s1m'", 6, "ttl: expected a duration"),
            ("ttl: '-5s'", 6, "ttl: a duration can't be negative"),
            ("ttl: '36501d'", 6, "ttl: the duration is too long: the longest is 36500d"),
            ("ttl: true", 6, "ttl: expected a duration such as \"30s\", found a boolean"),
            ("ttl: {}", 6, "ttl: expected a duration such as \"30s\", found an object"),
            ("tll: '30s'", 1, "tll: unknown key. Did you mean 'ttl'?"),
            ("timeToLive: '30s'", 1, "timeToLive: unknown key. Did you mean 'ttl'?"),
            ("fallback: 'allways'", 11, "fallback: expected one of 'never', 'unavailable'"),
            ("fallback: 'nevr'", 11, "expected one of 'never', 'unavailable'. Did you mean 'never'?"),
            ("fallback: 'Unavailable'", 11, "expected one of 'never', 'unavailable'. Did you mean 'unavailable'?"),
            ("fallback: false", 11, "fallback: expected one of 'never', 'unavailable', found a boolean"),
            ("falback: 'never'", 1, "falback: unknown key. Did you mean 'fallback'?"),
            ("required: 1", 11, "required: expected true or false, found a number"),
            ("notRequired: 'true'", 14, "notRequired: expected true or false, found a string"),
            ("required: true, notRequired: true", 30, "notRequired: contradicts 'required': take one of them out"),
            ("required: false, notRequired: false", 31, "notRequired: contradicts 'required'"),
            ("notrequired: true", 1, "notrequired: unknown key. Did you mean 'notRequired'?"),
            ("env: 1", 6, "env: expected a string or an array of strings, found a number"),
            ("env: [[]]", 7, "env[0]: expected a string, found an array"),
            ("acme: 'team'", 7, "acme: expected an object: the plugin's settings for the service"),
            ("acme: []", 7, "acme: expected an object: the plugin's settings for the service"),
            ("acne: {path: 'x'}", 1, "acne: unknown key. Did you mean 'acme'?"),
            ("Acme: {path: 'x'}", 1, "Acme: unknown key. Did you mean 'acme'?"),
            (
                "hashivault: {path: 'x'}", 1,
                "hashivault: unknown key; if a plugin is meant, give it a section of its own under 'plugins'"
            ),
        ] as [(String, Int, String)]
    )
    func provider(_ settings: String, _ column: Int, _ mistake: String) async throws {
        let text = "providers: {openai: {\n\(settings)\n}}"
        let plain = try await configurationMistakes(in: "{plugins: {acme: {}}, \(text)}")
        try #require(plain.count == 1, "\(plain)")
        #expect(plain[0].hasPrefix("2:\(column): providers.openai."), "\(plain)")
        #expect(plain[0].contains(mistake), "\(plain)")
        let profiled = try await configurationMistakes(in: "{plugins: {acme: {}}, profiles: {prod: {\(text)}}}")
        try #require(profiled.count == 1, "\(profiled)")
        #expect(profiled[0] == plain[0].replacing(": providers.", with: ": profiles.prod.providers."))
    }

    @Test(
        "A mistake of a profile is reported with its place",
        arguments: [
            ("[]", "1:12: profiles: expected an object, found an array"),
            ("{prod: 'x'}", "1:19: profiles.prod: expected an object, found a string"),
            ("{'': {}}", "1:13: profiles[\"\"]: a profile needs a name"),
            ("{prod: {provider: {}}}", "1:20: profiles.prod.provider: unknown key. Did you mean 'providers'?"),
            ("{prod: {openai: {}}}", "1:20: profiles.prod.openai: unknown key"),
            ("{prod: {envFiles: '.env'}}", "1:20: profiles.prod.envFiles: unknown key"),
            ("{prod: {providers: []}}", "1:31: profiles.prod.providers: expected an object, found an array"),
            ("{prod: {providers: {gemini: {}}}}", "is an alias: write its settings under 'google'"),
            ("{prod: {providers: {'a/b': {}}}}", "1:32: profiles.prod.providers[\"a/b\"]: isn't a valid service id"),
            ("{prod: {providers: {'a-b': {}, 'a.b': {}}}}", "is the same service as an earlier name: 'a_b'"),
            (
                "{prod: {providers: {openai: {aliases: ['work']}}}}",
                "profiles.prod.providers.openai.aliases: a profile cannot change what a service is called"
            ),
        ]
    )
    func profile(_ text: String, _ mistake: String) async throws {
        let found = try await configurationMistakes(in: "{profiles: \(text)}")
        #expect(found.count == 1)
        #expect(found.first?.contains(mistake) == true, "\(found)")
    }

    @Test("A section is known by the plugins' sections, by 'plugins' of the provider, by 'hookOrder', and by no other")
    func sections() async throws {
        let section = "providers: {openai: {acme: {path: 'x'}}}"
        _ = try await readConfiguration("{plugins: {acme: {}}, \(section)}")
        _ = try await readConfiguration("{hookOrder: ['acme/keys'], \(section)}")
        _ = try await readConfiguration("{providers: {openai: {plugins: ['acme'], acme: {path: 'x'}}}}")
        let mistakes = try await configurationMistakes(in: "{\(section)}")
        let remedy = "if a plugin is meant, give it a section of its own under 'plugins'"
        #expect(mistakes == ["1:23: providers.openai.acme: unknown key; \(remedy)"])
        let other = "{providers: {groq: {plugins: ['acme']}, openai: {acme: {path: 'x'}}}}"
        #expect(try await configurationMistakes(in: other).count == 1)
    }

    @Test("All mistakes are reported at once, in order")
    func all() async throws {
        let found = try await configurationMistakes(
            in: """
                {
                  pluginPath: [1],
                  plugins: {acme: 3, 'a/b': {}},
                  providers: {
                    openai: {plugins: ['a/b'], ttl: 5, fallback: 'no', required: 'x', acne: {}},
                    gemini: {ttl: 5},
                  },
                  profiles: {prod: {providers: {groq: {aliases: ['g'], ttl: 'x'}}, more: 1}},
                  profile: 1,
                }
                """
        )
        let places = found.map { $0.split(separator: ": ").prefix(2).joined(separator: " ") }
        #expect(
            places == [
                "2:16 pluginPath[0]", "3:19 plugins.acme", "3:22 plugins[\"a/b\"]", "5:24 providers.openai.plugins[0]",
                "5:37 providers.openai.ttl", "5:50 providers.openai.fallback", "5:66 providers.openai.required",
                "5:71 providers.openai.acne", "6:5 providers.gemini", "8:49 profiles.prod.providers.groq.aliases",
                "8:61 profiles.prod.providers.groq.ttl", "8:68 profiles.prod.more", "9:3 profile",
            ]
        )
    }
}
