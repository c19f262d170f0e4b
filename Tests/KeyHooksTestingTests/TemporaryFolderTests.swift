import Foundation
import KeyHooks
import KeyHooksTesting
import PluginHost
import Testing

@Suite("Temporary folder")
struct TemporaryFolderTests {
    @Test func `Its files are believed, and it is gone afterwards`() async throws {
        let path = try await withTemporaryFolder { folder in
            try folder.write("project/.env", "OPENAI_API_KEY=\(APIKey.fake("file").value)\n")
            try folder.write("keyhooks/keyhooks.json", "{providers: {groq: {env: ['MY_GROQ']}}}")
            let configuration = try KeyConfiguration.discover(
                in: "\(folder.path)/project",
                environment: folder.environment
            )
            let resolver = try KeyResolver(
                configuration: configuration,
                environment: folder.environment.merging(["MY_GROQ": "mine"]) { $1 }
            )
            #expect(try await resolver.getAPIKey(service: "openai") == .fake("file"))
            #expect(try await resolver.getAPIKey(service: "groq")?.value == "mine")
            return folder.path
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `A plugin in it runs as the user's own`() async throws {
        try await withTemporaryFolder { folder in
            try folder.write(
                "keyhooks/plugins/acme/plugin.json",
                """
                {id: 'acme', version: '1', api: 1, entry: 'run', mode: 'oneshot',
                 hooks: [{point: 'getAPIKey', phase: 'start'}], timeouts: {request_ms: 30000}}
                """
            )
            try folder.write(
                "keyhooks/plugins/acme/run",
                """
                #!/bin/sh
                IFS= read -r line
                rest=${line#*\\"id\\":\\"} && id=${rest%%\\"*}
                printf '{"type":"response","id":"%s","ok":{"verdict":"finish","result":{"key":"fake-placeholder-acme"}}}\\n' "$id"

                """,
                isExecutable: true
            )
            let host = DropInPlugins(environment: folder.environment)
            let resolver = try KeyResolver(plugins: [host], environment: folder.environment)
            #expect(try await resolver.getAPIKey(service: "openai") == .fake("acme"))
            await host.shutdown()
        }
    }
}
