#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// An executable could not be started, and why the system says so.
struct SpawnFailure: Error, Hashable {
    /// The system's number.
    let code: CInt

    init(_ code: CInt) {
        self.code = code
    }

    /// The system's words.
    var reason: String { String(cString: strerror(code)) }

    /// Whether nothing is started any more.
    var isCancelled: Bool { code == ECANCELED }

    /// Whether the executable is open for writing, as one that is just being installed is.
    var isBusy: Bool { code == ETXTBSY }

    /// Whether there is nothing that could be started, as opposed to a system that lacks room.
    var isMissing: Bool { [ENOENT, ENOTDIR, EACCES, ENOEXEC, ELOOP].contains(code) }
}
