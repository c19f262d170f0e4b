#if CLI
import Foundation
import Testing

struct DiscoveryTests {
    @Test func `The user's configuration is found where the folder has none`() async throws {
        try await withTool { tool in
            let home = tool.folder.appendingPathComponent("home").path
            try tool.write("home/.config/keyhooks/keyhooks.json", "{providers: {openai: {env: ['HOME_KEY']}}}")
            try tool.write("xdg/keyhooks/keyhooks.json", "{providers: {openai: {env: ['XDG_KEY']}}}")
            var environment = ["HOME": home, "HOME_KEY": "sk-home", "XDG_KEY": "sk-xdg", "OPENAI_API_KEY": "sk-own"]
            #expect(try await tool.run(["get", "openai"], environment: environment).text == "sk-home\n")
            environment["XDG_CONFIG_HOME"] = tool.folder.appendingPathComponent("xdg").path
            #expect(try await tool.run(["get", "openai"], environment: environment).text == "sk-xdg\n")
            try tool.write("keyhooks.json", "{}")
            #expect(try await tool.run(["get", "openai"], environment: environment).text == "sk-own\n")
        }
    }

    @Test func `With a user's configuration the .env of the working directory is still read`() async throws {
        try await withTool { tool in
            try tool.write("home/.config/keyhooks/keyhooks.json", "{}")
            try tool.write(".env", "OPENAI_API_KEY=sk-here")
            let environment = ["HOME": tool.folder.appendingPathComponent("home").path]
            #expect(try await tool.run(["get", "openai"], environment: environment).text == "sk-here\n")
        }
    }

    @Test func `Nothing above the working directory is looked at`() async throws {
        try await withTool { tool in
            try tool.write("keyhooks.json", "{")
            try tool.write(".env", "OPENAI_API_KEY=sk-parent")
            try tool.write("inner/empty", "")
            let inner = Tool(folder: tool.folder.appendingPathComponent("inner"))
            #expect(try await inner.run(["get", "openai"]).status == 1)
        }
    }
}
#endif
