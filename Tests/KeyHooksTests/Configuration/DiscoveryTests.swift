import Foundation
import KeyHooks
import Testing

struct DiscoveryTests {
    /// A configuration that can be reported from others.
    private func write(_ name: String, in folder: TemporaryFolder) throws {
        try folder.write("\(name)/keyhooks.json", "{envFiles: '\(name.replacingOccurrences(of: "/", with: "-")).env'}")
    }

    @Test func `The folder comes first, then XDG_CONFIG_HOME, then HOME`() async throws {
        try await withFolder { folder in
            for name in ["project", "xdg/keyhooks", "home/.config/keyhooks"] { try write(name, in: folder) }
            let environment = ["XDG_CONFIG_HOME": folder.file("xdg"), "HOME": folder.file("home")]
            try folder.trust("project/keyhooks.json", environment)
            func found(_ environment: [String: String]) throws -> String? {
                try KeyConfiguration.discover(in: folder.file("project"), environment: environment).path
            }
            #expect(try found(environment) == folder.file("project/keyhooks.json"))
            try FileManager.default.removeItem(atPath: folder.file("project/keyhooks.json"))
            #expect(try found(environment) == folder.file("xdg/keyhooks/keyhooks.json"))
            #expect(try found(["HOME": folder.file("home")]) == folder.file("home/.config/keyhooks/keyhooks.json"))
            #expect(try found(["HOME": folder.file("nobody")]) == nil)
        }
    }

    @Test(arguments: ["", "relative"])
    func `An empty or relative XDG_CONFIG_HOME is ignored`(base: String) async throws {
        try await withFolder { folder in
            try write("home/.config/keyhooks", in: folder)
            let environment = ["XDG_CONFIG_HOME": base, "HOME": folder.file("home")]
            let configuration = try KeyConfiguration.discover(in: folder.file("project"), environment: environment)
            #expect(configuration.path == folder.file("home/.config/keyhooks/keyhooks.json"))
        }
    }

    @Test(arguments: ["HOME", "XDG_CONFIG_HOME"])
    func `A user's folder whose name is not UTF-8 is an error, since what is in it would seem absent`(
        name: String
    ) async throws {
        let environment = [name: String(decoding: [UInt8(ascii: "/"), 0xE9], as: UTF8.self)]
        let error = try await failure { try KeyConfiguration.discover(in: nil, environment: environment) }
        #expect(error.message == "the path of your configuration folder isn't UTF-8")
    }

    @Test func `Without any, the folder's .env is declared and may be missing`() async throws {
        try await withFolder { folder in
            let configuration = try KeyConfiguration.discover(
                in: folder.path,
                environment: ["HOME": folder.file("home")]
            )
            #expect(configuration.path == nil)
            #expect(configuration.envFiles.map(\.path) == [folder.file(".env")])
            #expect(configuration.envFiles.allSatisfy { $0.isUndeclared && !$0.isRequired })
            #expect(
                try KeyConfiguration.discover(in: ".", environment: ["HOME": folder.file("home")]).envFiles.map(\.path)
                    == [".env"]
            )
        }
    }

    @Test func `Nothing is looked for in parent folders`() async throws {
        try await withFolder { folder in
            try folder.write("keyhooks.json", "{}")
            try folder.write(".env", "OPENAI_API_KEY=sk-parent")
            let inner = folder.file("inner")
            try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
            let configuration = try KeyConfiguration.discover(in: inner, environment: ["HOME": folder.file("home")])
            #expect(configuration.path == nil)
            #expect(try KeyResolver(configuration: configuration, environment: [:]).isConfigured("openai") == false)
        }
    }

    /// Otherwise a user's settings would silently switch the `.env` of every project off.
    @Test func `A user's configuration that declares no files leaves the folder's .env`() async throws {
        try await withFolder { folder in
            try folder.write("xdg/keyhooks/keyhooks.json", "{providers: {ollama: {notRequired: true}}}")
            try folder.write("project/.env", "OPENAI_API_KEY=sk-1")
            let configuration = try KeyConfiguration.discover(
                in: folder.file("project"),
                environment: ["XDG_CONFIG_HOME": folder.file("xdg")]
            )
            #expect(try KeyResolver(configuration: configuration, environment: [:]).isConfigured("openai"))
        }
    }

    @Test func `A configuration that is broken is an error, not skipped`() async throws {
        try await withFolder { folder in
            try folder.write("keyhooks.json", "{")
            try folder.write("xdg/keyhooks/keyhooks.json", "{}")
            try folder.trust("keyhooks.json", ["XDG_CONFIG_HOME": folder.file("xdg")])
            let error = try await failure {
                try KeyConfiguration.discover(in: folder.path, environment: ["XDG_CONFIG_HOME": folder.file("xdg")])
            }
            #expect(error.code == .invalidConfiguration)
        }
    }
}
