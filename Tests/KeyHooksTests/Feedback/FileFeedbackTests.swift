import Foundation
import KeyHooks
import Testing

@Suite("Rejected keys of .env files", .timeLimit(.minutes(5)))
struct FileFeedbackTests {
    private func resolver(
        in folder: TemporaryFolder,
        environment: [String: String] = [:],
        warnings: Recording<KeyWarning> = Recording()
    ) async throws -> KeyResolver {
        try folder.write(".env", "OPENAI_API_KEY=old\nGROQ_API_KEY=g\n")
        try await Task.sleep(for: .milliseconds(150))
        return try KeyResolver(
            configuration: KeyConfiguration(envFiles: [EnvironmentFile(folder.file(".env"))]),
            environment: environment,
            onWarning: { warnings.add($0) }
        )
    }

    @Test func `Fifty callers with a rotated key have the file read once`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder)
            try folder.write(".env", "OPENAI_API_KEY=new\nGROQ_API_KEY=g\n")
            try await Task.sleep(for: .milliseconds(150))
            let values = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 1...50 {
                    group.addTask {
                        let key = try #require(try await resolver.getAPIKey(service: "openai"))
                        if key.value == "old" { resolver.report(.unauthorized, for: key) }
                        return try await resolver.getAPIKey(service: "openai")?.value
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(values == Array(repeating: "new", count: 50))
            #expect(resolver.fileReads == 1)
        }
    }

    @Test func `A key that is still the same is given, and the file isn't read for it`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder)
            for _ in 1...50 {
                let key = try #require(try await resolver.getAPIKey(service: "openai"))
                resolver.report(.unauthorized, for: key)
                #expect(key.value == "old")
            }
            #expect(resolver.fileReads == 0)
        }
    }

    @Test func `A file that a variable names is read again`() async throws {
        try await withFolder { folder in
            try folder.write("key", "old")
            let resolver = try KeyResolver(environment: ["OPENAI_API_KEY_FILE": folder.file("key")])
            let key = try #require(try await resolver.getAPIKey(service: "openai"))
            try folder.write("key", "new")
            resolver.report(.unauthorized, for: key)
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "new")
        }
    }

    @Test func `A file that is wrong is reported as a warning, and the old keys stay`() async throws {
        try await withFolder { folder in
            let warnings = Recording<KeyWarning>()
            let resolver = try await resolver(in: folder, warnings: warnings)
            let key = try #require(try await resolver.getAPIKey(service: "openai"))
            try folder.write(".env", "OPENAI_API_KEY='sk-leak\n")
            resolver.report(.unauthorized, for: key)
            let warning = try #require(warnings.events.first)
            #expect(warnings.events.count == 1 && warning.service == "openai" && warning.message.contains(".env:1"))
            #expect(!warning.message.contains("leak"))
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "old")
            try folder.write(".env", "OPENAI_API_KEY=new\n")
            resolver.report(.unauthorized, for: key)
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "new")
        }
    }

    @Test func `Readers see one whole state while keys are rotated and reported`() async throws {
        try await withFolder { folder in
            let resolver = try await resolver(in: folder)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 1...100 {
                        try folder.replace(".env", "OPENAI_API_KEY=k\(number)\nGROQ_API_KEY=k\(number)\n")
                        await Task.yield()
                    }
                }
                for _ in 1...3 {
                    group.addTask {
                        for _ in 1...200 {
                            guard let key = try await resolver.getAPIKey(service: "openai") else { continue }
                            resolver.report(.unauthorized, for: key)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let last = try #require(try await resolver.getAPIKey(service: "openai"))
            resolver.report(.unauthorized, for: last)
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "k100")
        }
    }
}

extension TemporaryFolder {
    /// Puts a file in the place of another at once, as editors and secret managers do.
    fileprivate func replace(_ name: String, _ text: String) throws {
        try write("\(name).new", text)
        guard rename(file("\(name).new"), file(name)) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
