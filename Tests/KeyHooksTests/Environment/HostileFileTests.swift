import Foundation
import FuzzSupport
import Testing

@testable import KeyHooks

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("Files that somebody made to do harm")
struct HostileFileTests {
    private func resolver(_ folder: TemporaryFolder, _ process: [String: String] = [:]) throws -> KeyResolver {
        let environment = ["HOME": folder.path].merging(process) { _, own in own }
        return try KeyResolver(
            configuration: .discover(in: folder.path, environment: environment),
            environment: environment
        )
    }

    private func link(_ folder: TemporaryFolder, _ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: target)
    }

    // MARK: `.env` as a link or a pipe

    @Test(
        "A link in the place of a .env that nobody named leads to no device and to nothing of a process",
        arguments: [
            "/dev/stdin", "/dev/fd/0", "/dev/tty", "/dev/zero", "/proc/self/fd/0", "/proc/self/environ", "//dev/stdin",
            "devices/stdin", "other", "/tmp/../dev/stdin",
        ]
    )
    func device(target: String) async throws {
        try await withFolder { folder in
            try link(folder, "devices", to: "/dev")
            try link(folder, "other", to: "/dev/stdin")
            try link(folder, ".env", to: target)
            let error = try await failure { try resolver(folder) }
            let path = folder.file(".env")
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.hasPrefix("\(path) is a link to "), "\(error)")
            #expect(error.message.hasSuffix("which is read only where somebody names it"))
            #expect(error.remedy.hasPrefix("remove the link: rm \(path). To go on without it"), "\(error.remedy)")
            #expect(
                KeyConfiguration(envFiles: [EnvironmentFile(undeclared: path)]).declaration(of: ["PATH"]) == nil
            )
        }
    }

    @Test("A link to another file is followed, one by one")
    func file() async throws {
        try await withFolder { folder in
            try folder.write("shared/keys.env", "OPENAI_API_KEY=sk-fake-1\n")
            try link(folder, "second", to: "shared/keys.env")
            try link(folder, ".env", to: folder.file("second"))
            #expect(try await resolver(folder).getAPIKey(service: "openai")?.value == "sk-fake-1")
        }
    }

    @Test("A link to a pipe isn't waited for where nobody named it")
    func linkedPipe() async throws {
        try await withFolder { folder in
            #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
            try link(folder, ".env", to: "pipe")
            let error = try await failure { try resolver(folder) }
            #expect(error.message.contains("a link to a pipe, which is read only where somebody names it"), "\(error)")
        }
    }

    @Test("A pipe behind a link is read where somebody names it", .timeLimit(.minutes(1)))
    func namedPipe() async throws {
        try await withFolder { folder in
            #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
            try link(folder, "keys.env", to: "pipe")
            let writer = Thread {
                guard let pipe = FileHandle(forWritingAtPath: folder.file("pipe")) else { return }
                pipe.write(Data("OPENAI_API_KEY=sk-fake-1\n".utf8))
                try? pipe.close()
            }
            writer.start()
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile(folder.file("keys.env"))]),
                environment: [:]
            )
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-fake-1")
        }
    }

    // MARK: Files that variables name

    @Test("A file that a variable names and that others can change is refused", arguments: [0o666, 0o602, 0o777])
    func writable(mode: Int) async throws {
        try await withFolder { folder in
            let path = try folder.write("wk", "sk-fake-1\n")
            #expect(chmod(path, mode_t(mode)) == 0)
            let error = try await failure {
                try await resolver(folder, ["OPENAI_API_KEY_FILE": path]).requireAPIKey(service: "openai")
            }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.hasSuffix("\(path) can be changed by other users"), "\(error)")
            #expect(error.remedy == "run: chmod go-w \(path)")
        }
    }

    @Test("Secrets as Docker and Kubernetes mount them are read", arguments: [0o444, 0o644, 0o440, 0o400])
    func mounted(mode: Int) async throws {
        try await withFolder { folder in
            let path = try folder.write("secrets/..2026_11_29/openai", "sk-fake-1\n")
            #expect(chmod(path, mode_t(mode)) == 0)
            try link(folder, "secrets/..data", to: "..2026_11_29")
            try link(folder, "secrets/openai", to: "..data/openai")
            let resolver = try resolver(folder, ["OPENAI_API_KEY_FILE": folder.file("secrets/openai")])
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-fake-1")
        }
    }

    @Test(
        "A relative path is refused, and not repeated",
        arguments: [
            "keys/wk", "./wk", "../wk", "~root/wk", "sk-proj-abcDEF0123456789abcDEF0123456789", "hunter2hunter2",
        ]
    )
    func relative(path: String) async throws {
        try await withFolder { folder in
            let error = try await failure {
                try await resolver(folder, ["OPENAI_API_KEY_FILE": path]).requireAPIKey(service: "openai")
            }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.hasPrefix("OPENAI_API_KEY_FILE isn't an absolute path"), "\(error)")
            #expect(!error.description.contains(path) && !error.remedy.contains(path))
            #expect(error.remedy.contains("~/"))
        }
    }

    // MARK: Files that take long

    @Test("Sixteen times the variables whose last entry is blank take about sixteen times the time to look up")
    func blanks() async throws {
        try await withFolder { folder in
            func time(_ count: Int) throws -> Duration {
                let names = (0..<count).map { "NAME_\($0)" }
                let text = String(repeating: "A=1\n", count: count) + names.map { "\($0)=' '\n" }.joined()
                let file = try LoadedFile.load(EnvironmentFile(folder.write("\(count).env", text)))
                let runs = (0..<3)
                    .map { _ in
                        let start = threadTime
                        for (index, name) in names.enumerated() {
                            #expect(file.value(of: name)?.value == " ")
                            #expect(file.restOfValue(of: name, line: count + index + 1) == nil)
                        }
                        return threadTime - start
                    }
                return runs.min() ?? .zero
            }
            // Quadratic is 256 times.
            let limit = max(try time(500) * 64, .milliseconds(500))
            #expect(try time(8000) < limit)
        }
    }

    @Test("The last entry that isn't blank counts, wherever the blank ones are")
    func lastFilled() async throws {
        try await withFolder { folder in
            let path = try folder.write(".env", "A=\nA=1\nA=2\nB=1\nA=' '\nA=\nB=' '\nB=2\nC=\nC=' '\nD\n")
            let file = try LoadedFile.load(EnvironmentFile(path))
            #expect(file.value(of: "A").map { "\($0.line) \($0.value)" } == "3 2")
            #expect(file.value(of: "B").map { "\($0.line) \($0.value)" } == "8 2")
            #expect(file.value(of: "C").map { "\($0.line) \($0.value)" } == "10  ")
            #expect(file.value(of: "D") == nil)
        }
    }

    @Test("A .env of a megabyte with a blank entry for each variable is listed", .timeLimit(.minutes(5)))
    func listed() async throws {
        try await withFolder { folder in
            let names = ServiceCatalogue.standard.all.flatMap(\.readVariables).map(\.name)
            let blanks = Set(names).sorted().map { "\($0)=' '\n" }.joined()
            #expect(blanks.utf8.count > 20_000)
            let lines = String(repeating: "A=1\n", count: ((1 << 20) - 16 - blanks.utf8.count) / 4)
            try folder.write(".env", lines + blanks)
            let start = threadTime
            let parsed = try resolver(folder)
            let loading = threadTime - start
            #expect(try parsed.list().allSatisfy { $0.outcome != .found })
            // Before it was many times what the reading takes.
            #expect(threadTime - start < loading * 20 + .seconds(1))
        }
    }
}
