#if CLI
import JSON5Syntax
import KeyHooks
import LightFoundation

/// The files of a new plugin that keeps all rules of the protocol and has no keys yet.
struct PluginScaffold {
    struct File {
        let name: String
        let text: String
        var isExecutable = false
    }

    let files: [File]
    /// The file in which its author says where the keys are.
    let source: String
    /// What is to be done before the plugin runs; nil if nothing is.
    var firstStep: String?

    /// The manifest with a name in the place of each blank.
    static func manifest(_ id: String, mode: String, entry: String) -> File {
        File(
            name: "plugin.json",
            text: """
                {
                    "id": "\(id)",
                    "version": "0.1.0",
                    "api": 1,
                    "description": "Keys from where \(id) has them",
                    "mode": "\(mode)",
                    "entry": "./\(entry)",
                    // For some services only: "services": ["openai", "azure*"] beside the phase.
                    "hooks": [{ "point": "getAPIKey", "phase": "start" }],
                    // The names of variables that it needs besides PATH, HOME, LANG and TMPDIR.
                    "environment": [],
                    // What "plugins": { "\(id)": { … } } in keyhooks.json may say, as a JSON Schema.
                    "configuration": { "type": "object", "properties": {}, "additionalProperties": false }
                }

                """
        )
    }

    /// Writes the files into a folder that must not be there yet.
    func write(to folder: String) throws(KeyResolutionError) {
        let shown = displayText(folder, limit: 4096)
        let manager = FileManager.default
        // Also a link that leads nowhere is something.
        guard (try? manager.attributesOfItem(atPath: folder)) == nil else {
            throw KeyResolutionError(
                .pluginFailed,
                "\(shown) is there already, and nothing is overwritten",
                remedy: "name another folder with --folder"
            )
        }
        do {
            // Not left to the user's mask: what others can change does not run.
            try manager.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755]
            )
            try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            for file in files {
                let path = "\(folder)/\(file.name)"
                try Data(file.text.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
                let mode = file.isExecutable ? 0o755 : 0o644
                try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            }
        } catch {
            throw KeyResolutionError(
                .pluginFailed,
                "\(shown) cannot be written",
                remedy: "see who may write to the folder it is in"
            )
        }
    }
}
#endif
