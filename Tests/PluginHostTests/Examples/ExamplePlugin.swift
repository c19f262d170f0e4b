import ExtensionHooks
import Foundation
import KeyHooks
import Testing

@testable import PluginHost

/// A copy of one of the plugins in `Plugins/Examples`, so that nothing is written beside the original.
struct ExamplePlugin {
    let folder: TemporaryFolder

    var place: String { "\(folder.path)/plugin" }

    /// Runs something in a shell, and waits for its end without a thread.
    func shell(_ script: String) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        try #require(process.terminationStatus == 0)
    }

    /// The rules that the plugin breaks, with a section of a configuration.
    func check(_ section: String = "{}", environment: [String: String] = [:]) async throws -> ConformanceReport {
        let file = try folder.write("keyhooks.json", "{plugins: {'\(try manifest.id)': \(section)}}")
        let configuration = try KeyConfiguration.read(from: file)
        return try await PluginConformance(
            configuration: configuration,
            environment: system.merging(environment) { $1 }
        )
        .check(place)
    }

    /// Asks for keys and gives back what the plugin said, or the kind of its error.
    func ask(
        _ services: String...,
        section: String = "{}",
        environment: [String: String] = [:],
        within deadline: Duration? = nil
    ) async throws -> [String] {
        var launch = PluginLaunch(
            id: try manifest.id.rawValue,
            version: "1",
            executable: "\(place)/\(try manifest.entry)",
            folder: place,
            environment: PluginLaunch.environment(
                from: system.merging(environment) { $1 },
                allowing: try manifest.environment
            ),
            mode: try manifest.mode == .oneshot ? .oneshot : .session,
            helloTimeout: .seconds(30),
            requestTimeout: .seconds(30)
        )
        launch.configuration = try node(section)
        try manifest.check(launch.configuration)
        let runner: any PluginAsking = launch.mode == .oneshot ? OneshotPlugin(launch) : PluginSession(launch)
        var words: [String] = []
        for service in services {
            do {
                words.append(try await runner.answer(to: .key(service, within: deadline)).summary)
            } catch let error as PluginError {
                words.append(error.kind.description)
                #expect(!error.description.contains("0123456789"))
            }
        }
        await runner.shutdown()
        return words
    }

    private var manifest: PluginManifest {
        get throws { try PluginManifest.read(from: "\(place)/plugin.json") }
    }

    private var system: [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path]
    }
}

/// What session and one-shot plugins have in common.
private protocol PluginAsking: Sendable {
    func answer(to request: PluginRequest) async throws -> PluginAnswer
    func shutdown() async
}

extension PluginSession: PluginAsking {}
extension OneshotPlugin: PluginAsking {}

/// Copies an example, by way of another process: what this one has open for writing cannot be executed.
func withExample<Result>(_ name: String, _ body: (ExamplePlugin) async throws -> Result) async throws -> Result {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    return try await withFolder { folder in
        let example = ExamplePlugin(folder: folder)
        try await example.shell("cp -R '\(sources)/Plugins/Examples/\(name)' plugin && chmod -R go-w .")
        return try await body(example)
    }
}
