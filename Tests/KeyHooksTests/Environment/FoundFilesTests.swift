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
            #expect(key.value == "sk-fake-first")
            #expect(key.provenance?.source == .file(path: folder.file(".env"), line: 1, name: "OPENAI_API_KEY"))
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
        "What was meant to be the .env, or to be copied to it, is mentioned",
        arguments: [".env.template", ".env.txt", ".env.example", "env"]
    )
    func drafts(name: String) async throws {
        try await withFolder { folder in
            let path = try folder.write(name, "OPENAI_API_KEY=sk-fake-1\n")
            let words = "\(path) is there and is not read: rename or copy it to .env"
            #expect(await failure(folder)?.message.contains(words) == true)
            #expect(try resolver(folder).explain(service: "openai").description.contains("(missing; \(words)"))
        }
    }

    @Test("A folder that is called env, as of Python, is none of it")
    func folderOfPython() async throws {
        try await withFolder { folder in
            try folder.write("env/pyvenv.cfg", "")
            #expect(await failure(folder)?.message.hasSuffix("\(folder.file(".env")) (missing)") == true)
        }
    }

    @Test("A .env in a folder above is mentioned, as far as the project reaches", arguments: [true, false])
    func parent(isProject: Bool) async throws {
        try await withFolder { folder in
            let above = try folder.write(".env", "OPENAI_API_KEY=sk-fake-1\n")
            try folder.write("project/sub/deep/x", "")
            if isProject { try folder.write("project/.git/HEAD", "") }
            let deep = TemporaryFolder(path: folder.file("project/sub/deep"))
            #expect(await failure(deep)?.message.contains("\(above) is there and is not read") == !isProject)
            if isProject {
                let own = try folder.write("project/.env", "")
                #expect(await failure(deep)?.message.contains("\(own) is there and is not read") == true)
            }
        }
    }

    @Test(
        "A key that goes on in the next line is warned of",
        arguments: [
            ("sk-fake0123456789\n   abcdefghijAA\nGROQ_API_KEY=x", true), ("sk-fake0123456789\nabcdef0123", true),
            ("sk-fake0123456789\nGROQ_API_KEY\n", false), ("sk-fake0123456789\nexport abcdefghij", false),
            ("sk-fake0123456789\n\nabcdefghij", false), ("'sk-fake0123456789'\nabcdefghij", false),
            ("sk-fake0123456789", false),
        ]
    )
    func broken(text: String, isWarned: Bool) async throws {
        try await withFolder { folder in
            try folder.write(".env", "A=1\nOPENAI_API_KEY=\(text)\n")
            let warnings = Recording<KeyWarning>()
            let resolver = try KeyResolver(
                configuration: .discover(in: folder.path, environment: ["HOME": folder.path]),
                environment: [:],
                onWarning: { warnings.add($0) }
            )
            #expect(try await resolver.getAPIKey(service: "openai")?.value == "sk-fake0123456789")
            #expect(warnings.events.map(\.code) == (isWarned ? [.brokenLine] : []))
            #expect(warnings.events.allSatisfy { $0.message.contains("\(folder.file(".env")):2 may go on in line 3") })
        }
    }

    @Test("A variable that hides another value in a file is what an explanation warns of, and nobody else")
    func hidden() async throws {
        try await withFolder { folder in
            try folder.write(".env", "OPENAI_API_KEY=sk-fake-file\nGROQ_API_KEY=gsk_fake\n")
            for (value, isWarned) in [("sk-fake-stale", true), ("sk-fake-file", false), (" ", false)] {
                let warnings = Recording<KeyWarning>()
                var configuration = try KeyConfiguration.discover(in: folder.path, environment: ["HOME": folder.path])
                func resolver() throws -> KeyResolver {
                    try KeyResolver(
                        configuration: configuration,
                        environment: ["OPENAI_API_KEY": value],
                        onWarning: { warnings.add($0) }
                    )
                }
                let hides = "OPENAI_API_KEY in the process environment hides another value: OPENAI_API_KEY in "
                func isExplained() throws -> Bool {
                    try resolver().explain(service: "openai").warnings
                        .contains { $0.hasPrefix("\(hides)\(folder.file(".env")):1") }
                }
                #expect(try await resolver().getAPIKey(service: "openai") != nil)
                #expect(warnings.events.isEmpty)
                #expect(try isExplained() == isWarned)
                configuration.envPrecedence = .files
                #expect(try !isExplained())
            }
        }
    }

    @Test(
        "A file in another form is one error with the cause",
        arguments: [
            ("{\n  \"OPENAI_API_KEY\": \"sk-fake\",\n  \"B\": {\"c\": [1]}\n}\n", ":1:1: this is JSON"),
            ("OPENAI_API_KEY: sk-fake\nB: 1\nC: 2\n", ":1:15: write '=' instead of ':' after the name"),
            ("- OPENAI_API_KEY=sk-fake\n- B=1\n", ":1:1: a line that begins with '-' is YAML"),
            ("set -gx OPENAI_API_KEY sk-fake\nset -gx B 1\n", ":1:4: 'set' is a command"),
            ("OPENAI_API_KEY := sk-fake\n", ":1:16: write '=' instead of ':='"),
        ]
    )
    func otherForms(text: String, words: String) async throws {
        try await withFolder { folder in
            try folder.write(".env", text)
            let error = await failure(folder)
            #expect(error?.message.contains("\(folder.file(".env"))\(words)") == true, "\(error?.message ?? "")")
            #expect(error?.message.split(separator: "\n").count == 1)
            #expect(error?.description.contains("fake") == false)
        }
    }

    @Test("A path that isn't UTF-8 is named as that")
    func pathOfBytes() async throws {
        let error = try await KeyHooksTests.failure {
            try KeyResolver(configuration: KeyConfiguration(envFiles: ["f\u{FFFD}/.env"]), environment: [:])
        }
        #expect(error.message.hasSuffix("isn't found: its path isn't UTF-8"))
        #expect(error.remedy.hasPrefix("rename it, or go to its folder"))
    }

    @Test("A link that leads back to itself is named as that, with the way on")
    func circle() async throws {
        try await withFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: folder.file(".env"), withDestinationPath: ".env")
            let error = await failure(folder)
            #expect(error?.message == "\(folder.file(".env")) leads nowhere: it is a link that leads back to itself")
            #expect(error?.remedy.contains("To go on without it: --env-file /dev/null") == true)
        }
    }

    @Test(
        "A key without a name is reported as that, and not repeated",
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

    @Test("A file with a key that isn't UTF-8 is named with the place")
    func keyFileOfBytes() async throws {
        try await withFolder { folder in
            let path = try folder.write("secret", Array("sk-fake".utf8) + [0xA9] + Array("0123".utf8))
            let error = await failure(folder, ["OPENAI_API_KEY_FILE": path])
            #expect(error?.message.hasSuffix("it isn't UTF-8 from byte 8 on") == true, "\(error?.message ?? "")")
        }
    }

    @Test("Nobody is sent to the null device")
    func nullDevice() async throws {
        let error = try await KeyHooksTests.failure {
            try await KeyResolver(configuration: KeyConfiguration(envFiles: ["/dev/null"]), environment: [:])
                .requireAPIKey(service: "openai")
        }
        #expect(error.remedy == "set OPENAI_API_KEY in the environment")
    }

    @Test("A file that holds the key is shown with its variable and path, and a key in its place isn't repeated")
    func shownKeyFile() async throws {
        try await withFolder { folder in
            let path = try folder.write("secret", "sk-fake-1\n")
            let good = try resolver(folder, ["OPENAI_API_KEY_FILE": path])
            #expect(try good.explain(service: "openai").winner?.place == "OPENAI_API_KEY_FILE (\(path))")
            #expect(try good.list().first { $0.service == "openai" }?.winner?.place == "OPENAI_API_KEY_FILE (\(path))")
            let pasted = ["OPENAI_API_KEY_FILE": "sk-proj-fake1234efgh5678ijkl90"]
            let error = await failure(folder, pasted)
            #expect(error?.message.hasPrefix("OPENAI_API_KEY_FILE isn't an absolute path") == true)
            #expect(error?.description.contains("fake1234") == false)
            #expect(try !resolver(folder, pasted).explain(service: "openai").description.contains("fake1234"))
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
                let explanation = try other.explain(service: "openai")
                #expect(explanation.outcome == .unreadable && explanation.winner?.variable == "OPENAI_API_KEY")
                #expect(explanation.winner?.place == "OPENAI_API_KEY_FILE")
                let head = "openai: no answer: OPENAI_API_KEY_FILE isn't read\n"
                #expect(explanation.description.hasPrefix(head), "\(explanation)")
                #expect(
                    explanation.warnings.contains { $0.hasPrefix("OPENAI_API_KEY_FILE names a file that isn't read") }
                )
                let listed = try other.list().first { $0.service == "openai" }
                #expect(listed?.outcome == .unreadable && listed?.winner == explanation.winner)
                #expect(try await other.getAPIKey(service: "groq") == nil)
            }
        }
    }

    @Test("A variable whose name differs by case alone is what an explanation mentions, as the error does")
    func misspelling() async throws {
        let resolver = try KeyResolver(environment: ["openai_api_key": "sk-fake-1"])
        let remark = "openai_api_key is set in process environment, and is another name: rename it to OPENAI_API_KEY"
        #expect(try resolver.explain(service: "openai").warnings == [remark])
        let error = try await KeyHooksTests.failure { try await resolver.requireAPIKey(service: "openai") }
        #expect(error.message.contains(remark))
    }

    @Test(
        "A name that is bound again is warned of where that changes its value",
        arguments: [
            ("sk-fake-1\nOPENAI_API_KEY=", false), ("sk-fake-1\nOPENAI_API_KEY='  '", false),
            ("sk-fake-1\nOPENAI_API_KEY=sk-fake-1", false), ("sk-fake-0\nOPENAI_API_KEY=sk-fake-1", true),
            ("sk-fake-1\nOPENAI_API_KEY=\nOPENAI_API_KEY=sk-fake-1", false),
            ("sk-fake-0\nOPENAI_API_KEY=\nOPENAI_API_KEY=sk-fake-1", true),
        ]
    )
    func boundAgain(text: String, isWarned: Bool) async throws {
        try await withFolder { folder in
            try folder.write(".env", "OPENAI_API_KEY=\(text)\n")
            #expect(chmod(folder.file(".env"), 0o600) == 0)
            #expect(try await resolver(folder).getAPIKey(service: "openai")?.value == "sk-fake-1")
            let warnings = try resolver(folder).explain(service: "openai").warnings
            #expect(warnings.count == (isWarned ? 1 : 0), "\(warnings)")
            #expect(warnings.allSatisfy { $0.contains("the last binding wins") })
        }
    }

    @Test("What a .env doesn't expand is said to be that", arguments: ["${OTHER}", "$OTHER", "$(cat key)"])
    func expansion(value: String) async throws {
        try await withFolder { folder in
            try folder.write(".env", "OPENAI_API_KEY=\(value)\n")
            func words(_ process: [String: String]) throws -> Bool {
                try resolver(folder, process).explain(service: "openai").warnings
                    .contains { $0.contains("values in .env aren't expanded") }
            }
            #expect(try words([:]) && !words(["OPENAI_API_KEY": value]))
        }
    }

    @Test("A .env makes no key of another file")
    func keyFileOfDotenv() async throws {
        try await withFolder { folder in
            let path = try folder.write("secret", "sk-fake-1")
            try folder.write(".env", "OPENAI_API_KEY_FILE=\(path)\n")
            let error = await failure(folder)
            #expect(error?.code == .absent)
            let remark = "OPENAI_API_KEY_FILE in \(folder.file(".env")) is not followed"
            #expect(error?.message.contains(remark) == true)
            #expect(try resolver(folder).explain(service: "openai").warnings.contains { $0.hasPrefix(remark) })
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
