import Foundation
import KeyHooks
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("`.env` as it is out there")
struct FoundFilesTests {
    private func resolver(
        _ folder: TemporaryFolder,
        _ process: [String: String] = [:]
    ) throws -> KeyResolver {
        let environment = ["HOME": folder.path].merging(process) { _, own in own }
        return try KeyResolver(
            configuration: .discover(in: folder.path, environment: environment),
            environment: environment
        )
    }

    private func failure(_ folder: TemporaryFolder, _ process: [String: String] = [:]) async -> KeyResolutionError? {
        do {
            _ = try await resolver(folder, process).requireAPIKey(service: "openai")
            return nil
        } catch {
            return error as? KeyResolutionError
        }
    }

    @Test("An empty line further down hides nothing", arguments: ["OPENAI_API_KEY=", "OPENAI_API_KEY='  '"])
    func blankLine(line: String) async throws {
        try await withFolder { folder in
            try folder.write(".env", "OPENAI_API_KEY=sk-fake-first\n\(line)\n")
            let key = try await resolver(folder).requireAPIKey(service: "openai")
            #expect(key?.value == "sk-fake-first")
            #expect(key?.provenance?.source == .file(path: folder.file(".env"), line: 1, name: "OPENAI_API_KEY"))
        }
    }

    @Test("A folder that is called .env counts as missing, unless it was declared")
    func directory() async throws {
        try await withFolder { folder in
            try folder.write(".env/inside", "")
            #expect(try await resolver(folder, ["OPENAI_API_KEY": "sk-fake-1"]).getAPIKey(service: "openai") != nil)
            #expect(await failure(folder)?.message.contains("there is a folder of this name") == true)
            let path = try folder.write("keyhooks.json", "{envFiles: ['.env']}")
            #expect(throws: KeyResolutionError.self) { try KeyResolver(configuration: .read(from: path)) }
        }
    }

    @Test("Files beside a missing .env are mentioned, and what is to be set is still the .env")
    func neighbours() async throws {
        try await withFolder { folder in
            try folder.write(".env.local", "OPENAI_API_KEY=sk-fake-1\n")
            let error = await failure(folder)
            #expect(error?.message.contains(".env.local is there and is not read") == true)
            #expect(
                error?.remedy.contains("\(folder.file(".env")) or in the environment") == true,
                "\(error?.remedy ?? "")"
            )
            try folder.write(".env", "GROQ_API_KEY=gsk_fake\n")
            #expect(await failure(folder)?.message.contains(".env.local") == false)
        }
    }

    @Test(
        "A key without a name is told as that, and not repeated",
        arguments: [
            "sk-proj-4f8a1b2c3d4e5f6a7b8c9d0e", "AIzaSy4f8a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5",
            "ghp_4f8a1b2c3d4e5f6a7b8c9d0e1f2a",
        ]
    )
    func keyAlone(key: String) async throws {
        try await withFolder { folder in
            try folder.write(".env", "GROQ_API_KEY=gsk_fake\n\(key)\n")
            let error = await failure(folder)
            #expect(
                error?.message.contains(".env:2: looks like a key without a name") == true,
                "\(error?.message ?? "")"
            )
            #expect(error?.description.contains(key) == false)
        }
    }

    @Test("A name that differs by case or by a hyphen is mentioned")
    func misspelt() async throws {
        try await withFolder { folder in
            try folder.write(".env", "openai_api_key=sk-fake-1\n")
            let error = await failure(folder)
            #expect(error?.message.contains("openai_api_key is set in \(folder.file(".env"))") == true)
            #expect(error?.message.contains("sk-fake") == false)
            let process = await failure(folder, ["OPENAI-API-KEY": "sk-fake-1"])
            #expect(process?.message.contains("OPENAI-API-KEY is set in process environment") == true)
        }
    }

    @Test("A variable with _FILE names a file with the key", arguments: ["sk-fake-1", "sk-fake-1\n", "sk-fake-1\r\n"])
    func keyFile(text: String) async throws {
        try await withFolder { folder in
            let path = try folder.write("secret", text)
            let key = try await resolver(folder, ["OPENAI_API_KEY_FILE": path]).getAPIKey(service: "openai")
            #expect(key?.value == "sk-fake-1")
            #expect(key?.provenance?.source == .environment(name: "OPENAI_API_KEY_FILE"))
            let both = ["OPENAI_API_KEY_FILE": path, "OPENAI_API_KEY": "sk-own"]
            #expect(try await resolver(folder, both).getAPIKey(service: "openai")?.value == "sk-own")
        }
    }

    @Test("A file that a variable names and that isn't read is an error, and nothing weaker answers")
    func brokenKeyFile() async throws {
        try await withFolder { folder in
            try folder.write(".env", "OPENAI_API_KEY=sk-weaker\n")
            let large = try folder.write("large", String(repeating: "k", count: 65_537))
            for path in [folder.file("nothing"), folder.path, large] {
                let error = await failure(folder, ["OPENAI_API_KEY_FILE": path])
                #expect(error?.code == .invalidConfiguration)
                #expect(error?.message.hasPrefix("OPENAI_API_KEY_FILE names a file that isn't read") == true)
                let other = try resolver(folder, ["OPENAI_API_KEY_FILE": path])
                #expect(!other.isConfigured("openai"))
                #expect(try await other.getAPIKey(service: "groq") == nil)
            }
        }
    }

    @Test("A .env makes no key of another file")
    func keyFileOfDotenv() async throws {
        try await withFolder { folder in
            let path = try folder.write("secret", "sk-fake-1")
            try folder.write(".env", "OPENAI_API_KEY_FILE=\(path)\n")
            let error = await failure(folder)
            #expect(error?.code == .absent)
            #expect(error?.message.contains("OPENAI_API_KEY_FILE in \(folder.file(".env")) is not followed") == true)
        }
    }

    @Test("A pipe is read to its end, however slowly it is written")
    func pipe() async throws {
        try await withFolder { folder async throws in
            #expect(mkfifo(folder.file(".env"), 0o600) == 0)
            let writer = Thread {
                guard let pipe = FileHandle(forWritingAtPath: folder.file(".env")) else { return }
                for part in ["OPENAI_API", "_KEY=sk-", "fake-1\n"] {
                    pipe.write(Data(part.utf8))
                    usleep(30_000)
                }
                try? pipe.close()
            }
            writer.start()
            #expect(try await resolver(folder).getAPIKey(service: "openai")?.value == "sk-fake-1")
        }
    }
}
