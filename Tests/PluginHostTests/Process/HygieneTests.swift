#if os(Linux)
import Foundation
import KeyHooks
import Testing

@testable import PluginHost

/// Each in a process of its own, since descriptors, threads and children are counted.
@Suite("What plugins leave behind", .timeLimit(.minutes(5)))
struct HygieneTests {
    @Test("Sessions that end well, crash, hang or misbehave leave no process, descriptor or thread")
    func leaks() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_DFL)
            try await Leaks.round()
            try await Leaks.settle()
            let before = Leaks.descriptors()
            try await withSession("hello()\nfor r in requests(): key(r['id'], 'x')") { session in
                _ = try await session.key("openai")
                // A thread has its name only when it runs.
                for _ in 0..<2000 where Leaks.threads() < 2 { try await Task.sleep(for: .milliseconds(1)) }
                // Else the counts at the end would prove nothing.
                Leaks.expect(.threadsOfOne, Leaks.threads(), 2)
                // Two of the bell, three of the streams, one of the watchdog.
                Leaks.expect(.descriptorsOfOne, Leaks.descriptors() - before, 6)
            }
            for _ in 0..<2 { try await Leaks.round() }
            try await Leaks.settle()
            Leaks.expect(.threads, Leaks.threads(), 0)
            Leaks.expect(.descriptors, Leaks.descriptors(), before)
            var status: Int32 = 0
            Leaks.expect(.children, Int(waitpid(-1, &status, WNOHANG)), -1)
        }
    }

    @Test("A host that collects all children on its own loses the status and nothing else")
    func collected() async {
        await #expect(processExitsWith: .success) {
            signal(SIGCHLD, SIG_IGN)
            try await withSession("hello(); r = next(requests()); key(r['id'], 'x'); next(requests()); sys.exit(3)") {
                let answer = try await $0.key("openai")
                precondition(answer == "key x")
                do {
                    _ = try await $0.key("openai")
                    preconditionFailure("answered by nobody")
                } catch let error as PluginError {
                    precondition(error.kind == .crashed && error.message == "it ended")
                }
            }
        }
    }

    @Test("Writing to a child that is gone does not end the host")
    func brokenPipe() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_DFL)
            try await withFolder { folder in
                let launch = try Script.shell("exec 0<&-; echo closed; exec sleep 60", in: folder)
                let log = Recording<Int>()
                let child = try ChildProcess(launch)
                child.begin(output: { log.add($0.count) })
                try await until { !log.events.isEmpty }
                for _ in 0..<100 { child.send(Array("{}\n".utf8)) }
                child.end(.atOnce)
                _ = await child.ended()
            }
        }
    }
}

/// Things that go wrong, and what is there to be counted.
enum Leaks {
    static func round() async throws {
        let bodies = [
            "hello()\nfor r in requests(): key(r['id'], 'x')",
            "hello(); next(requests()); sys.exit(3)",
            "print('noise', flush=True); time.sleep(60)",
            "signal.signal(signal.SIGTERM, signal.SIG_IGN); hello(); next(requests()); time.sleep(60)",
            "hello(); next(requests()); subprocess.Popen(['sleep', '60']); sys.exit(0)",
            "hello(); next(requests()); os.close(0); time.sleep(60)",
        ]
        try await withThrowingTaskGroup { group in
            for body in bodies {
                group.addTask {
                    try await withSession(body) { session in
                        _ = try? await session.key("openai", within: .milliseconds(1500))
                    }
                }
            }
            try await group.waitForAll()
        }
        try await withFolder { folder in
            for body in ["exit 1", "sleep 60", "sleep 60 & exit 0"] {
                let plugin = OneshotPlugin(try Script.shell(body, in: folder))
                _ = try? await plugin.answer(to: .key("openai", within: .milliseconds(100)))
            }
            let missing = OneshotPlugin(Script.launch("\(folder.path)/absent", [], folder))
            _ = try? await missing.answer(to: .key("openai"))
        }
    }

    /// Waits for the threads of collected children and for the watchdog, which need an instant more.
    static func settle() async throws {
        for _ in 0..<2000 where threads() > 0 || hasChildren { try await Task.sleep(for: .milliseconds(1)) }
    }

    private static var hasChildren: Bool {
        var information = siginfo_t()
        return waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) == 0
    }

    /// What is counted; a wrong count is the status with which the process ends, since nobody reads its output.
    enum Count: Int32 {
        case threadsOfOne = 101
        case descriptorsOfOne
        case threads
        case descriptors
        case children
    }

    static func expect(_ what: Count, _ count: Int, _ expected: Int) {
        if count != expected { exit(what.rawValue) }
    }

    static func descriptors() -> Int { names("/proc/self/fd").count }

    static func threads() -> Int {
        names("/proc/self/task")
            .filter { task in
                let name = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
                return name?.hasPrefix("keyhooks") ?? false
            }
            .count
    }

    private static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
}
#endif
