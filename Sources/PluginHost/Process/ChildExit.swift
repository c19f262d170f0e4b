import LightFoundation

/// How a child ended.
package enum ChildExit: Hashable, Sendable {
    case status(Int32)
    case signal(Int32)
    /// Somebody else in this program collected it.
    case unknown

    /// Collects a child, once it has ended.
    init(collecting pid: pid_t) {
        var status: Int32 = 0
        var result = waitpid(pid, &status, 0)
        while result == -1, errno == EINTR { result = waitpid(pid, &status, 0) }
        self = result == pid ? ChildExit(waitStatus: status) : .unknown
    }

    /// Reads the number that `waitpid` gives; the macros for it are not there in Swift.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .status(waitStatus >> 8 & 0xFF) : .signal(signal)
    }

    /// To follow "the plugin".
    package var words: String {
        switch self {
        case .status(let status): "ended with status \(status)"
        case .signal(let signal): "was ended by signal \(signal)"
        case .unknown: "ended"
        }
    }
}
