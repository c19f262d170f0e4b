import Foundation
import KeyHooks
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("Files that somebody else could have written are refused")
struct FileOwnershipTests {
    /// A way to read a file that decides over keys.
    enum Way: CaseIterable {
        case found, named, own, variable, dotenv, declared

        var name: String {
            switch self {
            case .found, .named, .variable: "project/keyhooks.json"
            case .own: "home/.config/keyhooks/keyhooks.json"
            case .dotenv: "project/.env"
            case .declared: "secrets.env"
            }
        }

        /// What stands before the fault: of a variable that it is the one to look at.
        var introduction: String { self == .variable ? "KEYHOOKS_CONFIG names a file that isn't read: " : "" }

        /// What stands behind the remedy: of a file that nobody named how to do without it.
        var wayOn: String {
            self == .dotenv ? ". To go on without it: --env-file /dev/null, or 'envFiles': [] in keyhooks.json" : ""
        }

        func read(_ folder: TemporaryFolder) throws {
            var environment = ["HOME": folder.file("home")]
            switch self {
            case .named:
                _ = try KeyConfiguration.read(from: folder.file(name))
                return
            case .variable: environment["KEYHOOKS_CONFIG"] = folder.file(name)
            case .declared:
                let files = [EnvironmentFile(folder.file(name))]
                _ = try KeyResolver(configuration: KeyConfiguration(envFiles: files), environment: [:])
            case .found, .own, .dotenv: break
            }
            let configuration = try KeyConfiguration.discover(in: folder.file("project"), environment: environment)
            _ = try KeyResolver(configuration: configuration, environment: [:])
        }
    }

    private func refused(_ way: Way, _ spoil: (String) throws -> Void) async throws -> KeyResolutionError {
        try await withFolder { folder in
            let isDotenv = way == .dotenv || way == .declared
            let file = try folder.write(way.name, isDotenv ? "OPENAI_API_KEY=sk-1" : "{}")
            try folder.write("project/x", "")
            if way == .found { try folder.trust(way.name) }
            try way.read(folder)
            try spoil(file)
            let error = try await failure { try way.read(folder) }
            #expect(error.code == .invalidConfiguration)
            return KeyResolutionError(
                error.code,
                error.message.replacingOccurrences(of: file, with: "FILE"),
                remedy: error.remedy.replacingOccurrences(of: file, with: "FILE")
            )
        }
    }

    @Test(
        "One that others can write is refused, with the command that fixes it",
        arguments: Way.allCases,
        [0o602, 0o666]
    )
    func writable(way: Way, mode: Int) async throws {
        let error = try await refused(way) { file in
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        }
        #expect(error.message == "\(way.introduction)FILE can be changed by other users")
        #expect(error.remedy == "run: chmod go-w FILE" + way.wayOn)
    }

    @Test(
        "One that another user owns is refused, and so is one that another user's link chose",
        .enabled(if: geteuid() == 0, "only root can give files away"),
        arguments: Way.allCases
    )
    func foreign(way: Way) async throws {
        let error = try await refused(way) { file in #expect(chown(file, 4711, uid_t.max) == 0) }
        #expect(
            error.message
                == "\(way.introduction)FILE belongs to another user (uid 4711, and this process has uid \(geteuid()))"
        )
        let fix =
            #"if you know what it does: sudo chown "$(id -un)" FILE; in a container, run as its owner: --user 4711"#
        #expect(error.remedy == fix + way.wayOn)
        let linked = try await refused(way) { file in
            try FileManager.default.moveItem(atPath: file, toPath: "\(file).real")
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "\(file).real")
            #expect(lchown(file, 4711, uid_t.max) == 0)
        }
        #expect(linked.message == "\(way.introduction)FILE is a symbolic link of another user, to FILE.real")
        #expect(linked.remedy == "name the file itself, or run: rm FILE" + way.wayOn)
    }

    @Test(
        "A group of others may not write, the user's own group may",
        .enabled(if: geteuid() == 0, "only root can give a file to another group"),
        arguments: Way.allCases
    )
    func groups(way: Way) async throws {
        let error = try await refused(way) { file in
            try FileManager.default.setAttributes([.posixPermissions: 0o660], ofItemAtPath: file)
            // Root's group bears its name, as every user's does on most systems, and has nobody else in it.
            #expect(throws: Never.self) { try FileReading.read(file, limit: 100, believing: true) }
            #expect(chown(file, uid_t.max, 4711) == 0)
        }
        #expect(error.message == "\(way.introduction)FILE can be changed by other users")
    }

    @Test("A .env that is a link and leads nowhere is an error: somebody counts on what it should lead to")
    func dangling() async throws {
        try await withFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: folder.file(".env"), withDestinationPath: "unmounted")
            let files = [EnvironmentFile(folder.file(".env"), isRequired: false)]
            let error = try await failure {
                try KeyResolver(configuration: KeyConfiguration(envFiles: files), environment: [:])
            }
            #expect(
                error.message
                    == "\(folder.file(".env")) leads nowhere: it is a link to unmounted, which isn't there"
            )
            #expect(error.remedy == "correct the link, or remove it: rm \(folder.file(".env"))")
        }
    }
}
