import KeyHooks
import Testing

struct PrecedenceTests {
    /// Resolves cohere from two files and the process.
    private func value(
        process: [String: String],
        files: [String],
        precedence: EnvironmentPrecedence = .process
    ) async throws -> String? {
        try await withFolder { folder in
            let declared = try files.enumerated()
                .map { EnvironmentFile(try folder.write("\($0).env", $1)) }
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: declared, envPrecedence: precedence),
                environment: process
            )
            return try await resolver.getAPIKey(service: "cohere")?.value
        }
    }

    static let both = (process: ["COHERE_API_KEY": "process"], files: ["COHERE_API_KEY=file"])

    @Test func `The process beats files by default`() async throws {
        #expect(try await value(process: Self.both.process, files: Self.both.files) == "process")
    }

    @Test func `Files beat the process if told so`() async throws {
        #expect(try await value(process: Self.both.process, files: Self.both.files, precedence: .files) == "file")
    }

    @Test(arguments: [EnvironmentPrecedence.process, .files])
    func `The last file wins`(precedence: EnvironmentPrecedence) async throws {
        let files = ["COHERE_API_KEY=first", "COHERE_API_KEY=last"]
        #expect(try await value(process: [:], files: files, precedence: precedence) == "last")
    }

    @Test func `The last line of a file wins`() async throws {
        #expect(try await value(process: [:], files: ["COHERE_API_KEY=a\nCOHERE_API_KEY=b\n"]) == "b")
    }

    /// The order of the names counts before the order of the places.
    @Test(arguments: [EnvironmentPrecedence.process, .files])
    func `A stronger name in a weaker place wins`(precedence: EnvironmentPrecedence) async throws {
        let weaker = (process: ["CO_API_KEY": "second"], files: ["COHERE_API_KEY=first"])
        #expect(try await value(process: weaker.process, files: weaker.files, precedence: precedence) == "first")
    }

    @Test(arguments: ["", "   ", "\t"])
    func `A blank value in a stronger place hides nothing`(blank: String) async throws {
        #expect(try await value(process: ["COHERE_API_KEY": blank], files: ["COHERE_API_KEY=file"]) == "file")
        let process = ["COHERE_API_KEY": "process"]
        #expect(
            try await value(process: process, files: ["COHERE_API_KEY='\(blank)'"], precedence: .files) == "process"
        )
        let files = ["COHERE_API_KEY=first", "COHERE_API_KEY='\(blank)'"]
        #expect(try await value(process: [:], files: files) == "first")
    }

    @Test func `A file does not change the process environment`() async throws {
        #expect(try await value(process: [:], files: ["COHERE_API_KEY=file"]) == "file")
        #expect(try await KeyResolver().getAPIKey(service: "cohere")?.value != "file")
    }

    @Test func `Values are taken as they stand`() async throws {
        let raw = "a$HOME${HOME} 'q' \"d\" ключ"
        #expect(try await value(process: ["COHERE_API_KEY": raw], files: []) == raw)
        #expect(try await value(process: [:], files: ["COHERE_API_KEY=\"a b\\t$HOME ключ\""]) == "a b\t$HOME ключ")
    }

    @Test func `The environment is read once, when the resolver is made`() async throws {
        try await withFolder { folder in
            let path = try folder.write(".env", "COHERE_API_KEY=old")
            let configuration = KeyConfiguration(envFiles: [EnvironmentFile(path)])
            let resolver = try KeyResolver(configuration: configuration, environment: [:])
            try folder.write(".env", "COHERE_API_KEY=new")
            #expect(try await resolver.getAPIKey(service: "cohere")?.value == "old")
            let again = try KeyResolver(configuration: configuration, environment: [:])
            #expect(try await again.getAPIKey(service: "cohere")?.value == "new")
        }
    }
}
