import LightFoundation

/// Writing to a child that is gone must not end the host, and the host's own choice about `SIGPIPE` is not ours to
/// change: the signal is withheld from one thread for the time of one write.
enum BrokenPipeSignal {
    /// Runs a write with `SIGPIPE` blocked, and takes back one that the write raised.
    static func withheld<Result>(_ write: () -> Result) -> Result {
        #if canImport(Darwin)
        // The descriptor itself raises none here.
        return write()
        #else
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        var pending = sigset_t()
        sigpending(&pending)
        let wasPending = sigismember(&pending, SIGPIPE) == 1
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        let result = write()
        if !wasPending {
            var atOnce = timespec()
            while sigtimedwait(&signals, nil, &atOnce) == -1, errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        return result
        #endif
    }
}
