#if CLI
import JSON5Syntax
import KeyHooks
import LightFoundation

/// The files of a new plugin that keeps all rules of the protocol and has no keys yet.
///
/// Their texts are the files beside this one, with words in capitals where a plugin differs.
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

    /// A one-shot plugin in the shell that every system has.
    static func shell(_ id: String) -> PluginScaffold {
        let source = File(name: "plugin.sh", text: text(PackageResources.plugin_sh, id), isExecutable: true)
        return PluginScaffold(files: [manifest(id, mode: "oneshot", entry: source.name), source], source: source.name)
    }

    /// A session plugin in Python without packages.
    static func python(_ id: String) -> PluginScaffold {
        let source = File(name: "plugin.py", text: text(PackageResources.plugin_py, id), isExecutable: true)
        return PluginScaffold(files: [manifest(id, mode: "session", entry: source.name), source], source: source.name)
    }

    /// A session plugin in one Swift file.
    static func swift(_ id: String) -> PluginScaffold {
        let build = "#!/bin/sh\ncd \"$(dirname \"$0\")\" && umask 022 && exec swiftc -O -o plugin main.swift\n"
        return PluginScaffold(
            files: [
                manifest(id, mode: "session", entry: "plugin"),
                File(name: "main.swift", text: text(PackageResources.main_swift_template, id)),
                File(name: "build.sh", text: build, isExecutable: true),
            ],
            source: "main.swift",
            firstStep: "build.sh"
        )
    }

    private static func manifest(_ id: String, mode: String, entry: String) -> File {
        let text = text(PackageResources.plugin_json5, id)
        return File(
            name: "plugin.json",
            text: text.replacing("PLUGIN-MODE", with: mode).replacing("PLUGIN-ENTRY", with: entry)
        )
    }

    private static func text(_ template: [UInt8], _ id: String) -> String {
        String(decoding: template, as: UTF8.self).replacing("PLUGIN-ID", with: id)
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
