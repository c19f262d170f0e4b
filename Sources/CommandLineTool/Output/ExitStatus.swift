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
        case .invalidService, .invalidScope, .unknownField, .invalidSecretName: usage
        case .invalidConfiguration: configuration
        default: failed
        }
    }

    /// That of several things that were done: a denial counts most, then a failure, then an absence.
    static func worst(of statuses: some Sequence<ExitCode>) -> ExitCode {
        let order = [denied, failed, configuration, usage, absent]
        let all = Set(statuses)
        return order.first(where: all.contains) ?? all.first { !$0.isSuccess } ?? .success
    }

    static func of(_ error: PluginManagementError) -> ExitCode {
        error.code == .unknownPlugin ? absent : failed
    }
}

/// Says what went wrong, unless somebody did, and gives the error with the exit status for it.
func reported(_ error: any Error) -> any Error {
    switch error {
    case let error as KeyResolutionError:
        StandardError.write("error: \(error)")
        return ExitStatus.of(error)
    case let error as SecretRotationError:
        StandardError.write("error: \(error)")
        return (error.underlying as? KeyResolutionError).map(ExitStatus.of) ?? ExitStatus.failed
    case let error as PluginManagementError:
        StandardError.write("error: \(error)")
        return ExitStatus.of(error)
    case StandardOutput.Failure.readerGone: return ExitStatus.readerGone
    case is StandardOutput.Failure:
        StandardError.write("error: standard output cannot be written to. Is it closed, or its disk full?")
        return ExitStatus.failed
    // A command that only has others below it prints its help.
    case is ExitCode, is CleanExit, is ValidationError: return error
    default:
        // The text of an unknown error may hold anything.
        StandardError.write("error: \(String(reflecting: type(of: error))). Nothing more can be said safely.")
        return ExitStatus.failed
    }
}
#endif
