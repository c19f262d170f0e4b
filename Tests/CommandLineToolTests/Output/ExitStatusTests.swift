#if CLI
import KeyHooks
import Testing

@testable import CommandLineTool

/// The mapping itself; `BaoExitStatusTests` has what comes of each with a real server.
struct ExitStatusTests {
    @Test(
        arguments: [
            (KeyResolutionError.Code.absent, 1), (.unavailable, 2), (.unauthenticated, 2), (.sealed, 2),
            (.pluginFailed, 2),
            (.timedOut, 2), (.denied, 3), (.invalidService, 64), (.invalidScope, 64), (.unknownField, 64),
            (.invalidConfiguration, 78),
        ] as [(KeyResolutionError.Code, Int32)]
    )
    func `Each code has its exit status`(code: KeyResolutionError.Code, status: Int32) {
        let error = KeyResolutionError(code, "no", remedy: "none")
        #expect("\(ExitStatus.of(error))" == "ExitCode(rawValue: \(status))")
    }
}
#endif
