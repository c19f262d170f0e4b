import Foundation

/// The processes of this machine, as `ps` lists them.
struct ProcessTable {
    struct Row {
        let pid: pid_t
        let parent: pid_t
        let command: String
    }

    /// Those that run; one that has ended and waits to be collected by somebody does not.
    let rows: [Row]

    init() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/ps")
        process.arguments = ["-A", "-o", "pid=,ppid=,stat=,args="]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        rows = text.split(separator: "\n")
            .compactMap { line in
                let fields = line.split(separator: " ", maxSplits: 3)
                guard fields.count == 4, let pid = pid_t(fields[0]), let parent = pid_t(fields[1]),
                    !fields[2].hasPrefix("Z")
                else { return nil }
                return Row(pid: pid, parent: parent, command: String(fields[3]))
            }
    }

    /// The processes that one has started, and those that they have.
    func descendants(of pid: pid_t) -> [Row] {
        rows.filter { $0.parent == pid }.flatMap { [$0] + descendants(of: $0.pid) }
    }
}
