#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// What it takes to start a process in a group of its own; the steps are those of the platform.
struct ChildStart: Sendable {
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
        var failure: SpawnFailure?
        /// Whether writing to the watchdog is what failed.
        var isOfWatchdog = false
    }

    /// Runs a closure with the texts as the system wants them: those of the arguments, and those of the environment.
    func withCStrings(
        _ body: ([UnsafeMutablePointer<CChar>?], [UnsafeMutablePointer<CChar>?]) -> Outcome
    ) -> Outcome {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        // The system would take the part before it for the whole.
        guard !([executable, folder] + arguments + variables).contains(where: { $0.utf8.contains(0) }) else {
            return Outcome(failure: SpawnFailure(EINVAL))
        }
        let pointers = (arguments.map { strdup($0) } + [nil], variables.map { strdup($0) } + [nil])
        defer { for pointer in pointers.0 + pointers.1 { free(pointer) } }
        return body(pointers.0, pointers.1)
    }
}

#if !os(Linux) && !os(macOS)
extension ChildStart {
    /// There are no children on this platform.
    func run(watchdog: CInt?) -> Outcome { Outcome(failure: SpawnFailure(ENOTSUP)) }
}
#endif
