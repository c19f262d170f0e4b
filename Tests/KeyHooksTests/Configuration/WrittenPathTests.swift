import Foundation
import KeyHooks
import Testing

/// `~/` is the home folder in every path, and relative paths count from the file that names them.
struct WrittenPathTests {
    @Test(arguments: [
        ("~", "/home/a"), ("~/", "/home/a/"), ("~/x/y", "/home/a/x/y"), ("~b/x", "~b/x"), ("x/~", "x/~"),
        ("/x/~/y", "/x/~/y"), ("", ""), ("~~/x", "~~/x"),
    ])
    func `Only a path that begins with it is from the home folder`(path: String, whole: String) {
        #expect(WrittenPath.expanded(path, ["HOME": "/home/a"]) == whole)
    }

    @Test func `Without HOME the system's home counts, and the root can be one`() {
        let own = WrittenPath.expanded("~/x", [:])
        #expect(own.hasPrefix("/") && own.hasSuffix("/x"))
        #expect(own == WrittenPath.expanded("~/x", ["HOME": "relative"]))
        #expect(WrittenPath.expanded("~/x", ["HOME": "/"]) == "/x")
        #expect(WrittenPath.expanded("~", ["HOME": "/"]) == "/")
    }

    @Test func `Files and folders of a configuration may be in the home folder`() async throws {
        try await withFolder { folder in
            try folder.write("home/keys.env", "GROQ_API_KEY=gsk-fake\n")
            let text = "{envFiles: ['~/keys.env', 'own.env'], pluginPath: ['~/plugs', 'near']}"
            try folder.write("home/conf/keyhooks.json", text)
            let environment = ["HOME": folder.file("home"), "KEYHOOKS_CONFIG": "~/conf/keyhooks.json"]
            let configuration = try KeyConfiguration.discover(in: nil, environment: environment)
            #expect(configuration.path == folder.file("home/conf/keyhooks.json"))
            #expect(
                configuration.envFiles.map(\.path)
                    == [folder.file("home/keys.env"), folder.file("home/conf/own.env")]
            )
            #expect(configuration.pluginPath == [folder.file("home/plugs"), folder.file("home/conf/near")])
            let read = try KeyConfiguration.read(from: "~/conf/keyhooks.json", environment: environment)
            #expect(read.envFiles == configuration.envFiles)
            let resolver = try KeyResolver(configuration: configuration, environment: environment)
            #expect(try await resolver.getAPIKey(service: "groq")?.value == "gsk-fake")
        }
    }

    @Test func `Files that the program and variables name may be there as well`() async throws {
        try await withFolder { folder in
            try folder.write("keys.env", "GROQ_API_KEY=gsk-fake\n")
            try folder.write("key", "sk-file\n")
            let resolver = try KeyResolver(
                configuration: KeyConfiguration(envFiles: [EnvironmentFile("~/keys.env")]),
                environment: ["HOME": folder.path, "OPENAI_API_KEY_FILE": "~/key"]
            )
            #expect(try await resolver.getAPIKey(service: "groq")?.value == "gsk-fake")
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-file")
        }
    }

    @Test func `A file that is not found is shown with its whole path, without a way round`() async throws {
        try await withFolder { folder in
            let path = try folder.write("conf/keyhooks.json", "{envFiles: 'my.env'}")
            try folder.write("sub/x", "")
            for named in [path, folder.file("sub/../conf/keyhooks.json"), folder.file("conf/./keyhooks.json")] {
                let resolver = try KeyResolver(configuration: .read(from: named), environment: [:])
                let error = try await failure { try await resolver.requireAPIKey(service: "openai") }
                #expect(error.message.contains(" \(folder.file("conf/my.env")) (missing)"), "\(error)")
            }
        }
    }

    @Test func `The variable takes no other user's home and no relative path`() async throws {
        for path in ["~root/keyhooks.json", "conf/keyhooks.json", "~"] {
            let error = try await failure {
                try KeyConfiguration.discover(
                    in: nil,
                    environment: ["HOME": "/nonexistent", "KEYHOOKS_CONFIG": path]
                )
            }
            #expect(error.code == .invalidConfiguration && error.message.contains("KEYHOOKS_CONFIG"))
        }
    }

    @Test(arguments: [
        "keyhooks.jsonc", "keyhooks.json5", "keyhooks.yaml", "keyhooks.yml", "keyhooks.toml", ".keyhooks.json",
    ])
    func `A file of another name is mentioned where there is no keyhooks.json`(name: String) async throws {
        try await withFolder { folder in
            let environment = ["HOME": folder.file("home")]
            let path = try folder.write("project/\(name)", "{}")
            func warnings() throws -> [String] {
                let configuration = try KeyConfiguration.discover(in: folder.file("project"), environment: environment)
                return try KeyResolver(configuration: configuration, environment: environment)
                    .explain(service: "openai").warnings
            }
            let found = try warnings()
            #expect(found.count == 1 && found[0].hasPrefix("\(path) isn't read, only keyhooks.json is: "), "\(found)")
            try folder.write("project/keyhooks.json", "{}")
            try folder.trust("project/keyhooks.json", environment)
            #expect(try warnings().isEmpty)
        }
    }

    @Test func `So is config.json in the user's own folder`() async throws {
        try await withFolder { folder in
            let path = try folder.write("home/.config/keyhooks/config.json", "{}")
            let environment = ["HOME": folder.file("home")]
            let configuration = try KeyConfiguration.discover(in: nil, environment: environment)
            let resolver = try KeyResolver(configuration: configuration, environment: environment)
            #expect(try resolver.explain(service: "openai").warnings.first?.hasPrefix("\(path) isn't read") == true)
        }
    }
}
