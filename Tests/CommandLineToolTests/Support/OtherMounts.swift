import Foundation

/// A view of the file system in which something is missing.
enum OtherMounts {
    /// Whether the tests may make one, as root mostly may.
    static let areThere: Bool = {
        let words = launcher("mount -t tmpfs none /proc") + ["/bin/true"]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// Changes the view by a command of the shell.
    static func launcher(_ command: String) -> [String] {
        ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", "\(command) && exec \"$0\" \"$@\""]
    }
}
