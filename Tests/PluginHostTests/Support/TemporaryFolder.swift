import Foundation

/// A folder of its own for one test.
struct TemporaryFolder {
    let path: String

    /// Writes a file and gives its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// Makes a folder, and takes it away whatever happens.
func withFolder<Result>(_ body: (TemporaryFolder) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(TemporaryFolder(path: path))
}

extension TemporaryFolder {
    /// The first line of a file, or nil if there is none.
    func read(_ name: String) -> String? {
        guard let text = try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first.map(String.init)
    }
}
