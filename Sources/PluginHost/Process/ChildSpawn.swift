#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// A process just started, with our ends of its standard streams.
struct SpawnedChild {
    let pid: pid_t
    let input: CInt
    let output: CInt
    let errors: CInt
}

#if os(macOS) || os(Linux)
extension SpawnedChild {
    /// Starts an executable directly, in a process group of its own, with three pipes and nothing else of ours.
    init(_ launch: PluginLaunch) throws(SpawnFailure) {
        var opened: [CInt] = []
        do throws(SpawnFailure) {
            let input = try SystemCalls.makePipe()
            opened += [input.reading, input.writing]
            let output = try SystemCalls.makePipe()
            opened += [output.reading, output.writing]
            let errors = try SystemCalls.makePipe()
            opened += [errors.reading, errors.writing]
            let streams = [input.reading, output.writing, errors.writing]
            pid = try Self.start(launch, streams: streams)
            for stream in streams { _ = close(stream) }
            self.input = input.writing
            self.output = output.reading
            self.errors = errors.reading
        } catch {
            for descriptor in opened { _ = close(descriptor) }
            throw error
        }
        for descriptor in [input, output, errors] { SystemCalls.setNonBlocking(descriptor) }
    }

    private static func start(_ launch: PluginLaunch, streams: [CInt]) throws(SpawnFailure) -> pid_t {
        let texts = [launch.executable] + launch.arguments + [launch.folder]
        let variables = launch.environment.map { "\($0.key)=\($0.value)" }
        // The system would take the part before it for the whole.
        guard !(texts + variables).contains(where: { $0.utf8.contains(0) }) else { throw SpawnFailure(EINVAL) }
        #if canImport(Darwin)
        var actions: SpawnActions.Actions = nil
        var attributes: posix_spawnattr_t?
        #else
        var actions = SpawnActions.Actions()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        try SpawnActions.changeFolder(launch.folder, &actions)
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, CInt(number))
        }
        var flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        #if canImport(Darwin)
        flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
        SpawnActions.closeTheRest(&actions)
        #endif
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return try withCStrings([launch.executable] + launch.arguments) { arguments throws(SpawnFailure) in
            try withCStrings(variables) { variables throws(SpawnFailure) in
                var pid: pid_t = 0
                for attempt in 1... {
                    let code = posix_spawn(&pid, launch.executable, &actions, &attributes, arguments, variables)
                    if code == 0 { break }
                    // Mostly over at once; callers that can wait without a thread wait longer.
                    guard code == ETXTBSY, attempt < 5 else { throw SpawnFailure(code) }
                    usleep(1000)
                }
                return pid
            }
        }
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) throws(SpawnFailure) -> Result
    ) throws(SpawnFailure) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return try body(pointers + [nil])
    }
}
#else
extension SpawnedChild {
    /// There are no children on this platform.
    init(_ launch: PluginLaunch) throws(SpawnFailure) {
        throw SpawnFailure(ENOTSUP)
    }
}
#endif
