import ExtensionHooks
import Foundation
import KeyHooks
import Testing

@testable import PluginHost

/// Folders of their own for one test, with the permissions they have on a well-kept machine.
struct PluginFixture: Sendable {
    let root: String

    var configuration: String { "\(root)/config/keyhooks" }
    var user: String { "\(configuration)/plugins" }
    var project: String { "\(root)/project/Plugins" }
    var named: String { "\(root)/named" }
    var state: String { "\(configuration)/plugins-state.json" }

    var environment: [String: String] { ["XDG_CONFIG_HOME": "\(root)/config", "KEYHOOKS_PLUGIN_PATH": named] }

    /// The directory as the program would make it.
    func directory(
        _ more: [String: String] = [:],
        declared: [String]? = nil,
        builtIn: [PluginID] = []
    ) -> PluginDirectory {
        let environment = environment.merging(more) { $1 }
        return PluginDirectory(
            searchPath: PluginSearchPath(declared: declared ?? [project], environment: environment),
            store: TrustStore(environment: environment),
            builtIn: builtIn
        )
    }

    /// Writes a plugin whose executable leaves a mark when it is run.
    @discardableResult
    func plugin(_ id: String, in folder: String, name: String? = nil, manifest: String? = nil) throws -> String {
        let place = "\(folder)/\(name ?? id)"
        try write(
            "\(place)/plugin.json",
            manifest ?? ManifestExamples.smallest(id: "'\(id)'", more: "description: 'd'")
        )
        try write("\(place)/run", "#!/bin/sh\ntouch '\(mark)'\n", mode: 0o755)
        return place
    }

    /// What a plugin that was run leaves.
    var mark: String { "\(root)/mark" }

    func write(_ path: String, _ text: String, mode: Int = 0o644) throws {
        try makeFolder(String(path[..<path.lastIndex(of: "/")!]))
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try change(path, to: mode)
    }

    func makeFolder(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        // Not left to the mask of whoever runs the tests.
        var place = path
        while place != root {
            try change(place, to: 0o755)
            place = String(place[..<place.lastIndex(of: "/")!])
        }
    }

    func change(_ path: String, to mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

/// Makes a fixture, and takes it away whatever happens.
func withPlugins<Result>(_ body: (PluginFixture) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o755]
    )
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(PluginFixture(root: try FileSystem.canonicalPath(of: path)))
}

extension PluginDirectory {
    /// The listing of the plugin that an id means.
    func listed(_ id: PluginID, sourceLocation: SourceLocation = #_sourceLocation) throws -> PluginListing {
        try #require(inventory().plugin(id)?.listing, sourceLocation: sourceLocation)
    }
}
