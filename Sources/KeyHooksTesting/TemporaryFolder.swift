import LightFoundation

/// A folder for one test: for a `.env`, a `keyhooks.json`, or plugins that are dropped in.
///
/// ```swift
/// try await withTemporaryFolder { folder in
///     try folder.write("keyhooks/keyhooks.json", #"{"providers": {"openai": {"ttl": "5m"}}}"#)
///     let configuration = try KeyConfiguration.discover(in: folder.path, environment: folder.environment)
///     …
/// }
/// ```
public struct TemporaryFolder: Sendable {
    /// The folder, as an absolute path without links.
    public let path: String

    /// An environment in which this folder is the user's home and configuration folder, with the usual `PATH` and
    /// nothing of the process environment.
    ///
    /// `keyhooks/keyhooks.json` in the folder is then the user's own configuration, and `keyhooks/plugins` holds the
    /// user's own plugins.
    public var environment: [String: String] {
        ["HOME": path, "XDG_CONFIG_HOME": path, "PATH": "/usr/local/bin:/usr/bin:/bin"]
    }

    /// Writes a file that only the user can change, and makes the folders above it.
    ///
    /// - Parameters:
    ///   - name: The path from the folder, such as `project/.env`.
    ///   - text: What goes into the file.
    ///   - isExecutable: Whether it is a program.
    /// - Returns: The absolute path of the file.
    /// - Throws: What Foundation says if the file can't be written.
    @discardableResult
    public func write(_ name: String, _ text: String, isExecutable: Bool = false) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: isExecutable ? 0o700 : 0o600], ofItemAtPath: file)
        return file
    }
}

/// Makes a folder for one test, and removes it with all that is in it, also when the test fails.
///
/// - Parameter body: The test.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or what Foundation says if the folder can't be made.
public func withTemporaryFolder<Result>(_ body: (TemporaryFolder) async throws -> Result) async throws -> Result {
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    let path = parent.appendingPathComponent("keyhooks-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
        atPath: path,
        withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700]
    )
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(TemporaryFolder(path: path))
}
