import ExtensionHooks
import KeyHooks
import Testing

struct ReadingTests {
    @Test func `Every known key is read, in JSON5`() async throws {
        try await withFolder { folder in
            let path = try folder.write(
                "keyhooks.json",
                """
                // comments, bare keys, single quotes and trailing commas are fine
                {
                  $schema: 'https://example.org/keyhooks.json',
                  envFiles: ['.env', "sub/more.env", '/etc/keys.env',],
                  envPrecedence: 'files',
                  hookOrder: ['acme/vault', 'other',],
                  providers: {
                    openai: {env: ['WORK_KEY', 'HOME_KEY'], aliases: ['work'], notRequired: true},
                    'my-gateway': {notRequired: false},
                    xai: {},
                  },
                  plugins: {acme: {anything: [1, 2]}},
                }
                """
            )
            let configuration = try KeyConfiguration.read(from: path)
            #expect(configuration.path == path)
            #expect(
                configuration.envFiles
                    == [folder.file(".env"), folder.file("sub/more.env"), "/etc/keys.env"]
                    .map { EnvironmentFile($0, isRequired: false) }
            )
            #expect(configuration.envPrecedence == .files)
            #expect(configuration.hookOrder == ["acme/vault", "other"])
            #expect(configuration.pluginIDs == ["acme"])
            #expect(
                configuration.providers == [
                    "openai": ProviderSettings(env: ["WORK_KEY", "HOME_KEY"], aliases: ["work"], isKeyRequired: false),
                    "my_gateway": ProviderSettings(isKeyRequired: true),
                    "xai": ProviderSettings(),
                ]
            )
        }
    }

    @Test func `What is read is applied`() async throws {
        try await withFolder { folder in
            try folder.write("more.env", "HOME_KEY=sk-home\nOPENAI_API_KEY=sk-standard\n")
            let path = try folder.write(
                "keyhooks.json",
                "{envFiles: 'more.env', providers: {openai: {env: ['WORK_KEY', 'HOME_KEY'], aliases: ['work']}}}"
            )
            let resolver = try KeyResolver(configuration: .read(from: path), environment: ["HOME_KEY": "sk-process"])
            #expect(try await resolver.resolve(service: "work").summary == "found sk-process")
            let explanation = try resolver.explain(service: "openai")
            #expect(explanation.configuration == path)
            #expect(explanation.variables.map(\.name) == ["WORK_KEY", "HOME_KEY"])
        }
    }

    @Test(arguments: ["{}", "// nothing\n{}", "\u{FEFF}{}"])
    func `An empty configuration is the default one`(text: String) async throws {
        try await withFolder { folder in
            let configuration = try KeyConfiguration.read(from: try folder.write("keyhooks.json", text))
            #expect(configuration.envFiles.map(\.isRequired) == [false])
            #expect(configuration.envFiles.first?.path.hasSuffix(".env") == true)
            #expect(configuration.envPrecedence == .process)
            #expect(configuration.providers.isEmpty && configuration.hookOrder.isEmpty)
        }
    }

    @Test func `A list of no files reads none`() async throws {
        try await withFolder { folder in
            try folder.write(".env", "OPENAI_API_KEY=sk-1")
            let path = try folder.write("keyhooks.json", "{envFiles: []}")
            let resolver = try KeyResolver(configuration: .read(from: path), environment: [:])
            #expect(!resolver.isConfigured("openai"))
        }
    }

    @Test func `A configuration that is not there or not a file is refused`() async throws {
        try await withFolder { folder in
            for path in [folder.file("no.json"), folder.path] {
                let error = try await failure { try KeyConfiguration.read(from: path) }
                #expect(error.code == .invalidConfiguration && error.message.hasPrefix(path))
            }
        }
    }
}
