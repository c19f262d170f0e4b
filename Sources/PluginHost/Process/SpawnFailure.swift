import KeyHooks
import LightFoundation

/// An executable or a thread could not be started, and why the system says so.
package struct SpawnFailure: Error, Hashable {
    /// The system's number.
    let code: CInt

    init(_ code: CInt) {
        self.code = code
    }

    /// The system's words.
    package var reason: String { String(cString: strerror(code)) }

    /// What to do when it is this program that lacks room; nil if it is something else.
    package var remedy: String? {
        switch code {
        case EMFILE, ENFILE: SystemFailure.remedy(for: code)
        case EAGAIN: "raise the limit of processes and threads (ulimit -u, or that of the container), or end some"
        case ENOMEM: "there is too little memory: end something, or raise the limit"
        case ETXTBSY: "wait until the executable is written, or end what holds it open for writing"
        default: nil
        }
    }

    /// Whether nothing is started any more.
    var isCancelled: Bool { code == ECANCELED }

    /// Whether the executable is open for writing, as one that is just being installed is.
    var isBusy: Bool { code == ETXTBSY }

    /// Whether there is nothing that could be started, as opposed to a system that lacks room.
    var isMissing: Bool { [ENOENT, ENOTDIR, EACCES, ENOEXEC, ELOOP].contains(code) }
}
