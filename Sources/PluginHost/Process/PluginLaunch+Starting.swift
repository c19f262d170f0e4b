import KeyHooks
import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// Throws if a plugin's files are no longer those that were found.
typealias PluginVerification = @Sendable () throws(PluginManagementError) -> Void

extension PluginLaunch {
    /// What to look at when a process says no hello.
    package static let helloHint =
        "flush standard output after each line, write \"mode\": \"oneshot\" in its manifest if it answers one request "
        + "and ends, or raise timeouts.hello_ms there"

    /// Where its author sets how long it may take.
    package static let requestSetting = "timeouts.request_ms of its \(PluginManifest.fileName)"

    /// What is said when a request was not answered in time, and what limits that unless the caller did.
    func lateness(of request: PluginRequest) -> String {
        // Of another attempt the deadline is the rest of the time.
        guard let deadline = request.deadline, request.attempt <= 1 else {
            return "no answer within \(Self.seconds(requestTimeout)) s (\(Self.requestSetting))"
        }
        return "no answer within \(Self.seconds(deadline)) s"
    }

    private static func seconds(_ time: Duration) -> String {
        (time / .seconds(1))
            .formatted(.number.precision(.fractionLength(0...3)).grouping(.never).locale(.init(identifier: "C")))
    }

    /// What asking it comes to once its host was shut down.
    var shutDownError: PluginError {
        PluginError(
            .cancelled,
            plugin: id,
            "it was shut down",
            hint: "make another PluginHost, and a resolver with it"
        )
    }

    /// Starts a process, if its files are still what they were.
    ///
    /// - Returns: What was started; nil if the file is open for writing and is worth another attempt.
    /// - Throws: A ``PluginError`` that says why there is no process.
    func start<Started>(
        _ verify: PluginVerification,
        attempt: Int,
        _ start: () throws(SystemFailure) -> Started
    ) throws(PluginError) -> Started? {
        do throws(PluginManagementError) {
            try verify()
        } catch {
            throw PluginError(.untrusted, plugin: id, error.message, hint: error.remedy)
        }
        do throws(SystemFailure) {
            return try start()
        } catch {
            if error.isBusy, attempt < SessionLimits.busyAttempts { return nil }
            guard !error.isCancelled else { throw shutDownError }
            throw startError(error)
        }
    }

    /// Why there is no process: because there is nothing to start, or because this program or system lacks room for it.
    ///
    /// The second says nothing about the plugin's source, so no weaker source may answer in its place.
    func startError(_ failure: SystemFailure) -> PluginError {
        let words = words(for: failure)
        return PluginError(
            failure.isOfExecutable ? .notInstalled : .cannotStart,
            plugin: id,
            "it cannot be started: \(words.reason)",
            hint: failure.isOfExecutable ? words.hint : failure.spawnRemedy
        )
    }

    /// What a deadline comes to that passed while the executable was open for writing.
    var busyError: PluginError { startError(SystemFailure(ETXTBSY)) }
}
