import KeyHooks
import LightFoundation

/// What it takes to start a process in a group of its own; the steps are those of the platform.
package struct ChildStart: Sendable {
    /// The absolute path of the executable.
    var executable: String
    /// What it is called with, its own name first.
    var arguments: [String]
    var environment: [String: String]
    var folder: String
    /// Descriptors of ours for its standard streams, with numbers above theirs; nil for one that is closed.
    var streams: [CInt?]
    /// Whether it is killed when the thread that starts it ends, where the system can do that.
    var endsWithThread = true

    /// What became of it.
    struct Outcome {
        /// The process, which is to be collected also when it failed; 0 if there is none.
        var pid: pid_t = 0
        /// Why it isn't running.
        var failure: SystemFailure?
        /// Whether writing to the watchdog is what failed.
        var isOfWatchdog = false
    }

    /// Runs a closure with the texts as the system wants them: those of the arguments, and those of the environment.
    func withCStrings(_ body: ([UnsafeMutablePointer<CChar>?], [UnsafeMutablePointer<CChar>?]) -> Outcome) -> Outcome {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        // The system would take the part before it for the whole.
        guard !([executable, folder] + arguments + variables).contains(where: { $0.utf8.contains(0) }) else {
            return Outcome(failure: SystemFailure(EINVAL))
        }
        let pointers = (arguments.map { strdup($0) } + [nil], variables.map { strdup($0) } + [nil])
        defer { for pointer in pointers.0 + pointers.1 { free(pointer) } }
        return body(pointers.0, pointers.1)
    }
}

/// What the system says when a process, a thread or a pipe cannot be made.
extension SystemFailure {
    /// What to do when it is this program that lacks room; nil if it is something else.
    package var spawnRemedy: String? {
        switch code {
        case EAGAIN: "raise the limit of processes and threads (ulimit -u, or that of the container), or end some"
        case ENOMEM: "there is too little memory: end something, or raise the limit"
        case ETXTBSY: "wait until the executable is written, or end what holds it open for writing"
        default: remedy
        }
    }

    /// Whether nothing is started any more.
    var isCancelled: Bool { code == ECANCELED }

    /// Whether the executable is open for writing, as one that is just being installed is.
    package var isBusy: Bool { code == ETXTBSY }

    /// Whether there is nothing that could be started, as opposed to a system that lacks room.
    var isOfExecutable: Bool { [ENOENT, ENOTDIR, EACCES, ENOEXEC, ELOOP].contains(code) }
}

extension ChildStart {
    /// The pipes between us and a process, and the one that wakes the thread of its streams.
    struct Pipes: Sendable {
        typealias Pipe = (reading: CInt, writing: CInt)

        let input: Pipe
        let output: Pipe
        let errors: Pipe
        let bell: Pipe

        init() throws(SystemFailure) {
            var opened: [Pipe] = []
            do throws(SystemFailure) {
                for _ in 0..<4 { opened.append(try SystemCalls.makePipe()) }
            } catch {
                Self.close(opened.flatMap { [$0.reading, $0.writing] })
                throw error
            }
            (input, output, errors, bell) = (opened[0], opened[1], opened[2], opened[3])
            for descriptor in [input.writing, output.reading, errors.reading, bell.reading, bell.writing] {
                SystemCalls.setNonBlocking(descriptor)
            }
        }

        /// What the process gets as its standard streams.
        var theirs: [CInt] { [input.reading, output.writing, errors.writing] }

        func closeTheirs() { Self.close(theirs) }

        func closeAll() {
            Self.close(theirs + [input.writing, output.reading, errors.reading, bell.reading, bell.writing])
        }

        private static func close(_ descriptors: [CInt]) {
            for descriptor in descriptors { _ = LightFoundation.close(descriptor) }
        }
    }
}

extension ChildStart {
    /// The start of a plugin.
    init(_ launch: PluginLaunch, _ pipes: ChildStart.Pipes) {
        executable = launch.executable
        arguments = [launch.executable] + launch.arguments
        // Whatever it starts in turn, keyhooks included, sees by this that it runs inside of a plugin.
        environment = launch.environment.merging(["KEYHOOKS_PLUGIN": "1"]) { $1 }
        folder = launch.folder
        streams = pipes.theirs
    }
}

extension ChildStart {
    /// Runs a program to its end, without input and with its output among our errors.
    ///
    /// - Returns: Whether it succeeded.
    package static func succeeds(_ path: String, _ environment: [String: String]) -> Bool {
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let output = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        defer { for descriptor in [input, output] where descriptor >= 0 { close(descriptor) } }
        let streams = [input, output, output].map { $0 >= 0 ? $0 : nil }
        let start = ChildStart(
            executable: path,
            arguments: [path],
            environment: environment,
            folder: ".",
            streams: streams
        )
        let outcome = start.run(watchdog: nil)
        guard outcome.pid != 0 else { return false }
        return ChildExit(collecting: outcome.pid) == .status(0) && outcome.failure == nil
    }
}

#if os(Linux)
import CProcess

extension ChildStart {
    /// Starts the process, which writes its group to the watchdog before it becomes another program.
    func run(watchdog: CInt?) -> Outcome {
        withCStrings { arguments, variables in
            let start = keyhooks_start_child(
                executable,
                arguments,
                variables,
                folder,
                streams.map { $0 ?? -1 },
                watchdog ?? -1,
                endsWithThread
            )
            return Outcome(
                pid: start.pid,
                failure: start.error == 0 ? nil : SystemFailure(start.error),
                isOfWatchdog: start.is_of_watchdog
            )
        }
    }
}
#elseif os(macOS)
import Darwin

extension ChildStart {
    /// Starts the process and writes its group to the watchdog.
    ///
    /// The system has no word for a child that ends with its parent: what the watchdog does is all there is.
    func run(watchdog: CInt?) -> Outcome {
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        let code = posix_spawn_file_actions_addchdir_np(&actions, folder)
        guard code == 0 else { return Outcome(failure: SystemFailure(code)) }
        for (number, stream) in streams.enumerated() {
            guard let stream else { continue }
            posix_spawn_file_actions_adddup2(&actions, stream, CInt(number))
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags =
            POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_CLOEXEC_DEFAULT
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return withCStrings { arguments, variables in
            var pid: pid_t = 0
            let code = posix_spawn(&pid, executable, &actions, &attributes, arguments, variables)
            guard code == 0 else { return Outcome(failure: SystemFailure(code)) }
            // A watchdog that cannot be written to is replaced before the next start.
            if let watchdog { _ = SystemCalls.tell(watchdog, "+", pid) }
            return Outcome(pid: pid)
        }
    }
}
#else
extension ChildStart {
    /// There are no children on this platform.
    func run(watchdog: CInt?) -> Outcome { Outcome(failure: SystemFailure(ENOTSUP)) }
}
#endif
