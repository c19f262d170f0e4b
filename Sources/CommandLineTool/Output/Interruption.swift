#if CLI
import Dispatch
import Foundation

/// Ends what a command has started before a signal ends the command.
///
/// Plugins have sessions of their own, so that a terminal's Ctrl-C does not reach them: whoever ends without them leaves
/// them behind. A second signal ends the command at once.
struct Interruption {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    private let sources: [any DispatchSourceSignal]

    /// Begins to watch.
    ///
    /// - Parameter end: Ends what was started.
    init(ending end: @escaping @Sendable () async -> Void) {
        sources = Self.signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                signal(number, SIG_DFL)
                Task {
                    await end()
                    raise(number)
                }
            }
            // Instead of its own action; the source hears it all the same.
            signal(number, SIG_IGN)
            source.resume()
            return source
        }
    }

    /// Stops watching.
    func cancel() {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
#endif
