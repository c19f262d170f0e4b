import Foundation
import Testing

@testable import PluginHost

@Suite("The watchdog", .timeLimit(.minutes(5)))
struct WatchdogTests {
    /// The children of this process whose command has a word, which `ps` tells.
    private static func children(_ word: String) throws -> [pid_t] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/ps")
        process.arguments = ["-A", "-o", "pid=,ppid=,args="]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n")
            .compactMap { line in
                let fields = line.split(separator: " ", maxSplits: 2)
                return fields.count == 3 && fields[1] == "\(getpid())" && fields[2].contains(word)
                    ? pid_t(fields[0]) : nil
            }
    }

    /// Whether there is a process of this number that nobody has yet to collect.
    private static func isRunning(_ pid: pid_t) -> Bool {
        guard exists(pid) else { return false }
        #if os(Linux)
        let state = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8))?.split(separator: ") ").last
        return state.map { !$0.hasPrefix("Z") } ?? false
        #else
        return true
        #endif
    }

    private static func start(_ body: String, in folder: TemporaryFolder) throws -> ChildProcess {
        let child = try ChildProcess(try Script.shell(body, in: folder))
        child.begin()
        return child
    }

    /// A folder that the test and the process it starts both know.
    private static func folder(of test: pid_t) -> TemporaryFolder {
        TemporaryFolder(path: FileManager.default.temporaryDirectory.path + "/keyhooks-groups-\(test)")
    }

    private static func numbers(in folder: TemporaryFolder) -> [pid_t] {
        let text = (try? String(contentsOfFile: folder.path + "/numbers", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { pid_t($0) }
    }

    private static let body = "sleep 600 & echo \"$!\n$$\" >> numbers; wait"

    @Test("One that was killed is replaced by one that knows the groups which run already")
    func replaced() async throws {
        let folder = Self.folder(of: getpid())
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let folder = Self.folder(of: getppid())
            let first = try Self.start(Self.body, in: folder)
            try await until { Self.numbers(in: folder).count == 2 }
            let watchdogs = try Self.children("keyhooks-watchdog")
            precondition(watchdogs.count == 1)
            kill(watchdogs[0], SIGKILL)
            // Until then the pipe takes what nobody will read.
            try await until { !Self.isRunning(watchdogs[0]) }
            let second = try Self.start(Self.body, in: folder)
            try await until { Self.numbers(in: folder).count == 4 }
            let others = try Self.children("keyhooks-watchdog")
            precondition(others.count == 1 && others != watchdogs)
            withExtendedLifetime((first, second)) { _ = kill(getpid(), SIGKILL) }
        }
        let numbers = Self.numbers(in: folder)
        #expect(numbers.count == 4)
        let due = ContinuousClock.now + .seconds(2)
        while numbers.contains(where: Self.isRunning), ContinuousClock.now < due {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(!numbers.contains(where: Self.isRunning))
    }

    @Test(
        "It kills the groups that it was reported of and not told to forget, whatever their numbers begin with",
        arguments: [
            ("+ 18540\n", ["-18540"]), ("+ 1234\n+ 2\n+ 10\n", ["-1234", "-2", "-10"]),
            ("+ 25\n+ 250\n- 25\n", ["-250"]), ("+ 11\n- 11\n", []), ("+ 7\n+ 8\n- 7\n+ 7\n", ["-8", "-7"]),
            ("+ 0\n+ 1\n+ -5\n+ x\n+ 5x\n+\n\n+ 012\n? 9\n", []), ("- 9\n+ 99\n", ["-99"]),
        ]
    )
    func groups(input: String, killed: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The real script, with a word in place of the deed.
        process.arguments = ["-c", "kill() { for last; do :; done; echo \"$last\"; }\n" + Watchdog.Shell.script]
        let (lines, output) = (Pipe(), Pipe())
        process.standardInput = lines
        process.standardOutput = output
        try process.run()
        try lines.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try lines.fileHandleForWriting.close()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text.split(separator: "\n").map(String.init) == killed)
    }

    @Test("It goes when the last process and its owner are gone, and a program that uses no plugin has none")
    func end() async {
        await #expect(processExitsWith: .success) {
            try await withFolder { folder in
                let before = try Self.children("keyhooks-watchdog").count
                precondition(before == 0)
                let children = ChildProcesses()
                for _ in 0..<2 {
                    let child = try children.start(
                        try Script.shell("exit 0", in: folder),
                        graces: ChildProcess.Graces()
                    )
                    child.begin()
                    _ = await child.ended()
                    // One for both.
                    let count = try Self.children("keyhooks-watchdog").count
                    precondition(count == 1)
                }
                await children.end(.gracefully)
                let isGone = try Self.children("keyhooks-watchdog").isEmpty
                precondition(isGone)
            }
        }
    }
}
