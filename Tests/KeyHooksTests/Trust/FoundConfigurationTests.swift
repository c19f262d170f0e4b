import ExtensionHooks
import Foundation
import KeyHooks
import Testing

@Suite("A keyhooks.json that was found is obeyed only as it was trusted")
struct FoundConfigurationTests {
    private func discover(
        _ folder: TemporaryFolder,
        in name: String = "project",
        _ more: [String: String] = [:]
    ) throws -> KeyConfiguration {
        let environment = ["HOME": folder.file("home")].merging(more) { $1 }
        return try KeyConfiguration.discover(in: folder.file(name), environment: environment)
    }

    @Test("Until then loading fails, and says how to look at it")
    func untrusted() async throws {
        try await withFolder { folder in
            try folder.write("project/keyhooks.json", "{}")
            let error = try await failure { try discover(folder) }
            let place = folder.file("project/keyhooks.json")
            #expect(error.code == .invalidConfiguration)
            #expect(error.message == "\(place) was found in this folder and you haven't trusted it, so it isn't obeyed")
            #expect(error.remedy.contains("'keyhooks trust --show \(place)'"))
            #expect(error.remedy.hasSuffix("then: keyhooks trust \(place)"))
            try folder.trust("project/keyhooks.json")
            #expect(try discover(folder).path == place)
        }
    }

    /// What a change does is no matter: a comment may hide what the eye takes for one.
    @Test("Any change takes the trust away", arguments: ["{ }", "{}\n", "// c\n{}", "{envFiles: '.env'}", "", "{"])
    func changed(text: String) async throws {
        try await withFolder { folder in
            try folder.write("project/keyhooks.json", "{}")
            try folder.trust("project/keyhooks.json")
            _ = try discover(folder)
            try folder.write("project/keyhooks.json", text)
            let error = try await failure { try discover(folder) }
            #expect(error.message.hasSuffix("changed since you trusted it, so it isn't obeyed"))
            try folder.write("project/keyhooks.json", "{}")
            _ = try discover(folder)
        }
    }

