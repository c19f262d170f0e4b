import Foundation

/// A user who is not root and has no process, for what does not bind root or whoever runs the tests.
enum OtherUser {
    static let number = 54_321

    /// Only root may become another.
    static var isThere: Bool {
        getuid() == 0
            && ["/usr/bin/setpriv", "/usr/bin/prlimit"].allSatisfy(FileManager.default.isExecutableFile(atPath:))
    }

    /// Becomes the user, who may have so many processes and threads.
    static func launcher(processes: Int? = nil) -> [String] {
        let limit = processes.map { ["/usr/bin/prlimit", "--nproc=\($0):\($0)"] } ?? []
        return limit + [
            "/usr/bin/setpriv", "--reuid=\(number)", "--regid=\(number)", "--clear-groups",
        ]
    }

    /// Another test's child may have got the descriptor that the copy was written by, and holds it until its exec.
    private static func waitUntilItRuns(_ copy: URL) throws {
        for _ in 1...100 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "exec \"$0\" --version", copy.path]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            // 126 is the shell's word for what is there and cannot be run now.
            if process.terminationStatus != 126 { return }
            usleep(20_000)
        }
    }

    /// Gives the user all that is in a tool's folder, with a copy of the tool: the folder it was built in may be closed
    /// to others.
    static func own(_ tool: Tool) throws {
        if !FileManager.default.fileExists(atPath: tool.copy.path) {
            try FileManager.default.copyItem(at: Tool.executable, to: tool.copy)
            try waitUntilItRuns(tool.copy)
        }
        let parent = tool.folder.deletingLastPathComponent().path
        let manager = FileManager.default
        let paths = try [parent] + manager.subpathsOfDirectory(atPath: parent).map { "\(parent)/\($0)" }
        for path in paths { try manager.setAttributes([.ownerAccountID: number], ofItemAtPath: path) }
    }
}
