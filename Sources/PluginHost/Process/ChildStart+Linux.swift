#if os(Linux)
import KeyHooks
import CProcess

extension ChildStart {
    /// Starts the process, which writes its group to the watchdog before it becomes another program.
    func run(watchdog: CInt?) -> Outcome {
        withCStrings { arguments, variables in
            arguments.withUnsafeBufferPointer { arguments in
                variables.withUnsafeBufferPointer { variables in
                    executable.withCString { executable in
                        folder.withCString { folder in
                            var child = keyhooks_child(
                                executable: executable,
                                arguments: arguments.baseAddress,
                                environment: variables.baseAddress,
                                folder: folder,
                                input: streams[0] ?? -1,
                                output: streams[1] ?? -1,
                                errors: streams[2] ?? -1,
                                watchdog: watchdog ?? -1,
                                ends_with_thread: endsWithThread
                            )
                            let start = keyhooks_start_child(&child)
                            return Outcome(
                                pid: start.pid,
                                failure: start.error == 0 ? nil : SystemFailure(start.error),
                                isOfWatchdog: start.is_of_watchdog
                            )
                        }
                    }
                }
            }
        }
    }
}
#endif
