import KeyHooks
import Testing

/// Secrets of any kind in the place of a path or a name, where none can be reported from a word by its looks.
struct PastedSecretTests {
    @Test(
        arguments: [
            "sk-proj-abcDEF0123456789abcDEF0123456789", "hunter2", "hunter2hunter2",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ]
    )
    func `A key in the place of a file's path is not repeated`(secret: String) async throws {
        let environment = ["HOME": "/nonexistent", "OPENAI_API_KEY_FILE": secret]
        let resolver = try KeyResolver(environment: environment)
        let error = try await failure { try await resolver.requireAPIKey(service: "openai") }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.hasPrefix("OPENAI_API_KEY_FILE isn't an absolute path"), "\(error)")
        #expect(error.remedy.hasSuffix("the key itself belongs in OPENAI_API_KEY"))
        #expect(!error.description.contains(secret))
        #expect(!"\(try resolver.explain(service: "openai"))".contains(secret))
    }

    @Test(
        arguments: [
            ("/nonexistent/openai", "/nonexistent/openai"),
            ("~/openai", "/nonexistent/openai"), ("/no/sk-proj-abcDEF0123456789abcDEF/x", "/no/…/x"),
            ("/no/hvs.secret", "/no/…"), ("/no/t-8DE5A1B2-4C3D-4E5F-8A9B-0C1D2E3F4A5B/k", nil),
            ("/run/secrets/openai-api-key-production-2026", nil),
            ("/no/3b241101-e2bb-4255-8caf-4136c566a962", nil), ("/tmp/Keys/OpenAI2026production", nil),
            (
                "/wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "a value that isn't plainly a path (41 characters)"
            ),
        ]
    )
    func `A path is shown, without names in it that look like keys`(path: String, shown: String?) async throws {
        let environment = ["HOME": "/nonexistent", "OPENAI_API_KEY_FILE": path]
        let resolver = try KeyResolver(environment: environment)
        let error = try await failure { try await resolver.requireAPIKey(service: "openai") }
        #expect(error.message.hasSuffix("isn't read: \(shown ?? path) does not exist"), "\(error)")
    }

    @Test(
        arguments: [
            "'Tr0ub4dor'", "\\\"Tr0ub4dor\\\"", "$ecretPassw0rd", "{hunter2}", "%p4ss%", "secrets.hunter2",
            "CORRECT_HORSE_BATTERY", "$CORRECT_HORSE_BATTERY", "env/hunter2",
        ],
        ["apiKey", "password", "token"]
    )
    func `A password where no key belongs is not repeated`(secret: String, name: String) async throws {
        let found = try await configurationMistakes(in: "{\"providers\": {\"openai\": {\"\(name)\": \"\(secret)\"}}}")
        #expect(found.count == 1, "\(found)")
        expectNoSecret(found)
    }

    @Test func `Nor is one among the names of variables`() async throws {
        let found = try await configurationMistakes(
            in: "{providers: {openai: {env: ['$ecretPassw0rd', '{hunter2}', '$CORRECT_HORSE', '${OPENAI_API_KEY}']}}}"
        )
        #expect(found.count == 4, "\(found)")
        expectNoSecret(found)
        #expect(found.last?.hasSuffix("write \"OPENAI_API_KEY\"") == true, "\(found)")
    }

    private func expectNoSecret(_ found: [String]) {
        for secret in ["Tr0ub4dor", "ecretPassw0rd", "hunter2", "p4ss", "HORSE"] {
            #expect(!found.contains { $0.contains(secret) }, "\(found)")
        }
    }

    @Test func `A variable that names the configuration shows nothing that isn't a file's name`() async throws {
        let error = try await failure {
            try KeyConfiguration.discover(
                in: nil,
                environment: ["HOME": "/nonexistent", "KEYHOOKS_CONFIG": "hunter2hunter2"]
            )
        }
        #expect(
            error.message.hasPrefix(
                "KEYHOOKS_CONFIG must be an absolute path: it is a value that isn't plainly a path (14 characters), and"
            ),
            "\(error)"
        )
    }

    @Test(
        arguments: [
            ("=\"\"\"x\"\"\"\n", "1:42: write one quote"), ("=\"x\n", "1:42: close the quote"),
            ("='x' y\n", ": only a comment may follow"),
        ]
    )
    func `A key in front of the sign of equality is not taken for a name`(rest: String, words: String) async throws {
        let key = "sk-proj-abcDEF0123456789abcDEF0123456789"
        let error = try await withFolder { folder in
            let path = try folder.write(".env", key + rest)
            return try await failure {
                try KeyResolver(configuration: KeyConfiguration(envFiles: [EnvironmentFile(path)]), environment: [:])
            }
        }
        #expect(error.message.contains(words) && !error.message.contains("abcDEF"), "\(error)")
    }

    @Test func `Nor is it in a warning`() async throws {
        let key = "sk-proj-abcDEF0123456789abcDEF0123456789"
        try await withFolder { folder in
            let path = try folder.write(".env", "\(key)=x\n\(key)=y\nOTHER=1\nOTHER=2\n")
            let configuration = KeyConfiguration(envFiles: [EnvironmentFile(path)])
            let resolver = try KeyResolver(configuration: configuration, environment: [:])
            let text = try resolver.explain(service: "openai").description
            #expect(text.contains(".env:2:1: warning: ") && text.contains("warning: OTHER: "), "\(text)")
            #expect(!text.contains("abcDEF"), "\(text)")
        }
    }

    @Test(
        arguments: [
            "s.vault01.example.com", "hvs.example.com", "co-vault1-production-eu.example.com", "vault",
            "bao-production",
            "3f9a86d081884c7d659a2feaa0c55ad0-1234.us-east-1.elb.amazonaws.com", "localhost", "127.0.0.1", "s", "",
            "A1B2C3D4E5F60718293A4B5C6D7E8F90.gr7.us-east-1.eks.amazonaws.com", "s.test", "b.internal",
        ]
    )
    func `Names of hosts are long and full of numbers`(host: String) {
        #expect(!PastedKey.isInPlaceOfHost(host))
    }

    @Test(
        arguments: [
            "hvs.CAESIJsecret", "hvs.secretsecretsecret1", "hvb.secret", "s.leak4711AbCdEfGhIjKlMnOp",
            "sk-proj-abcDEF0123456789abcDEF0123456789", "hvs.CAESIJsecret.ns1.x",
        ]
    )
    func `A token is no host`(token: String) {
        #expect(PastedKey.isInPlaceOfHost(token))
    }
}
