import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// What the README says of keys from OpenBao, compiled, and run beside a real server.
struct ReadmeOpenBaoExample {
    /// In a process of its own, since the example looks at the working directory and the environment.
    @Test(.timeLimit(.minutes(5))) func readsKeysAsConfiguredInTheReadme() async {
        await #expect(processExitsWith: .success) {
            try await withServer { server in
                let admin = BaoAdmin(server)
                try await admin.mountKV2("secret")
                let fields = ["OPENAI_API_KEY": "sk-1", "GROQ_API_KEY": "gsk-1"]
                try await admin.put("secret", "litellm/providers", fields)
                try await withFolder { folder in
                    let text = try Readme.configuration()
                    #expect(text.contains("https://bao.example.com:8200"))
                    try folder.write(
                        "keyhooks.json",
                        text.replacing("https://bao.example.com:8200", with: server.address)
                    )
                    try folder.write(".env", "OPENAI_API_KEY=sk-file\nMISTRAL_API_KEY=mk-file\n")
                    #expect(chdir(folder.path) == 0)
                    setenv("HOME", folder.file("home"), 1)
                    unsetenv("XDG_CONFIG_HOME")
                    try folder.trust("keyhooks.json")
                    setenv("BAO_TOKEN", server.rootToken, 1)
                    for name in ["OPENAI_API_KEY", "GROQ_API_KEY", "MISTRAL_API_KEY"] { unsetenv(name) }

                    let resolver = try KeyResolver(configuration: .discover(), plugins: [OpenBaoPlugin.plugin])

                    // One secret holds them all; what it has not is in the file.
                    #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-1")
                    #expect(try await resolver.getAPIKey(service: "groq")?.value == "gsk-1")
                    #expect(try await resolver.getAPIKey(service: "mistral")?.value == "mk-file")
                    #expect(try server.requestCount(pathContaining: "secret/data/litellm/providers") == 2)

                    // Within its TTL a key costs no request, unless one asks for a new one or forgets the old one.
                    try await admin.put("secret", "litellm/providers", ["OPENAI_API_KEY": "sk-2"])
                    #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-1")
                    #expect(try await resolver.getAPIKey(service: "openai", refresh: true)?.value == "sk-2")
                    try await admin.put("secret", "litellm/providers", ["OPENAI_API_KEY": "sk-3"])
                    resolver.invalidate("openai")
                    #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-3")
                    #expect(resolver.cacheStatistics["openbao"]?.loads == 3)
                    let explanation = "\(try resolver.explain(service: "openai"))"
                    #expect(explanation.contains("openbao  secret/litellm/providers  fresh, version 3, read "))
                }
            }
        }
    }

    @Test func theDefaultsAreThoseOfTheTable() async throws {
        let expected = [
            "`ttl`, `negativeTTL`, `staleIfError`": "`5m`, `30s`, `1h`",
            "`refreshAhead`, `jitter`, `capacity`": "`0.2`, `0.1`, `1000`",
            "`failureWindow`": "`[\"1s\", \"30s\"]`", "`timeout`": "`10s`", "`fallback`": "`never`",
            "`mount`, `namespace`, `loginNamespace`": "`secret`, ",
        ]
        let readme = try Readme.text()
        for (settings, defaults) in expected { #expect(readme.contains("| \(settings) | \(defaults)"), "\(settings)") }
        let written = try await settings(
            """
            mount: 'secret', ttl: '5m', negativeTTL: '30s', staleIfError: '1h', refreshAhead: 0.2, jitter: 0.1,
            capacity: 1000, failureWindow: ['1s', '30s'], timeout: '10s', fallback: 'never'
            """
        )
        let own = OpenBaoConfiguration(path: "litellm/providers")
        #expect(written.settings.cache == own.settings.cache && written.settings.timeout == own.settings.timeout)
        #expect(written.settings.fallback == own.settings.fallback && written.mount == own.mount)
    }

    @Test func everySettingOfTheTableIsTaken() async throws {
        let token = try await settings(
            "namespace: 'team', loginNamespace: '/', token: 'file:/run/token', field: '/a/b', version: 2"
        )
        #expect(token.token == .file("/run/token") && token.field == "/a/b" && token.version == 2)
        #expect(token.namespace == "team" && token.loginNamespace == "/")
        let role = try await settings(
            #"appRole: { "roleID": "r", "secretID": "file:/run/secrets/id", "mount": "approle" }"#
        )
        #expect(
            role.appRole == AppRoleCredentials(roleID: .literal("r"), secretID: .file("/run/secrets/id"))
        )
        #expect(try await settings("fallback: 'unavailable'").settings.fallback == .unavailable)
    }

    private func settings(_ text: String) async throws -> OpenBaoConfiguration {
        try await withFolder { folder in
            let section = "{plugins: {openbao: {path: 'litellm/providers', \(text)}}}"
            let configuration = try KeyConfiguration.read(from: try folder.write("keyhooks.json", section))
            return try #require(try OpenBaoConfiguration(configuration))
        }
    }
}

/// The README as it is.
private enum Readme {
    static func text() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        return try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    }

    /// The configuration in the section on OpenBao.
    static func configuration() throws -> String {
        let section = try #require(try text().components(separatedBy: "## Keys from OpenBao\n").dropFirst().first)
        let block = try #require(section.components(separatedBy: "```jsonc\n").dropFirst().first)
        return try #require(block.components(separatedBy: "```").first)
    }
}
