import KeyHooks

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// A shell that reads which groups of processes run, and kills those that are left at the end of its input.
///
/// The end of its input comes when the last descriptor of ours is closed, which the system does even after `SIGKILL`.
/// It has nothing else of ours: no variables, no other descriptors, no terminal's signals.
final class WatchdogShell: Sendable {
    private let pid: pid_t
    /// Where "+ GROUP" and "- GROUP" go, a line each.
    let input: CInt

    // Numbers below 2 stand for other things than groups. Not every shell takes the first way of naming one.
    static let script = """
        trap '' HUP INT QUIT TERM TSTP
        groups=' '
        while read -r sign group; do
            case $group in ''|0*|1|*[!0-9]*) continue ;; esac
            case $sign in
                +) groups="$groups$group " ;;
                -) case $groups in *" $group "*) groups="${groups%%" $group "*} ${groups#*" $group "}" ;; esac ;;
            esac
        done
        for group in $groups; do
            kill -s KILL -- "-$group" 2>/dev/null || kill -9 "-$group" 2>/dev/null
        done
        """

    /// Starts one that knows some groups already.
    init(watching groups: some Sequence<pid_t>) throws(SystemFailure) {
        let pipe = try SystemCalls.makePipe()
        let start = ChildStart(
            executable: "/bin/sh",
            arguments: ["/bin/sh", "-c", Self.script, "keyhooks-watchdog"],
            environment: [:],
            folder: "/",
            streams: [pipe.reading, nil, nil],
            // Its work begins then.
            endsWithThread: false
        )
        let outcome = start.run(watchdog: nil)
        _ = close(pipe.reading)
        if let failure = outcome.failure {
            _ = close(pipe.writing)
            if outcome.pid > 0 { _ = ChildExit(collecting: outcome.pid) }
            throw failure
        }
        // One that does not read must not hold us up.
        SystemCalls.setNonBlocking(pipe.writing)
        pid = outcome.pid
        input = pipe.writing
        for group in groups { _ = tell("+", group) }
    }

    deinit {
        // What it still knows may be gone or go on: it must not act on that.
        var information = siginfo_t()
        if waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0 { _ = kill(pid, SIGKILL) }
        _ = ChildExit(collecting: pid)
        _ = close(input)
    }

    /// Tells it of a group; false if it cannot be told.
    func tell(_ sign: Character, _ group: pid_t) -> Bool { SystemCalls.tell(input, sign, group) }
}
