import Foundation
import Testing

/// The executable `keyhooks`, run as a child process with nothing inherited.
struct Tool {
    struct Run {
        let status: Int32
        let isBySignal: Bool
        let output: [UInt8]
        let errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// The executable beside the test bundle.
    static let executable: URL = {
        #if os(macOS)
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
        return bundle.bundleURL.deletingLastPathComponent().appendingPathComponent("keyhooks")
        #else
        return Bundle.main.bundleURL.appendingPathComponent("keyhooks")
        #endif
    }()

    /// The plugins that are part of it.
    static let builtIn: [String] = {
        #if AWS
        ["openbao", "litellm", "aws"]
        #else
        ["openbao", "litellm"]
        #endif
    }()

    let folder: URL

    /// A copy of the executable where another user can get at it, if there is one.
    var copy: URL { folder.deletingLastPathComponent().appendingPathComponent("keyhooks") }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        return file.path
    }

    /// Runs the tool in the folder, with a home of its own.
    ///
    /// `output` takes the place of the file that catches standard output, and `launcher` is a program, with its first
    /// arguments, that becomes the tool in the end. Most tests are not about trust: a `keyhooks.json` in the folder is
    /// named to the tool, unless it is to be found.
    func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        finding isFinding: Bool = false,
        input: String? = nil,
        output: FileHandle? = nil,
        launcher: [String] = []
    ) async throws -> Run {
        let home = folder.deletingLastPathComponent().appendingPathComponent("home").path
        let environment = ["HOME": home].merging(environment) { $1 }
        let isThere = FileManager.default.fileExists(atPath: folder.appendingPathComponent("keyhooks.json").path)
        var arguments = arguments
        if isThere, !isFinding, environment["KEYHOOKS_CONFIG"] == nil, let place = Self.placeOfOptions(in: arguments) {
            arguments.insert(contentsOf: ["--config", "keyhooks.json"], at: place)
        }
        let process = Process()
        let isCopied = FileManager.default.fileExists(atPath: copy.path)
        let words = launcher + [isCopied ? copy.path : Self.executable.path] + arguments
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = environment
        process.currentDirectoryURL = folder
        process.standardInput =
            try input.map { text in
                let url = folder.deletingLastPathComponent().appendingPathComponent("\(UUID().uuidString).in")
                try Data(text.utf8).write(to: url)
                return try FileHandle(forReadingFrom: url)
            } ?? FileHandle.nullDevice
        // Files rather than pipes: nothing has to be read while the child runs.
        let name = UUID().uuidString
        let caught = try ["out", "err"]
            .map { kind in
                let url = folder.deletingLastPathComponent().appendingPathComponent("\(name).\(kind)")
                try Data().write(to: url)
                return url
            }
        let handles = try caught.map { try FileHandle(forWritingTo: $0) }
        // Foundation's `Process` fails with some 1,400 open descriptors, and keeps these for long.
        defer { for handle in handles { try? handle.close() } }
        process.standardOutput = output ?? handles[0]
        process.standardError = handles[1]
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return Run(
            status: process.terminationStatus,
            isBySignal: process.terminationReason == .uncaughtSignal,
            output: Array(try Data(contentsOf: caught[0])),
            errors: String(decoding: try Data(contentsOf: caught[1]), as: UTF8.self)
        )
    }
}

extension Tool {
    /// Where options go, behind the words of a command that takes a configuration; nil if it takes none, or has one.
    private static func placeOfOptions(in arguments: [String]) -> Int? {
        guard let command = arguments.first, !arguments.contains("--config"), !arguments.contains("--user-config")
        else {
            return nil
        }
        if ["get", "explain", "list", "check", "set", "rotate", "delete", "copy"].contains(command) { return 1 }
        let two = ["managers", "openbao", "litellm", "aws"]
        if two.contains(command) || arguments.prefix(2) == ["leases", "revoke"] { return 2 }
        let below = ["list", "info", "trust", "untrust", "enable", "disable", "forget", "check", "try"]
        return command == "plugins" && arguments.count > 1 && below.contains(arguments[1]) ? 2 : nil
    }
}

/// Gives a tool that runs in an empty folder, and takes all away whatever happens.
func withTool<Result>(_ body: (Tool) async throws -> Result) async throws -> Result {
    let parent = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-\(UUID().uuidString)")
    let folder = parent.appendingPathComponent("work")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: parent) }
    return try await body(Tool(folder: folder))
}
