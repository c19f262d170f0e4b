#if CLI
import ArgumentParser
import KeyHooks
import PluginHost

/// The exit status of the tool; 64 and 78 are those of `sysexits.h`.
enum ExitStatus {
    static let absent = ExitCode(1)
    static let failed = ExitCode(2)
    static let denied = ExitCode(3)
    static let usage = ExitCode(64)
    static let configuration = ExitCode(78)

    /// What a shell shows of a program that the signal SIGPIPE ended, as in `keyhooks list | head`.
    static let readerGone = ExitCode(141)

    static func of(_ error: KeyResolutionError) -> ExitCode {
        switch error.code {
        case .absent: absent
        case .denied: denied
        case .invalidService, .invalidScope, .unknownField: usage
        case .invalidConfiguration: configuration
        default: failed
        }
    }

    static func of(_ error: PluginManagementError) -> ExitCode {
        error.code == .unknownPlugin ? absent : failed
    }
}

/// Runs a command, tells an error on standard error and turns it into the exit status.
func reportingErrors(_ run: () async throws -> Void) async throws {
    do {
        try await run()
    } catch let error as KeyResolutionError {
        StandardError.write("error: \(error)")
        throw ExitStatus.of(error)
    } catch let error as PluginManagementError {
        StandardError.write("error: \(error)")
        throw ExitStatus.of(error)
    } catch StandardOutput.Failure.readerGone {
        throw ExitStatus.readerGone
    } catch is StandardOutput.Failure {
        StandardError.write("error: standard output cannot be written to. Is it closed, or its disk full?")
        throw ExitStatus.failed
    } catch let exit as ExitCode {
        throw exit
    } catch {
        // The text of an unknown error may hold anything.
        StandardError.write("error: \(String(reflecting: type(of: error))). Nothing more can be said safely.")
        throw ExitStatus.failed
    }
}
#endif
