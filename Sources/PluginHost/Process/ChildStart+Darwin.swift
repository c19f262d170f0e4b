import KeyHooks

#if os(macOS)
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
#endif
