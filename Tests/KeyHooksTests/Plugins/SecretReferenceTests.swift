import Foundation
import KeyHooks
import Testing

/// A configuration names a plugin's own credentials and never holds them.
@Suite("References to secrets")
struct SecretReferenceTests {
    /// A plugin with a credential, as an author writes it.
    private struct Acme: KeyPlugin {
        struct Configuration: Decodable {
            var address: URL
            var token: SecretReference
        }
        static let id: PluginID = "acme"
        let token: SecretValue

        init(_ configuration: Configuration, in context: PluginContext) throws {
            token = try context.secret(at: configuration.token)
        }

        func register(in hooks: inout HookBundle) {
            hooks.onStart(.getAPIKey, id: HookID(Self.id)) { [token] call in
                call.result = .success(.found(APIKey(token.value)))
            }
        }
    }

    @Test(
        "A variable or a file is named, and nothing else is taken for a name",
        arguments: [
            ("env:TOKEN", .environment("TOKEN")), ("env:a_1", .environment("a_1")),
            ("file:/run/token", .file("/run/token")),
            ("file:~/token", .file("~/token")), ("env:", nil), ("file:", nil), ("env:A B", nil), ("env:hvs.leak", nil),
            ("env:\(String(repeating: "A", count: 129))", nil), ("s.leak", nil), ("", nil), ("ENV:TOKEN", nil),
        ] as [(String, SecretReference?)]
    )
    func forms(_ text: String, _ expected: SecretReference?) {
        #expect(SecretReference(text) == expected)
        if let expected { #expect("\(expected)" == text) }
    }

    @Test("LiteLLM's words for a variable and an identity token are understood")
    func otherWords() {
        #expect(SecretReference("os.environ/TOKEN") == .environment("TOKEN"))
        #expect(SecretReference("oidc/file//run/secrets/token") == .identityToken("/run/secrets/token"))
        // Only the prefix counts, and only once.
        for text in [
            "os.environ/os.environ/TOKEN", "a/os.environ/TOKEN", "os.environ/", "oidc/file/token", "oidc/file//",
            "oidc/env/TOKEN", "oidc/google/aud",
        ] {
            #expect(SecretReference(text) == nil, "\(text)")
        }
    }

    @Test("An identity token is read below the folders for such tokens only, whatever links say")
    func identityTokens() async throws {
        try await withFolder { folder in
            let allowed = folder.file("tokens")
            try folder.write("tokens/good", "eyJ.token\n")
            try folder.write("tokens-of-others/foreign", "eyJ.foreign")
            try folder.write("secret", "eyJ.secret")
            let files = FileManager.default
            try files.createSymbolicLink(atPath: "\(allowed)/inside", withDestinationPath: "good")
            try files.createSymbolicLink(atPath: "\(allowed)/outside", withDestinationPath: folder.file("secret"))
            try files.createSymbolicLink(atPath: folder.file("way"), withDestinationPath: allowed)
            let context = PluginContext(
                configuration: KeyConfiguration(),
                environment: ["KEYHOOKS_OIDC_FOLDERS": "relative:/:\(folder.file("way"))"]
            )
            for path in ["\(allowed)/good", "\(allowed)/inside", "\(folder.file("way"))/good"] {
                #expect(try context.secret(at: .identityToken(path)).value == "eyJ.token")
            }
            for path in [
                "\(allowed)/outside", "\(allowed)/../secret", "\(allowed)/none", folder.file("secret"), allowed,
                folder.file("tokens-of-others/foreign"), "/etc/hostname",
            ] {
                let error = #expect(throws: KeyResolutionError.self) { try context.secret(at: .identityToken(path)) }
                #expect(error?.code == .unauthenticated && error?.description.contains("eyJ") == false)
            }
        }
    }

    @Test("Other decoders read it too, and don't repeat what isn't one")
    func decoder() throws {
        #expect(try JSONDecoder().decode([SecretReference].self, from: Data(#"["env:A"]"#.utf8)) == [.environment("A")])
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([SecretReference].self, from: Data(#"["leak"]"#.utf8))
        }
        #expect(error.map { !"\($0)".contains("leak") } == true)
    }

    @Test("A plugin's section has it as a member, and a secret in its place is reported with all other mistakes")
    func section() async throws {
        let configuration = try Self.configuration("{ address: 'https://a.test', token: 'env:ACME' }")
        let resolver = try KeyResolver(
            configuration: configuration,
            plugins: [Acme.plugin],
            environment: ["ACME": " s.acme\n"]
        )
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "s.acme")
        let error = #expect(throws: KeyResolutionError.self) {
            let wrong = try Self.configuration("{ adress: 'https://a.test', address: 7, token: 's.leak' }")
            _ = try KeyResolver(configuration: wrong, plugins: [Acme.plugin], environment: [:])
        }
        let text = "\(try #require(error))"
        #expect(
            text.contains(#"token: names where the secret is, and never holds it: write "env:NAME" or "file:PATH""#)
        )
        #expect(text.contains("plugins.acme.address") && text.contains("plugins.acme.adress"), "\(text)")
        #expect(!text.contains("leak"), "\(text)")
    }

    @Test("A relative path counts from the configuration's folder, and '~/' from the home")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("secret-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("\u{FEFF}\"s.file\"\n".utf8).write(to: folder.appendingPathComponent("token"))
        let configuration = try KeyConfiguration(parsing: "{}", path: "\(folder.path)/keyhooks.json")
        let context = PluginContext(configuration: configuration, environment: ["HOME": folder.path])
        for path in ["token", "~/token", "\(folder.path)/token"] {
            #expect(try context.secret(at: .file(path)).value == "s.file")
        }
        let error = #expect(throws: KeyResolutionError.self) { try context.secret(at: .file("other")) }
        #expect(error?.code == .unauthenticated)
        #expect(
            error?.message.hasSuffix("/other, which should hold a credential, does not exist") == true,
            "\(error as Any)"
        )
    }

    @Test(
        "What can't be a credential is named with its cause, and not repeated",
        arguments: [
            ("Bearer leak", "begins with 'Bearer'"), ("{\"leak\": 1}", "holds a JSON text"),
            ("leak\nleak", "has more than one line"), ("le ak", "has a blank at position 3"), ("  ", "is empty"),
        ]
    )
    func unfit(_ text: String, _ cause: String) throws {
        let context = PluginContext(configuration: KeyConfiguration(), environment: ["ACME": text])
        let error = #expect(throws: KeyResolutionError.self) { try context.secret(at: .environment("ACME")) }
        #expect(error?.code == .unauthenticated && error?.message == "ACME \(cause)", "\(error as Any)")
        #expect(error.map { !"\($0)\($0.remedy)".contains("leak") } == true)
    }

    @Test("A variable counts in the process environment only")
    func dotenv() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("secret-\(UUID().uuidString).env")
        try Data("ACME=leak\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = KeyConfiguration(envFiles: [EnvironmentFile(file.path)])
        let context = PluginContext(configuration: configuration, environment: [:])
        let error = #expect(throws: KeyResolutionError.self) { try context.secret(at: .environment("ACME")) }
        let text = try #require(error?.message)
        #expect(
            text.hasPrefix("the variable ACME, which should hold a credential, is not set; ACME is set in "),
            "\(text)"
        )
        #expect(
            text.hasSuffix(":1, and is read from the process environment only") && !text.contains("leak"),
            "\(text)"
        )
    }

    private static func configuration(_ section: String) throws -> KeyConfiguration {
        try KeyConfiguration(parsing: "{ plugins: { acme: \(section) } }", path: "keyhooks.json")
    }
}
