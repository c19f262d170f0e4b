import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@Suite("A file of secrets")
struct FileSecretManagerTests {
    @Test("It is made for its owner alone, and stays as it was written but for what changes")
    func writing() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder.path)/new/team.json"
            let secrets = ManagedSecrets(in: FileSecretManager(path), access: .readWrite)
            try await secrets.write(.text("value"), to: "key")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try folder.write(
                "new/team.json",
                #"{"big": 12345678901234567890, "half": 1.50, "none": null, "key": "value"}"#
            )
            try await secrets.write(.text("other"), to: "key")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(
                text
                    == "{\n  \"big\":12345678901234567890,\n  \"half\":1.50,\n  \"none\":null,\n  \"key\":\"other\"\n}\n"
            )
            #expect(try await secrets.read("big")?.content.text == "12345678901234567890")
            #expect(try await secrets.read("none") == nil)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/new").sorted() == [
                    "team.json", "team.json.lock",
                ]
            )
        }
    }

    @Test("What is left of a write that was killed goes with the next read, unless somebody writes")
    func drafts() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder.path)/team.json"
            let secrets = ManagedSecrets(in: FileSecretManager(path), access: .readWrite)
            try await secrets.write(.text("value"), to: "key")
            let draft = try folder.write("team.json.keyhooks-draft", #"{"key": "half"#)
            do {
                let lock = try FileLock("\(path).lock")
                #expect(try await secrets.read("key")?.content.text == "value")
                #expect(FileManager.default.fileExists(atPath: draft))
                _ = consume lock
            }
            #expect(try await secrets.read("key")?.content.text == "value")
            #expect(!FileManager.default.fileExists(atPath: draft))
        }
    }

    @Test("Writers that wait for the lock leave their threads to others, and end when they are cancelled")
    func waiting() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder.path)/team.json"
            let secrets = ManagedSecrets(in: FileSecretManager(path), access: .readWrite, timeout: .seconds(60))
            try await secrets.write(.text("value"), to: "key")
            let lock = try FileLock("\(path).lock")
            let writers = (0..<32)
                .map { number in
                    Task { try await secrets.write(.text("\(number)"), to: "key") }
                }
            // With more of them than threads none would be left for this.
            try await Task.sleep(for: .milliseconds(20))
            #expect(try await secrets.read("key")?.content.text == "value")
            for writer in writers { writer.cancel() }
            for writer in writers {
                let error = await #expect(throws: (any Error).self) { try await writer.value }
                #expect(error is CancellationError, "\(error as Any)")
            }
            _ = consume lock
        }
    }

    @Test("What the system doesn't let us read is denied")
    func forbidden() async throws {
        try await withTemporaryFolder { folder in
            let path = try folder.write("team.json", #"{"key": "value"}"#)
            try folder.write("folder/key", "value")
            for file in [path, "\(folder.path)/folder/key"] { chmod(file, 0) }
            // To the superuser nothing is.
            guard access(path, R_OK) != 0 else { return }
            for manager in [FileSecretManager(path), FolderSecretManager("\(folder.path)/folder")]
                as [any SecretManager]
            {
                let error = await #expect(throws: KeyResolutionError.self) {
                    try await ManagedSecrets(in: manager).read("key")
                }
                #expect(error?.code == .denied && error?.remedy.contains("right to read") == true, "\(error as Any)")
            }
        }
    }

    @Test("A link that is led elsewhere while a write waits takes nobody's secrets away")
    func switchedLink() async throws {
        try await withTemporaryFolder { folder in
            for name in ["a", "b"] {
                try folder.write("\(name).json", #"{"own": "\#(name)"}"#)
                chmod("\(folder.path)/\(name).json", 0o600)
            }
            let link = "\(folder.path)/team.json"
            symlink("a.json", link)
            let secrets = ManagedSecrets(in: FileSecretManager(link), access: .readWrite, timeout: .seconds(60))
            let lock = try FileLock("\(folder.path)/a.json.lock")
            let write = Task { try await secrets.write(.text("value"), to: "key") }
            try await Task.sleep(for: .milliseconds(30))
            unlink(link)
            symlink("b.json", link)
            _ = consume lock
            _ = try await write.value
            for (name, hasKey) in [("a", false), ("b", true)] {
                let file = ManagedSecrets(in: FileSecretManager("\(folder.path)/\(name).json"))
                #expect(try await file.read("own")?.content.text == name)
                #expect(try await file.read("key")?.content.text == (hasKey ? "value" : nil))
            }
        }
    }

    @Test("A lock whose file was replaced is none")
    func replacedLock() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder.path)/lock"
            let first = try FileLock(path)
            let wasValid = first.isValid
            unlink(path)
            let second = try FileLock(path, waitingFor: .zero)
            let areValid = (first.isValid, second.isValid)
            #expect(wasValid && areValid == (false, true))
            _ = consume first
            _ = consume second
        }
    }

    @Test("A file that was emptied, or that must be there, isn't one without secrets; nor is a device a file")
    func nothing() async throws {
        try await withTemporaryFolder { folder in
            let path = try folder.write("team.json", "")
            chmod(path, 0o600)
            let text = """
                {managers: {team: {kind: 'file', path: '\(path)', secret: '{service}'},
                            gone: {kind: 'file', path: '\(path).gone'},
                            new: {kind: 'file', path: '\(path).new', access: 'read-write'}}}
                """
            let resolver = try KeyResolver(configuration: KeyConfiguration(parsing: text), environment: [:])
            for (name, code) in [("team", KeyResolutionError.Code.invalidConfiguration), ("gone", .unavailable)] {
                let secrets = try resolver.secrets(in: name)
                let error = await #expect(throws: KeyResolutionError.self) { try await secrets.read("key") }
                #expect(error?.code == code, "\(name): \(error as Any)")
            }
            #expect(try await resolver.secrets(in: "new").read("key") == nil)
            let device = ManagedSecrets(in: FileSecretManager("/dev/null", format: .json), access: .readWrite)
            await #expect(throws: KeyResolutionError.self) { try await device.write(.text("x"), to: "key") }
            #expect(try FileStatus(of: "/dev/null").kind == .special)
        }
    }

    @Test("A file is read where it must lie, whatever the links in its path lead to by then")
    func exchangedLinks() async throws {
        try await withTemporaryFolder { folder in
            let root = FilePath(try FileSystem.canonicalPath(of: folder.path))
            try folder.write("secrets/sub/key", "inside")
            try folder.write("elsewhere/key", "outside")
            let inside = root.appending("secrets")
            let path = "\(inside.text)/sub/key"
            #expect(try FileReading.read(path, limit: 100, inside: inside).bytes == Array("inside".utf8))
            // As somebody does between the look at the path and the opening.
            try FileManager.default.removeItem(atPath: "\(inside.text)/sub")
            symlink("\(root.text)/elsewhere", "\(inside.text)/sub")
            #expect(throws: FileReading.Failure.self) { try FileReading.read(path, limit: 100, inside: inside) }
            #expect(try FileReading.read(path, limit: 100).bytes == Array("outside".utf8))
        }
    }

    @Test("A version of what has none is refused, as it would be another one than was meant")
    func noVersions() async throws {
        try await withTemporaryFolder { folder in
            try folder.write("folder/key", "value")
            for manager in [
                FileSecretManager("\(folder.path)/team.json"), FolderSecretManager("\(folder.path)/folder"),
                EnvironmentSecretManager(["key": "value"]),
            ] as [any SecretManager] {
                let error = await #expect(throws: KeyResolutionError.self) {
                    try await ManagedSecrets(in: manager).read("key", SecretOptions(version: "1"))
                }
                #expect(error?.code == .invalidConfiguration && error?.description.contains("version") == true)
            }
        }
    }

    @Test("A dotenv file keeps its comments and its other lines")
    func dotenv() async throws {
        try await withTemporaryFolder { folder in
            let path = try folder.write("keys.env", "# mine\nexport A=1 # one\n\nB='two'\n")
            let secrets = ManagedSecrets(in: FileSecretManager(path), access: .readWrite)
            try await secrets.write(.text("zwei $x"), to: "B")
            try await secrets.write(.text("3"), to: "C")
            try await secrets.delete("A")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "# mine\n\nB='zwei $x'\nC=3\n")
            let error = await #expect(throws: KeyResolutionError.self) {
                try await secrets.write(.fields(["x": "y"]), to: "D")
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test(
        "What isn't understood is an error with its place and no value, and nothing is written",
        arguments: [
            #"{"a": "sk-secret" "b"}"#, #"["sk-secret"]"#, #"{"a": "x", // sk-secret"#,
            #"{"a": "1", "a": "sk-secret"}"#,
        ]
    )
    func damaged(_ text: String) async throws {
        try await withTemporaryFolder { folder in
            let path = try folder.write("team.json", text)
            let secrets = ManagedSecrets(in: FileSecretManager(path), access: .readWrite)
            for call in [
                { @Sendable in _ = try await secrets.read("a") },
                { @Sendable in _ = try await secrets.write(.text("x"), to: "b") },
                { @Sendable in try await secrets.delete("a") },
            ] {
                let error = await #expect(throws: KeyResolutionError.self) { try await call() }
                #expect(error?.code == .invalidConfiguration)
                #expect(error?.description.contains("sk-secret") == false)
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            #expect(await secrets.configurationMistakes().count == 1)
            #expect(await secrets.health()?.state == .unreachable)
        }
    }

    @Test("A file that others can change is refused, and a folder in its place")
    func hostile() async throws {
        try await withTemporaryFolder { folder in
            let path = try folder.write("team.json", #"{"a": "b"}"#)
            let secrets = ManagedSecrets(in: FileSecretManager(path), access: .readWrite)
            chmod(path, 0o666)
            await #expect(throws: KeyResolutionError.self) { try await secrets.read("a") }
            await #expect(throws: KeyResolutionError.self) { try await secrets.write(.text("c"), to: "a") }
            chmod(path, 0o600)
            #expect(try await secrets.read("a")?.content.text == "b")
            await #expect(throws: KeyResolutionError.self) {
                try await ManagedSecrets(in: FileSecretManager(folder.path)).read("a")
            }
        }
    }

    @Test("A link is kept, and what it leads to is replaced")
    func link() async throws {
        try await withTemporaryFolder { folder in
            let target = try folder.write("real/team.json", "{}")
            let link = "\(folder.path)/team.json"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            let secrets = ManagedSecrets(in: FileSecretManager(link), access: .readWrite)
            try await secrets.write(.text("value"), to: "key")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
            #expect(try String(contentsOfFile: target, encoding: .utf8).contains("value"))
        }
    }

    @Test("Writers at the same time lose nothing", arguments: ["team.json", "team.env"])
    func concurrency(_ name: String) async throws {
        try await withTemporaryFolder { folder in
            try await withThrowingTaskGroup { group in
                for writer in 0..<4 {
                    let secrets = ManagedSecrets(in: FileSecretManager("\(folder.path)/\(name)"), access: .readWrite)
                    group.addTask {
                        for number in 0..<25 { try await secrets.write(.text("\(number)"), to: "W\(writer)_\(number)") }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await ManagedSecrets(in: FileSecretManager("\(folder.path)/\(name)")).list().count == 100)
        }
    }
}
