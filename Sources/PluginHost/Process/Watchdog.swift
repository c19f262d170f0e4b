import KeyHooks
import LightFoundation
import Synchronization

/// Sees to it that no process of ours outlives this program, however it ends.
///
/// Linux kills a child when its parent ends, but not the children of that child. So a ``Shell`` knows the
/// groups of all that run, and kills those that are left when we are gone. There is one as long as anybody has a
/// watchdog; without `/bin/sh` there is none, and then only the system's own way remains.
final class Watchdog: Sendable {
    private struct State {
        var shell: Shell?
        /// The groups that run, for a shell that takes the place of another.
        var groups: Set<pid_t> = []
        /// Whether there is no shell to be had.
        var isWithoutShell = false

        /// The shell, which is started if it has to be; nil if there can be none.
        mutating func makeShell() throws(SystemFailure) -> Shell? {
            if let shell { return shell }
            guard !isWithoutShell else { return nil }
            do throws(SystemFailure) {
                shell = try Shell(watching: groups)
            } catch {
                guard error.isOfExecutable else { throw error }
                isWithoutShell = true
            }
            return shell
        }

        /// Ends one that can't be reached any more; if no other can be had now, the next start gets one or fails.
        mutating func replaceShell() {
            shell = nil
            _ = try? makeShell()
        }
    }

    private struct Reference {
        weak var watchdog: Watchdog?
    }

    private static let current = Mutex(Reference())
    private let state = Mutex(State())

    private init() {}

    /// The watchdog of this program.
    static func shared() -> Watchdog {
        current.withLock { current in
            let watchdog = current.watchdog ?? Watchdog()
            current.watchdog = watchdog
            return watchdog
        }
    }

    /// Starts a process on this thread, and knows its group before it runs.
    func start(_ child: ChildStart) throws(SystemFailure) -> pid_t {
        var attempt = 1
        while true {
            // Kept until the process is there, so that its descriptor stays what it is.
            let shell = try state.withLock { state throws(SystemFailure) in try state.makeShell() }
            let outcome = child.run(watchdog: shell?.input)
            guard let failure = outcome.failure else {
                add(outcome.pid, knownTo: shell)
                return outcome.pid
            }
            if outcome.pid > 0 {
                // Before its number is free for others.
                if shell?.tell("-", outcome.pid) == false || outcome.isOfWatchdog {
                    state.withLock { if $0.shell === shell { $0.replaceShell() } }
                }
                _ = ChildExit(collecting: outcome.pid)
            }
            guard attempt < 5, outcome.isOfWatchdog || failure.isBusy else { throw failure }
            // Another child of ours may hold the file open until its exec; who can wait without a thread waits longer.
            if failure.isBusy { usleep(1000) }
            attempt += 1
        }
    }

    /// Forgets a group; to be called before its first process is collected, which sets its number free.
    func remove(_ group: pid_t) {
        state.withLock { state in
            state.groups.remove(group)
            // One that does not know it would kill whoever gets the number next.
            if let shell = state.shell, !shell.tell("-", group) { state.replaceShell() }
        }
    }

    private func add(_ group: pid_t, knownTo shell: Shell?) {
        state.withLock { state in
            state.groups.insert(group)
            // It was replaced meanwhile by one that doesn't know of it.
            if let current = state.shell, current !== shell, !current.tell("+", group) { state.replaceShell() }
        }
    }
}

extension Watchdog {
    /// A shell that reads which groups of processes run, and kills those that are left at the end of its input.
    ///
    /// The end of its input comes when the last descriptor of ours is closed, which the system does even after
    /// `SIGKILL`. It has nothing else of ours: no variables, no other descriptors, no terminal's signals.
    final class Shell: Sendable {
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

        /// Tells it of a group; false if it can't be reached.
        func tell(_ sign: Character, _ group: pid_t) -> Bool { SystemCalls.tell(input, sign, group) }
    }
}
