#if CLI
import Dispatch
import Foundation
import Synchronization

/// Does something, and ends what it has started before the command ends, be it by a signal.
///
/// Plugins have sessions of their own, so that a terminal's Ctrl-C does not reach them: whoever ends without them leaves
/// them behind. A second signal ends it without giving it time, a third one the command alone.
///
/// - Parameters:
///   - end: Ends what was started, at once if told so; it may be called several times, and waits each time.
///   - body: What is done.
/// - Throws: What `body` throws.
func ending(_ end: @escaping @Sendable (_ atOnce: Bool) async -> Void, after body: () async throws -> Void) async throws
{
    let interruption = Interruption(ending: end)
    do {
        try await body()
    } catch {
        await end(false)
        await interruption.finish()
        throw error
    }
    await end(false)
    await interruption.finish()
}

/// What signals do while a command runs that has something to end.
private struct Interruption {
    private final class Count: Sendable {
        let signals = Atomic(0)
    }

    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    private let count = Count()
    private let sources: [any DispatchSourceSignal]

    init(ending end: @escaping @Sendable (_ atOnce: Bool) async -> Void) {
        sources = Self.signals.map { [count] number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                let signals = count.signals.add(1, ordering: .relaxed).newValue
                Task {
                    if signals < 3 { await end(signals > 1) }
                    signal(number, SIG_DFL)
                    // Threads that belong to Dispatch block signals.
                    var own = sigset_t()
                    sigemptyset(&own)
                    sigaddset(&own, number)
                    pthread_sigmask(SIG_UNBLOCK, &own, nil)
                    raise(number)
                }
            }
            // Instead of its own action; the source hears it all the same.
            signal(number, SIG_IGN)
            source.resume()
            return source
        }
    }

    /// Stops watching, or waits for the signal that came to take effect.
    func finish() async {
        while count.signals.load(ordering: .relaxed) > 0 { try? await Task.sleep(for: .seconds(1)) }
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
#endif
