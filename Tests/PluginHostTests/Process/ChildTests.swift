import Foundation
import KeyHooks
import Testing

@testable import PluginHost

@Suite("A child", .timeLimit(.minutes(5)))
struct ChildTests {
    /// What a shell script writes before it ends, with a file of ours open and signals of ours blocked and ignored.
    private func output(_ body: String, environment: [String: String] = [:]) async throws -> [String] {
        try await withFolder { folder in
            var launch = try Script.shell(body, in: folder)
            launch.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
            let log = Recording<UInt8>()
            let child = try spawn(launch)
            child.begin(output: { bytes in for byte in bytes { log.add(byte) } })
            child.end(.gracefully)
            #expect(await child.ended() == .status(0))
            return String(decoding: log.events, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    private func spawn(_ launch: PluginLaunch) throws -> ChildProcess {
        // As a careless library would: inherited by every process that closes nothing.
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        var (blocked, before) = (sigset_t(), sigset_t())
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGUSR1)
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        signal(SIGUSR2, SIG_IGN)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return try ChildProcess(launch, graces: ChildProcess.Graces(closing: .seconds(30)))
    }

    @Test("It has its three streams and nothing else of ours")
    func descriptors() async throws {
        // The fourth is that of the folder being listed.
        let names = try await output("exec ls /proc/self/fd")
        #expect(names.count == 4 && names.starts(with: ["0", "1", "2"]))
    }

    @Test("It has a group of its own, no signal blocked and none ignored")
    func signals() async throws {
        let lines = try await output(
            "grep -E '^Sig(Blk|Ign)' /proc/self/status | cut -f 2; cut -d ' ' -f 5 /proc/$$/stat; echo $$"
        )
        #expect(UInt64(lines[0], radix: 16) == 0)
        // The C library has every child ignore the two signals that it uses itself.
        #expect(try #require(UInt64(lines[1], radix: 16)) & ~0x1_8000_0000 == 0)
        #expect(lines[2] == lines[3])
    }

    @Test("It begins in its folder with the environment it was given")
    func environment() async throws {
        let lines = try await output(
            "test -f plugin.sh && echo here; echo $KEY; env | wc -l",
            environment: ["KEY": "v=1"]
        )
        #expect(lines[0] == "here")
        #expect(lines[1] == "v=1")
    }

    @Test("It knows that it is a plugin's, whatever environment it was given", arguments: [nil, "", "0"])
    func mark(given: String?) async throws {
        var environment: [String: String] = [:]
        environment["KEYHOOKS_PLUGIN"] = given
        #expect(try await output("echo $KEYHOOKS_PLUGIN", environment: environment) == ["1"])
    }

    @Test("Only the usual names and those asked for are passed on")
    func filter() {
        let all = ["PATH": "/bin", "HOME": "/h", "OPENAI_API_KEY": "sk-1", "ACME_TOKEN": "t", "LD_PRELOAD": "x"]
        #expect(
            PluginLaunch.environment(from: all, allowing: ["ACME_TOKEN", "ABSENT"])
                == ["PATH": "/bin", "HOME": "/h", "ACME_TOKEN": "t"]
        )
    }

    @Test(
        "Its end is known by status or signal",
        arguments: [("exit 7", ChildExit.status(7)), ("kill -9 $$", .signal(9))]
    )
    func ends(body: String, exit: ChildExit) async throws {
        try await withFolder { folder in
            let child = try ChildProcess(try Script.shell(body, in: folder))
            child.begin()
            #expect(await child.ended() == exit)
            #expect(!exists(child.pid))
        }
    }

    @Test("A NUL in what it is called with is refused")
    func nul() async throws {
        _ = try await withFolder { folder in
            #expect(throws: SystemFailure(EINVAL)) {
                _ = try ChildProcess(Script.launch("/bin/echo", ["a\0b"], folder))
            }
        }
    }
}
