import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@Suite("A folder of secrets")
struct FolderSecretManagerTests {
    @Test(
        "One line end at the end is cut, and nothing else",
        arguments: [
            ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), (" a ", " a "), ("", ""), ("\n", ""), ("a\nb\n", "a\nb"),
        ]
    )
    func lineEnds(_ written: String, _ read: String) async throws {
        try await withTemporaryFolder { folder in
            try folder.write("key", written)
            #expect(try await ManagedSecrets(in: FolderSecretManager(folder.path)).read("key")?.content.text == read)
        }
    }

    @Test("Links as Kubernetes makes them are followed, also while it swaps them")
    func swap() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.path
            func publish(_ number: Int) throws {
                try folder.write("..\(number)/key", "value\(number)\n")
                let draft = "\(path)/..draft"
                try FileManager.default.createSymbolicLink(atPath: draft, withDestinationPath: "..\(number)")
                guard rename(draft, "\(path)/..data") == 0 else { throw POSIXError(.EIO) }
                if number > 0 { try FileManager.default.removeItem(atPath: "\(path)/..\(number - 1)") }
            }
            try publish(0)
            try FileManager.default.createSymbolicLink(atPath: "\(path)/key", withDestinationPath: "..data/key")
            let secrets = ManagedSecrets(in: FolderSecretManager(path))
            let writer = Task.detached { for number in 1...200 { try publish(number) } }
            var reads = 0
            while reads < 200 {
                let text = try #require(try await secrets.read("key")?.content.text)
                #expect(text.hasPrefix("value"))
                reads += 1
            }
            try await writer.value
            #expect(try await secrets.read("key")?.content.text == "value200")
            #expect(try await secrets.list().map(\.rawValue) == ["key"])
        }
    }

    @Test(
        "A link out of the folder is refused, and isn't listed",
        arguments: ["/etc/hostname", "../outside", "sub/../../outside"]
    )
    func linksOut(_ target: String) async throws {
        try await withTemporaryFolder { folder in
            try folder.write("outside", "sk-outside")
            try folder.write("secrets/sub/inner", "inner")
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder.path)/secrets/key",
                withDestinationPath: target
            )
            let secrets = ManagedSecrets(in: FolderSecretManager("\(folder.path)/secrets"))
            let error = await #expect(throws: KeyResolutionError.self) { try await secrets.read("key") }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains("leads out of its folder") == true)
            #expect(try await secrets.list().map(\.rawValue) == ["sub/inner"])
            #expect(try await secrets.read("sub/inner")?.content.text == "inner")
        }
    }

    @Test("A folder that is gone is unavailable, and a file that isn't there is absent")
    func gone() async throws {
        try await withTemporaryFolder { folder in
            let secrets = ManagedSecrets(in: FolderSecretManager("\(folder.path)/secrets"))
            for _ in 1...2 {
                let error = await #expect(throws: KeyResolutionError.self) { try await secrets.read("key") }
                #expect(error?.code == .unavailable)
            }
            #expect(await secrets.health()?.state == .unreachable)
            try folder.write("secrets/other", "x")
            for _ in 1...2 { #expect(try await secrets.read("key") == nil) }
            #expect(await secrets.health() == .healthy)
        }
    }

    @Test("What isn't a readable text is an error and no absence")
    func unreadable() async throws {
        try await withTemporaryFolder { folder in
            try folder.write("secrets/folder/inner", "x")
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder.path)/secrets/dangling",
                withDestinationPath: "nowhere"
            )
            let binary = try folder.write("secrets/binary", "")
            try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: binary))
            mkfifo("\(folder.path)/secrets/pipe", 0o600)
            let secrets = ManagedSecrets(in: FolderSecretManager("\(folder.path)/secrets"))
            for name in ["folder", "dangling", "binary", "pipe"] {
                let error = await #expect(throws: KeyResolutionError.self, "\(name)") { try await secrets.read(name) }
                #expect(error?.code == .invalidConfiguration, "\(name)")
            }
        }
    }

    @Test("systemd's folder is the one that it names")
    func systemd() async throws {
        #expect(FolderSecretManager(credentialsOf: [:]) == nil)
        try await withTemporaryFolder { folder in
            try folder.write("key", "value\n")
            let manager = try #require(FolderSecretManager(credentialsOf: ["CREDENTIALS_DIRECTORY": folder.path]))
            #expect(try await ManagedSecrets(in: manager).read("key")?.content.text == "value")
        }
    }
}
