import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

@testable import PluginHost

@Suite("The plugins of Plugins/Examples")
struct ExampleTests {
    @Test("Each keeps the rules of the protocol", arguments: ["command", "pass", "keyfile"])
    func check(name: String) async throws {
        try await withExample(name) { fixture in
            let place = "\(fixture.user)/\(name)"
            if fixture.exists("\(place)/build.sh") { try await fixture.run("\(place)/build.sh") }
            let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": fixture.root]
            let report = try await PluginConformance(environment: environment).check(place)
            #expect(report.isConforming, "\(report.summary)")
        }
    }

    @Test("command: asks the command of a service, directly")
    func command() async throws {
        try await withExample("command") { fixture in
            let resolver = try fixture.resolver(
                """
                {plugins: {command: {ttlSeconds: 3600, absentStatus: [3], commands: {
                    openai: ['echo', 'sk-$HOME; echo x'], azure: ['sh', '-c', 'exit 3'], cohere: ['sh', '-c', 'exit 4'],
                    mistral: ['nosuchcommand'], xai: ['true'], deepseek: ['printf', '%s', 'sk-{service}'],
                }}}}
                """,
                ["AZURE_API_KEY": "sk-environment", "COHERE_API_KEY": "sk-environment", "GROQ_API_KEY": "sk-groq"]
            )
            #expect(try await resolver.value("openai") == "sk-$HOME; echo x")
            #expect(try await resolver.value("deepseek") == "sk-deepseek")
            #expect(try await resolver.value("azure") == "sk-environment")
            #expect(try await resolver.value("groq") == "sk-groq")
            #expect(await resolver.failure("cohere")?.code == .unavailable)
            #expect(await resolver.failure("xai")?.code == .unavailable)
            #expect(await resolver.failure("mistral")?.remedy.contains("install nosuchcommand") == true)
            #expect(try resolver.cachedAPIKey(service: "openai")?.value == "sk-$HOME; echo x")
        }
    }

    @Test("pass: reads a file for each service")
    func pass() async throws {
        try await withExample("pass") { fixture in
            let keys = "\(fixture.root)/keys"
            for (name, text) in [("openai", "sk-1\nnote\n"), ("azure", "a\"b\\c"), ("groq", "\n"), ("xai", "a\tb\n")] {
                try fixture.write("\(keys)/\(name)", text)
            }
            let resolver = try fixture.resolver(
                "{}",
                ["KEYHOOKS_KEYS_FOLDER": keys, "COHERE_API_KEY": "sk-environment", "GROQ_API_KEY": "sk-groq"]
            )
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try await resolver.value("azure") == "a\"b\\c")
            #expect(try await resolver.value("cohere") == "sk-environment")
            #expect(try await resolver.value("groq") == "sk-groq")
            #expect(await resolver.failure("xai")?.code == .pluginFailed)
            let gone = try fixture.resolver(
                "{}",
                ["KEYHOOKS_KEYS_FOLDER": "\(fixture.root)/no", "OPENAI_API_KEY": "sk"]
            )
            #expect(await gone.failure("openai")?.code == .unavailable)
        }
    }

    @Test("keyfile: reads one file that nobody else may read")
    func keyfile() async throws {
        try await withExample("keyfile") { fixture in
            try await fixture.run("\(fixture.user)/keyfile/build.sh")
            let file = "\(fixture.root)/keys.json"
            try fixture.write(file, #"{"openai": "sk-1", "xai": 7}"#, mode: 0o600)
            let environment = ["GROQ_API_KEY": "sk-groq", "OPENAI_API_KEY": "sk-environment"]
            let resolver = try fixture.resolver("{plugins: {keyfile: {file: '\(file)'}}}", environment)
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try await resolver.value("groq") == "sk-groq")
            #expect(await resolver.failure("xai")?.code == .pluginFailed)
            try fixture.change(file, to: 0o644)
            resolver.invalidateAll()
            #expect(await resolver.failure("openai")?.code == .denied)
        }
    }
}

/// Puts an example into a user's folder of plugins, as its README says.
func withExample(_ name: String, _ body: (PluginFixture) async throws -> Void) async throws {
    try await withPlugins { fixture in
        let source = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Plugins/Examples/\(name)")
        for file in try FileManager.default.contentsOfDirectory(atPath: source.path) where file != "keyfile" {
            let path = source.appendingPathComponent(file)
            let isExecutable = FileManager.default.isExecutableFile(atPath: path.path)
            let text = try String(contentsOf: path, encoding: .utf8)
            try fixture.write("\(fixture.user)/\(name)/\(file)", text, mode: isExecutable ? 0o755 : 0o644)
        }
        try await body(fixture)
    }
}

extension PluginFixture {
    /// Runs a script and waits for it.
    fileprivate func run(_ path: String) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        let status = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        #expect(status == 0)
    }
}
