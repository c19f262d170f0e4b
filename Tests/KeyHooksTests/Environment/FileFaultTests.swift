import Foundation
import KeyHooks
import Testing

struct FileFaultTests {
    private func load(_ file: EnvironmentFile) throws(KeyResolutionError) -> KeyResolver {
        try KeyResolver(configuration: KeyConfiguration(envFiles: [file]), environment: [:])
    }

    private func refusal(_ path: String, isRequired: Bool = true) async throws -> KeyResolutionError {
        let error = try await failure { try load(EnvironmentFile(path, isRequired: isRequired)) }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.hasPrefix(path))
        return error
    }

    @Test func `A required file that is missing is an error`() async throws {
        try await withFolder { folder in
            for path in [folder.file("no.env"), folder.file("no/no.env")] {
                let error = try await refusal(path)
                #expect(error.message.contains("does not exist"))
            }
        }
    }

    @Test func `An optional file may be missing, and that is reported`() async throws {
        try await withFolder { folder in
            let path = folder.file("no.env")
            let resolver = try load(EnvironmentFile(path, isRequired: false))
            guard case .absent(let absence) = try await resolver.resolve(service: "openai") else {
                Issue.record("found a key in a missing file")
                return
            }
            #expect(absence.placesTried == ["the process environment", "\(path) (missing)"])
            let places = try resolver.explain(service: "openai").places
            #expect(places.map(\.isPresent) == [true, false])
        }
    }

    @Test(arguments: [true, false])
    func `A directory is refused even where the file is optional`(isRequired: Bool) async throws {
        try await withFolder { folder in
            let error = try await refusal(folder.path, isRequired: isRequired)
            #expect(error.message.contains("is a directory"))
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `A pipe does not hang`(isRequired: Bool) async throws {
        try await withFolder { folder in
            let path = folder.file("pipe")
            #expect(mkfifo(path, 0o600) == 0)
            let error = try await refusal(path, isRequired: isRequired)
            #expect(error.message.contains("is a pipe"))
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["/dev/zero", "/dev/tty"])
    func `A device is refused`(path: String) async throws {
        let error = try await failure { try load(EnvironmentFile(path)) }
        #expect(error.code == .invalidConfiguration)
    }

    @Test func `The null device is an empty file`() async throws {
        #expect(try await load(EnvironmentFile("/dev/null")).resolve(service: "openai").summary == "absent")
    }

    @Test func `A symbolic link is followed`() async throws {
        try await withFolder { folder in
            try folder.write("real.env", "OPENAI_API_KEY=sk-1")
            let link = folder.file(".env")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.file("real.env"))
            #expect(try await load(EnvironmentFile(link)).getAPIKey(service: "openai")?.value == "sk-1")
        }
    }

    @Test func `A file over the limit is refused and one at the limit is read`() async throws {
        try await withFolder { folder in
            let limit = 1_048_576
            let line = Array("OPENAI_API_KEY=sk-1\n#".utf8)
            let full = line + [UInt8](repeating: UInt8(ascii: "x"), count: limit - line.count)
            let path = try folder.write("full.env", full)
            #expect(try await load(EnvironmentFile(path)).getAPIKey(service: "openai")?.value == "sk-1")
            let over = try folder.write("over.env", full + [UInt8(ascii: "x")])
            let error = try await refusal(over)
            #expect(error.message.contains("larger than \(limit) bytes"))
        }
    }

    @Test(.enabled(if: getuid() != 0, "the superuser may read everything"))
    func `A file that may not be read is refused, though optional`() async throws {
        try await withFolder { folder in
            let path = try folder.write(".env", "OPENAI_API_KEY=sk-1")
            try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: path)
            let error = try await refusal(path, isRequired: false)
            #expect(error.message.contains("cannot be read"))
        }
    }

    @Test func `A file that is not UTF-8 is refused without its text`() async throws {
        try await withFolder { folder in
            let path = try folder.write(
                ".env",
                Array("A=1\nOPENAI_API_KEY=sk-".utf8) + [0xFF, 0xFE] + Array("leak".utf8)
            )
            let error = try await refusal(path)
            #expect(error.message.hasPrefix("\(path):2:"))
            #expect(error.message.contains("UTF-8"))
            for text in allTexts(of: error) { #expect(!text.contains("leak")) }
        }
    }

    @Test(arguments: [
        ("A=1\nsk-leak-1 sk-leak-2\n", 2), ("A='sk-leak", 1), ("\n\nA: sk-leak\n", 3), ("A=\"sk-leak\" sk-leak\n", 1),
        ("=sk-leak\n", 1), ("ключ=sk-leak\n", 1),
    ])
    func `A mistake is reported by file and line, without the text`(text: String, line: Int) async throws {
        try await withFolder { folder in
            let path = try folder.write(".env", text)
            let error = try await refusal(path)
            #expect(error.message.hasPrefix("\(path):\(line):"))
            for text in allTexts(of: error) { #expect(!text.contains("leak")) }
        }
    }

    @Test func `All mistakes of a file are reported at once`() async throws {
        try await withFolder { folder in
            let path = try folder.write(".env", "A B\nC=1\nD: 2\n")
            let message = try await refusal(path).message
            #expect(message.contains("\(path):1:") && message.contains("\n\(path):3:"))
        }
    }

    @Test(arguments: [(0o644, true), (0o640, true), (0o600, false), (0o400, false)])
    func `A key that others can read is a warning of explain only`(mode: Int, isWarned: Bool) async throws {
        try await withFolder { folder in
            let path = try folder.write(".env", "OPENAI_API_KEY=sk-1")
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let warnings = Recording<KeyWarning>()
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(path)]),
                environment: [:],
                onWarning: { warnings.add($0) }
            )
            _ = try await resolver.getAPIKey(service: "openai")
            #expect(warnings.events.isEmpty)
            #expect(try resolver.explain(service: "openai").warnings.contains { $0.contains("chmod 600") } == isWarned)
            // The file plays no part for another service.
            #expect(try resolver.explain(service: "groq").warnings.isEmpty)
        }
    }
}
