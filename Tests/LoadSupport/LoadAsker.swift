import Foundation
package import KeyHooks
import Synchronization

/// Asks a resolver for keys and judges each answer.
package final class LoadAsker: Sendable {
    /// What an answer may be.
    package struct Rules: Sendable {
        package var timeToLive: Duration
        package var staleIfError: Duration
        /// Whether all services are fields of one secret.
        package var isOneSecret: Bool
        /// What the environment would answer with.
        package var weak: String

        package init(timeToLive: Duration, staleIfError: Duration, isOneSecret: Bool, weak: String) {
            self.timeToLive = timeToLive
            self.staleIfError = staleIfError
            self.isOneSecret = isOneSecret
            self.weak = weak
        }
    }

    package let resolver: KeyResolver
    package let versions: LoadVersions
    package let services: [String]
    private let ids: [Service]
    private let rules: Rules
    private let tally = Mutex(LoadTally())

    package init(_ resolver: KeyResolver, _ versions: LoadVersions, services: [String], _ rules: Rules) {
        self.resolver = resolver
        self.versions = versions
        self.services = services
        self.rules = rules
        ids = services.map { Service($0) }
    }

    /// Asks at a fixed rate, one task a look-up, whether or not earlier ones have been answered.
    package func ask(perSecond rate: Int, for time: Duration) async {
        let start = ContinuousClock.now
        var generator = LoadGenerator(seed: 1)
        await withDiscardingTaskGroup { group in
            for number in 0..<Int(time / .seconds(1) * Double(rate)) {
                let due = start + .nanoseconds(number * 1_000_000_000 / rate)
                if due > .now { try? await Task.sleep(until: due) }
                let index = generator.next(below: services.count)
                group.addTask {
                    var own = LoadTally()
                    await self.ask(index, &own)
                    self.tally.withLock { $0.record(own) }
                }
            }
        }
    }

    /// Asks as fast as possible, in loops that yield every 32 look-ups.
    package func askWithoutPause(loops: Int = 4, for time: Duration) async {
        let end = ContinuousClock.now + time
        await withDiscardingTaskGroup { group in
            for loop in 0..<loops {
                group.addTask {
                    var own = LoadTally()
                    var generator = LoadGenerator(seed: UInt64(loop + 2))
                    var known = Array(repeating: "", count: self.services.count)
                    var generation = -1
                    while ContinuousClock.now < end {
                        for _ in 0..<32 {
                            // What was judged right stays right until something new is written.
                            let now = self.versions.generation.load(ordering: .acquiring)
                            if now != generation {
                                generation = now
                                for index in known.indices { known[index] = "" }
                            }
                            let index = generator.next(below: self.services.count)
                            await self.ask(index, &own, knownRight: &known[index])
                        }
                        await Task.yield()
                    }
                    self.tally.withLock { [own] in $0.add(own) }
                }
            }
        }
    }

    /// Asks once for one service.
    package func ask(_ index: Int, _ tally: inout LoadTally) async {
        var known = ""
        await ask(index, &tally, knownRight: &known)
    }

    private func ask(_ index: Int, _ tally: inout LoadTally, knownRight: inout String) async {
        let secret = rules.isOneSecret ? "all" : services[index]
        let begin = realTime()
        let handed = knownRight.isEmpty ? versions.handed(secret) : 0
        tally.lookUps += 1
        do {
            let key = try await resolver.getAPIKey(service: ids[index])
            let end = realTime()
            tally.times.add(end - begin)
            guard let key else { return tally.fail("absent", "nothing", at: end) }
            tally.answeredTimes.add(end - begin)
            let text = key.value
            let isStale = key.provenance?.isStale ?? false
            if !isStale, text == knownRight {
                tally.right += 1
                tally.use(at: end)
                return
            }
            knownRight = judge(key, text, isStale, secret, index, begin, end, handed, &tally) ? text : ""
        } catch {
            let end = realTime()
            tally.times.add(end - begin)
            let code = (error as? KeyResolutionError)?.code.description ?? "\(type(of: error))"
            tally.fail(code, "\(error)", at: end)
        }
    }

    /// Whether it is the newest.
    private func judge(
        _ key: APIKey,
        _ text: String,
        _ isStale: Bool,
        _ secret: String,
        _ index: Int,
        _ begin: Int,
        _ end: Int,
        _ handed: Int,
        _ tally: inout LoadTally
    ) -> Bool {
        if text == rules.weak {
            tally.weak += 1
            return false
        }
        guard let value = LoadValue(text), value.service == services[index] else {
            tally.wrong += 1
            return false
        }
        tally.use(at: end)
        if value.version < handed { tally.backwards += 1 }
        let resolvedAt = Int((key.provenance?.resolvedAt.timeIntervalSince1970 ?? 0) * 1e9)
        let superseded = versions.note(
            secret,
            version: value.version,
            begin: begin,
            end: end,
            resolvedAt: isStale ? 0 : resolvedAt
        )
        // A slow read may let an old value out at any time; late is what has not been read since the server was ready.
        let isLeft = isStale && resolvedAt < versions.readyAt ?? .max
        if isLeft { tally.lastOld = max(tally.lastOld ?? 0, end) }
        guard let superseded else {
            if isStale { tally.within += 1 } else { tally.right += 1 }
            return !isStale
        }
        tally.oldest = max(tally.oldest, end - superseded)
        let bound = rules.timeToLive + (isStale ? rules.staleIfError : .zero) + .milliseconds(150)
        if .nanoseconds(end - superseded) <= bound {
            tally.within += 1
        } else {
            tally.beyond += 1
            tally.lastOld = max(tally.lastOld ?? 0, end)
        }
        return false
    }

    package var result: LoadTally { tally.withLock(\.self) }
}
