#if AWS
import Dispatch
import KeyHooks
import LightFoundation
import Synchronization

#if os(Linux)
import CProcess
#endif

/// A program that is run to its end for what it writes, without a shell, without input, and with its errors dropped.
struct Command: Sendable, CustomReflectable {
    let path: String

    /// Its own name first.
    let arguments: [String]
    let environment: [String: String]

    /// The program alone: what it is called with may be a secret.
    var customMirror: Mirror { Mirror(self, children: ["path": path]) }

    enum Result: Sendable {
        case ended(status: Int32, output: [UInt8])
        case late
        case tooLong
        case notStarted(String)
    }

    /// Where a program is, as a shell finds it; nil if it can't be run.
    static func path(of name: String, _ environment: [String: String]) -> String? {
        if name.contains("/") { return isProgram(name) ? name : nil }
        return (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
            .map { "\($0)/\(name)" }
            .first(where: isProgram)
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Runs it; with all that it started it is killed when its time is over, or when the task is cancelled.
    ///
    /// - Throws: A `CancellationError`.
    func run(within time: Duration, limit: Int) async throws -> Result {
        let started = StartedCommand()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // It blocks a thread as long as the program runs.
                DispatchQueue.global()
                    .async {
                        continuation.resume(returning: self.run(started, until: .now + time, limit))
                    }
            }
        } onCancel: {
            started.kill()
        }
        try Task.checkCancellation()
        return result
    }

    private func run(_ started: StartedCommand, until end: ContinuousClock.Instant, _ limit: Int) -> Result {
        var ends: [CInt] = [-1, -1]
        guard Self.pipe(&ends) else { return .notStarted("there are too many open files") }
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let errors = open("/dev/null", O_WRONLY | O_CLOEXEC)
        var error = started.start { start(input: input, output: ends[1], errors: errors) }
        // One that is just being installed is open for writing, or a child of another thread has it so for a moment.
        for _ in 0..<50 where error == ETXTBSY && ContinuousClock.now < end {
            usleep(10_000)
            error = started.start { start(input: input, output: ends[1], errors: errors) }
        }
        for descriptor in [input, errors, ends[1]] where descriptor >= 0 { close(descriptor) }
        defer { close(ends[0]) }
        guard error == 0 else { return .notStarted(String(cString: strerror(error))) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var fault: Result?
        while fault == nil {
            let left = ContinuousClock.now.duration(to: end)
            var waiting = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
            let count = left > .zero ? poll(&waiting, 1, CInt(min(left / .milliseconds(1), 60_000).rounded(.up))) : 0
            if count < 0, errno != EINTR { break }
            if count == 0, ContinuousClock.now >= end { fault = .late }
            guard count > 0 else { continue }
            let length = read(ends[0], &buffer, buffer.count)
            if length == 0 || (length < 0 && errno != EINTR) { break }
            output += buffer.prefix(max(0, length))
            if output.count > limit { fault = .tooLong }
        }
        if fault != nil { started.kill() }
        // One that closed its output and goes on is not waited for beyond its time.
        guard let status = started.collect(until: end) else { return fault ?? .late }
        return fault ?? .ended(status: status, output: output)
    }

    private static func pipe(_ ends: inout [CInt]) -> Bool {
        #if os(Linux)
        return keyhooks_open_pipe(&ends) == 0
        #else
        guard LightFoundation.pipe(&ends) == 0 else { return false }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return true
        #endif
    }

    /// Starts it in a process group of its own.
    private func start(input: CInt, output: CInt, errors: CInt) -> (pid: pid_t, error: CInt) {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        guard !(arguments + variables).contains(where: { $0.utf8.contains(0) }) else { return (0, EINVAL) }
        let words = arguments.map { strdup($0) } + [nil]
        let texts = variables.map { strdup($0) } + [nil]
        defer { for text in words + texts { free(text) } }
        // Above those of the standard streams, which the child puts them in the place of.
        let streams = [input, output, errors].map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
        defer { for stream in streams where stream >= 0 { close(stream) } }
        guard streams.allSatisfy({ $0 >= 0 }) else { return (0, EMFILE) }
        #if os(Linux)
        let start = keyhooks_start_child(path, words, texts, ".", streams, -1, false)
        return (start.pid, start.error)
        #elseif os(macOS)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, CInt(number))
        }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_CLOEXEC_DEFAULT))
        var pid: pid_t = 0
        let error = posix_spawn(&pid, path, &actions, &attributes, words, texts)
        return (error == 0 ? pid : 0, error)
        #else
        return (0, ENOTSUP)
        #endif
    }
}

/// A process that may be killed until it was collected: afterwards its number may be another's.
private final class StartedCommand: Sendable {
    private struct State {
        var pid: pid_t = 0
        var isKilled = false
    }

    private let state = Mutex(State())

    /// Starts it, unless it was to be killed before; 0, or the number of the error.
    func start(_ body: () -> (pid: pid_t, error: CInt)) -> CInt {
        state.withLock { state in
            guard !state.isKilled else { return ECANCELED }
            let (pid, error) = body()
            if error != 0, pid > 0 {
                // It never became the program.
                _ = waitpid(pid, nil, 0)
                return error
            }
            state.pid = pid
            return error
        }
    }

    /// Kills its whole group.
    func kill() {
        state.withLock { state in
            state.isKilled = true
            if state.pid > 0 { _ = LightFoundation.kill(-state.pid, SIGKILL) }
        }
    }

    /// Waits for its end, and kills it at the latest when its time is over.
    ///
    /// - Returns: Its status, 128 and the number for a signal; nil if it had to be killed.
    func collect(until end: ContinuousClock.Instant) -> Int32? {
        var status: CInt = 0
        var pause: useconds_t = 500
        while true {
            let pid = state.withLock(\.pid)
            let isLate = ContinuousClock.now >= end
            if isLate { kill() }
            let found = waitpid(pid, &status, isLate || state.withLock(\.isKilled) ? 0 : WNOHANG)
            if found == pid || (found < 0 && errno != EINTR) {
                let isKilled = state.withLock { state in
                    // What it left running on purpose, such as an agent of its own, goes on.
                    state.pid = 0
                    return state.isKilled
                }
                guard !isKilled else { return nil }
                return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
            }
            if found == 0 { usleep(pause) }
            pause = min(pause * 2, 20_000)
        }
    }
}
#endif
