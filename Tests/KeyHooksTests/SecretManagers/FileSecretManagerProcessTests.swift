import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

/// Real processes, which the package's LoadProgram is.
@Suite("A file of secrets and several processes", .timeLimit(.minutes(10)))
struct FileSecretManagerProcessTests {
    private func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = TestProgram.url
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test("Two processes that write 1,000 times each lose nothing")
    func writers() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder.path)/team.json"
            let writers = try ["a", "b"].map { try start(["store", path, $0, "1000"]) }
            for writer in writers {
                try await ended(writer)
                #expect(writer.terminationStatus == 0)
            }
            let secrets = ManagedSecrets(in: FileSecretManager(path))
            let names = Set(try await secrets.list().map(\.rawValue))
            #expect(names == Set(["a", "b"].flatMap { prefix in (0..<1000).map { "\(prefix)/\($0)" } }))
            for name in ["a/0", "a/999", "b/0", "b/999"] {
                #expect(try await secrets.read(name)?.content.text == name.replacing("/", with: "-"))
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(left == ["team.json", "team.json.lock"])
        }
    }

    @Test("kill -9 at any point of a write or a rotation leaves the old or the new, whole")
    func kills() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder.path)/team.json"
            let secrets = ManagedSecrets(in: FileSecretManager(path), access: .readWrite)
            let (old, bystander) = ("value-0-\(String(repeating: "x", count: 4_000))-end", "untouched")
            var killed = 0
            for round in 0..<60 {
                try await secrets.write(.text(old), to: "key")
                try await secrets.write(.text(bystander), to: "other")
                try await secrets.delete("key-other")
                let process = try start(["rotate", path, "key", "100000"])
                // From before its first write to well into the rotations.
                try await Task.sleep(for: .microseconds(5_000 + round * 2_500))
                if process.isRunning {
                    kill(process.processIdentifier, SIGKILL)
                    killed += 1
                }
                try await ended(process)
                var found: [String] = []
                for name in ["key", "key-other"] {
                    if let text = try await secrets.read(name)?.content.text { found.append(text) }
                }
                #expect(!found.isEmpty, "neither the old nor the new is there")
                for text in found {
                    #expect(text.hasPrefix("value-") && text.hasSuffix("-end") && text.utf8.count > 4_000)
                }
                #expect(try await secrets.read("other")?.content.text == bystander)
            }
            #expect(killed == 60)
            // What was left of a write that was killed goes with the next read.
            _ = try await secrets.read("key")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(left == ["team.json", "team.json.lock"])
        }
    }

    private func ended(_ process: Process) async throws {
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
    }
}