    @Test("Trust is in a file of a folder: a copy elsewhere, and a folder that is called alike, have none")
    func places() async throws {
        try await withFolder { folder in
            // The same name to a string, and another one to the system.
            let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
            for name in ["project", "copy", composed] { try folder.write("\(name)/keyhooks.json", "{}") }
            try folder.trust("project/keyhooks.json")
            try folder.trust("\(composed)/keyhooks.json")
            _ = try discover(folder, in: composed)
            #expect(throws: KeyResolutionError.self) { try discover(folder, in: "copy") }
            try folder.write("\(decomposed)/keyhooks.json", "{}")
            #expect(throws: KeyResolutionError.self) { try discover(folder, in: decomposed) }
            // By another way to the same folder it is the same file.
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("link"),
                withDestinationPath: folder.file("project")
            )
            _ = try discover(folder, in: "link")
            _ = try discover(folder, in: "copy/../project")
        }
    }

    @Test("What was named, and the user's own, needs no trust")
    func believed() async throws {
        try await withFolder { folder in
            try folder.write("project/keyhooks.json", "{envFiles: 'found.env'}")
            try folder.write("other.json", "{envFiles: 'named.env'}")
            try folder.write("home/.config/keyhooks/keyhooks.json", "{envFiles: 'own.env'}")
            #expect(try KeyConfiguration.read(from: folder.file("project/keyhooks.json")).envFiles.count == 1)
            let named = try discover(folder, ["KEYHOOKS_CONFIG": folder.file("other.json")])
            #expect(named.envFiles.map(\.path) == [folder.file("named.env")])
            let own = try discover(folder, in: "home/.config/keyhooks")
            #expect(own.envFiles.map(\.path) == [folder.file("home/.config/keyhooks/own.env")])
            let nothing = try KeyConfiguration.discover(in: nil, environment: ["HOME": folder.file("home")])
            #expect(nothing.envFiles == own.envFiles)
        }
    }

    @Test("Who looks for nothing gets no .env either")
    func nothing() async throws {
        try await withFolder { folder in
            let home = ["HOME": folder.file("home")]
            #expect(try KeyConfiguration.discover(in: nil, environment: home).envFiles.isEmpty)
            try folder.write("home/.config/keyhooks/keyhooks.json", "{}")
            #expect(try KeyConfiguration.discover(in: nil, environment: home).envFiles.isEmpty)
            try folder.write("other.json", "{}")
            let named = home.merging(["KEYHOOKS_CONFIG": folder.file("other.json")]) { $1 }
            #expect(try KeyConfiguration.discover(in: nil, environment: named).envFiles.isEmpty)
        }
    }

    @Test("A file that KEYHOOKS_CONFIG names has to be there; an empty one names nothing")
    func missing() async throws {
        try await withFolder { folder in
            let error = try await failure { try discover(folder, ["KEYHOOKS_CONFIG": folder.file("no.json")]) }
            #expect(error.message == "KEYHOOKS_CONFIG names \(folder.file("no.json")), which doesn't exist")
            #expect(try discover(folder, ["KEYHOOKS_CONFIG": ""]).path == nil)
        }
    }

    @Test(
        "KEYHOOKS_CONFIG holds an absolute path: another would believe a file of every folder that is entered",
        arguments: [
            "keyhooks.json", "./keyhooks.json", "../project/keyhooks.json", "~other/keyhooks.json", " /keyhooks.json",
        ]
    )
    func relative(path: String) async throws {
        try await withFolder { folder in
            try folder.write("project/keyhooks.json", "{}")
            let error = try await failure { try discover(folder, ["KEYHOOKS_CONFIG": path]) }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.hasPrefix("KEYHOOKS_CONFIG must be an absolute path: it is '\(path)'"))
            #expect(error.message.contains("only your own home folder") == path.hasPrefix("~"))
        }
    }

    @Test(
        "What is wrong with the file of KEYHOOKS_CONFIG is said of the variable",
        arguments: ["folder", "open", "link"]
    )
    func unreadable(kind: String) async throws {
        try await withFolder { folder in
            let path = folder.file("named.json")
            switch kind {
            case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            case "open":
                try folder.write("named.json", "{}")
                try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
            default: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder.file("no"))
            }
            let error = try await failure { try discover(folder, ["KEYHOOKS_CONFIG": path]) }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.hasPrefix("KEYHOOKS_CONFIG names a file that isn't read: \(path) "))
        }
    }

    @Test("A link that leads nowhere is an error and no absence", arguments: ["nowhere", "keyhooks.json"])
    func dangling(target: String) async throws {
        try await withFolder { folder in
            try folder.write("home/.config/keyhooks/keyhooks.json", "{}")
            try folder.write("project/x", "")
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("project/keyhooks.json"),
                withDestinationPath: target
            )
            let error = try await failure { try discover(folder) }
            #expect(error.code == .invalidConfiguration)
        }
    }

    @Test("A reload obeys what was trusted meanwhile, and keeps the last good state until then")
    func reload() async throws {
        try await withFolder { folder in
            try folder.write("project/keyhooks.json", "{providers: {openai: {env: ['ONE']}}}")
            try folder.trust("project/keyhooks.json")
            let resolver = try KeyResolver(configuration: discover(folder), environment: ["ONE": "1", "TWO": "2"])
            try folder.write("project/keyhooks.json", "{providers: {openai: {env: ['TWO']}}}")
            #expect(throws: KeyResolutionError.self) { try resolver.reload() }
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "1")
            try folder.trust("project/keyhooks.json")
            try resolver.reload()
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "2")
        }
    }

    @Test("Decisions that cannot be read stop what was found, and nothing else", arguments: ["{", "linked", "open"])
    func store(fault: String) async throws {
        try await withFolder { folder in
            try folder.write("project/keyhooks.json", "{}")
            try folder.trust("project/keyhooks.json")
            let state = folder.file("home/.config/keyhooks/plugins-state.json")
            switch fault {
            case "linked":
                try FileManager.default.moveItem(atPath: state, toPath: folder.file("elsewhere"))
                try FileManager.default.createSymbolicLink(
                    atPath: state,
                    withDestinationPath: folder.file("elsewhere")
                )
            case "open":
                try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: state)
            default: try folder.write("home/.config/keyhooks/plugins-state.json", fault)
            }
            let error = try await failure { try discover(folder) }
            #expect(error.code == .invalidConfiguration && error.message.contains("plugins-state.json"))
            _ = try KeyConfiguration.read(from: folder.file("project/keyhooks.json"))
        }
    }

    @Test("However large what is trusted is, the decisions can be read again")
    func large() async throws {
        try await withFolder { folder in
            let store = try #require(TrustStore(environment: ["HOME": folder.file("home")]))
            let members = (0..<900).map { "k\($0): '\(String(repeating: "\u{2028}", count: 340))'" }
            for name in ["a", "b", "c"] {
                let text = "{plugins: {acme: {\(members.joined(separator: ", "))}}}"
                let file = try FoundConfiguration(folder.write("\(name)/keyhooks.json", text))
                let configuration = try KeyConfiguration.parse(
                    file.bytes,
                    path: file.path,
                    ConfigurationReading(defaultFile: nil)
                )
                try store.trust(file, effects: ConfigurationEffects(of: configuration).kept)
            }
            #expect(try store.read().configurations.count == 3)
            // What could not be read again is not written.
            let before = try store.read()
            let fault = #expect(throws: FileFault.self) {
                try store.update { $0.disabled = [PluginID(String(repeating: "x", count: 5 << 20))] }
            }
            #expect(fault?.reason.hasSuffix("would get too large") == true)
            #expect(try store.read() == before)
        }
    }

    @Test("Trust can be taken back, also when the file is gone")
    func untrust() async throws {
        try await withFolder { folder in
            let file = try folder.write("project/keyhooks.json", "{}")
            try folder.trust("project/keyhooks.json")
            let store = try #require(TrustStore(environment: ["HOME": folder.file("home")]))
            try FileManager.default.removeItem(atPath: file)
            #expect(try store.untrust(FoundConfiguration.place(of: FilePath(file))))
            #expect(try !store.untrust(FoundConfiguration.place(of: FilePath(file))))
            try folder.write("project/keyhooks.json", "{}")
            #expect(throws: KeyResolutionError.self) { try discover(folder) }
        }
    }
}
