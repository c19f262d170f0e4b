#if CLI
import Foundation

/// Runs the tool in a folder with a project's plugin, with a home of its own.
struct PluginTool {
    let tool: Tool

    var home: String { tool.folder.appendingPathComponent("home").path }

    /// Makes a plugin of the project that leaves a mark when it is run.
    func plugin(_ id: String, in folder: String = "conf/Plugins", more: String = "") throws {
        let manifest = """
            { "id": "\(id)", "version": "1.4.0", "api": 1, "description": "Keys from the vault", "entry": "./run",
              "environment": ["ACME_TOKEN"], \(more)
              "hooks": [{ "point": "getAPIKey", "phase": "start", "services": ["openai", "azure*"] }] }
            """
        try tool.write("\(folder)/\(id)/plugin.json", manifest)
        let run = try tool.write("\(folder)/\(id)/run", "#!/bin/sh\ntouch '\(mark)'\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: run)
    }

    var mark: String { tool.folder.appendingPathComponent("mark").path }

    /// Runs `keyhooks plugins` with the configuration of the project.
    func plugins(_ arguments: String..., environment: [String: String] = [:]) async throws -> Tool.Run {
        try await tool.run(
            ["plugins"] + arguments + ["--config", "conf/keyhooks.json"],
            environment: environment.merging(["HOME": home, "PATH": "/usr/bin:/bin"]) { own, _ in own }
        )
    }
}

/// Gives a folder whose configuration lies elsewhere than the working directory and names a plugin path.
func withPluginTool<Result>(_ body: (PluginTool) async throws -> Result) async throws -> Result {
    try await withTool { tool in
        try tool.write("conf/keyhooks.json", "{ pluginPath: ['Plugins'] }")
        return try await body(PluginTool(tool: tool))
    }
}

extension Tool.Run {
    /// The lines of the output with single spaces.
    var lines: [String] {
        text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    }
}
#endif
