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

#if !os(Linux) && !os(macOS)
extension ChildStart {
    /// There are no children on this platform.
    func run(watchdog: CInt?) -> Outcome { Outcome(failure: SpawnFailure(ENOTSUP)) }
}
#endif
