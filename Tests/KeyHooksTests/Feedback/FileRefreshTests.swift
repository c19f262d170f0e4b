import Foundation
import KeyHooks
import Testing

@Suite("Files that change while a program runs", .timeLimit(.minutes(5)))
struct FileRefreshTests {
    /// A resolver over one `.env`, written long enough ago for its time to tell of any change.
    private func resolver(
        in folder: TemporaryFolder,
        _ text: String = "OPENAI_API_KEY=old\n",
        environment: [String: String] = [:]
    ) async throws -> KeyResolver {
        try folder.write(".env", text)
        try await Task.sleep(for: .milliseconds(150))
        return try KeyResolver(
            configuration: KeyConfiguration(envFiles: [EnvironmentFile(folder.file(".env"))]),
            environment: environment
        )
    }

    @Test func `A refresh reads a changed file again, and plain calls see it from then on`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder)
            try folder.write(".env", "OPENAI_API_KEY=new\nGROQ_API_KEY=g\n")
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "old")
            #expect(try await resolver.getAPIKey(service: "openai", refresh: true)?.value == "new")
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "new")
            #expect(try await resolver.getAPIKey(service: "groq")?.value == "g")
            try folder.write(".env", "AWS_REGION=eu\n")
            #expect(try await resolver.getAPIKey(service: "openai", maximumAge: .seconds(1))?.value == "new")
            #expect(try await resolver.getAPIKey(service: "openai", maximumAge: .zero) == nil)
        }
    }

    @Test func `Named fields, calls that can't wait and blocking ones refresh too`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder, "AWS_REGION=a\n")
            try folder.write(".env", "AWS_REGION=b\nOPENAI_API_KEY=1\n")
            let region = try await resolver.getSecret(service: "bedrock", field: "region", refresh: true)
            #expect(region?.value == "b")
            try folder.write(".env", "OPENAI_API_KEY=two\n")
            #expect(try resolver.cachedAPIKey(service: "openai", maximumAge: .zero)?.value == "two")
        }
    }

    @Test func `A file that didn't change isn't read again`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder)
            for _ in 1...10 { _ = try await resolver.getAPIKey(service: "openai", refresh: true) }
            #expect(resolver.fileReads == 0)
            // Touched, and the same: read once, and nothing is new.
            try folder.write(".env", "OPENAI_API_KEY=old\n")
            try await Task.sleep(for: .milliseconds(150))
            for _ in 1...10 { _ = try await resolver.getAPIKey(service: "openai", refresh: true) }
            #expect(resolver.fileReads == 1)
        }
    }

    @Test func `A second change in the same instant isn't missed`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder)
            for number in 100..<400 {
                try folder.write(".env", "OPENAI_API_KEY=\(number)\n")
                #expect(try await resolver.getAPIKey(service: "openai", refresh: true)?.value == "\(number)")
            }
        }
    }

    @Test func `Many refreshes of the same time read a changed file once`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder)
            try folder.write(".env", "OPENAI_API_KEY=new\n")
            try await Task.sleep(for: .milliseconds(150))
            let values = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 1...50 {
                    group.addTask { try await resolver.getAPIKey(service: "openai", refresh: true)?.value }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(values == Array(repeating: "new", count: 50))
            #expect(resolver.fileReads == 1)
        }
    }

    @Test func `A file that is wrong is an error for that call, and the old keys stay`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder)
            for text in ["OPENAI_API_KEY='never ends\n", "sk-proj-1A2b3C4d5E6f7G8h9I0jK1L2m3N4o5P6\n"] {
                try folder.write(".env", text)
                let error = try await failure { try await resolver.getAPIKey(service: "openai", refresh: true) }
                #expect(error.code == .invalidConfiguration && !error.description.contains("1A2b"))
                #expect(try await resolver.getAPIKey(service: "openai")?.value == "old")
            }
            try folder.write(".env", "OPENAI_API_KEY=new\n")
            chmod(folder.file(".env"), 0o666)
            #expect(
                try await failure { try await resolver.getAPIKey(service: "openai", refresh: true) }.code
                    == .invalidConfiguration
            )
            try FileManager.default.removeItem(atPath: folder.file(".env"))
            #expect(
                try await failure { try await resolver.getAPIKey(service: "openai", refresh: true) }.code
                    == .invalidConfiguration
            )
            try folder.write(".env", "OPENAI_API_KEY=new\n")
            #expect(try await resolver.getAPIKey(service: "openai", refresh: true)?.value == "new")
        }
    }

    @Test func `A file that may be missing comes and goes`() async throws {
        try await withFolder { folder in
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(folder.file(".env"), isRequired: false)]),
                environment: [:]
            )
            #expect(try await resolver.getAPIKey(service: "openai", refresh: true) == nil && resolver.fileReads == 0)
            try folder.write(".env", "OPENAI_API_KEY=new\n")
            #expect(try await resolver.getAPIKey(service: "openai", refresh: true)?.value == "new")
            try FileManager.default.removeItem(atPath: folder.file(".env"))
            #expect(try await resolver.getAPIKey(service: "openai", refresh: true) == nil)
        }
    }

    @Test func `A file that a variable names is read again, also where a link was turned`() async throws {
        try await withFolder { folder in
            try folder.write("one", "first")
            try folder.write("two", "second")
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("key"),
                withDestinationPath: folder.file("one")
            )
            let resolver = try KeyResolver(environment: ["OPENAI_API_KEY_FILE": folder.file("key")])
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "first")
            try FileManager.default.removeItem(atPath: folder.file("key"))
            let error = try await failure { try await resolver.getAPIKey(service: "openai", refresh: true) }
            #expect(error.code == .invalidConfiguration)
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "first")
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("key"),
                withDestinationPath: folder.file("two")
            )
            #expect(try await resolver.getAPIKey(service: "openai", refresh: true)?.value == "second")
        }
    }

    @Test func `Overrides stay, and so does what plugins keep`() async throws {
        try await withFolder { folder in
            let vault = ScriptedVault()
            vault.answer { request, number in request.service == "openai" ? nil : "\(request.service)\(number)" }
            let fixture = try SourceFixture(vault, environment: [:])
            try fixture.resolver.reload(
                KeyConfiguration(envFiles: [EnvironmentFile(try folder.write(".env", "OTHER=old\n"))])
            )
            try fixture.resolver.override("openai") { $0.env = ["OTHER"] }
            #expect(await fixture.outcome("groq") == "groq1")
            #expect(await fixture.outcome() == "old")
            try folder.write(".env", "OTHER=new\n")
            #expect(await fixture.outcome(refresh: true) == "new")
            #expect(await fixture.outcome("groq") == "groq1")
        }
    }
}
