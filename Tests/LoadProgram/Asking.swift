import Foundation
import KeyHooks
import LoadSupport
import OpenBao
import Synchronization

/// Asks for keys that somebody else rotates, and judges every answer.
struct Asking {
    private let asker: LoadAsker
    private let rate: Int?
    private let time: Duration

    init(_ arguments: inout Arguments) throws {
        let isOneSecret = arguments.has("--one-secret")
        let services = (0..<arguments.int("--services", 50)).map { "svc\($0)" }
        asker = LoadAsker(
            try resolver(arguments.next(), services),
            LoadVersions(),
            services: services,
            LoadAsker.Rules(
                timeToLive: .milliseconds(arguments.int("--ttl", 2000)),
                staleIfError: .milliseconds(arguments.int("--stale", 3_600_000)),
                isOneSecret: isOneSecret,
                weak: weakKey
            )
        )
        rate = arguments.text("--rate") == "max" ? nil : arguments.int("--rate", 200)
        time = .seconds(arguments.int("--seconds", 10))
    }

    func run() async throws {
        listen()
        let before = ProcessUsage.now
        if let rate {
            await asker.ask(perSecond: rate, for: time)
        } else {
            await asker.askWithoutPause(for: time)
        }
        let after = ProcessUsage.now
        let found = asker.result
        let versions = asker.versions
        let readyAt = versions.readyAt
        func afterReady(_ moment: Int?) -> Any {
            guard let moment, let readyAt, moment > readyAt else { return NSNull() }
            return Double(moment - readyAt) / 1e9
        }
        let first = versions.firstReads
        let delays = versions.delays.sorted()
        let statistics = asker.resolver.cacheStatistics[OpenBaoPlugin.id] ?? CacheStatistics()
        try report([
            "lookUps": found.lookUps, "right": found.right, "within": found.within, "beyond": found.beyond,
            "wrong": found.wrong, "weak": found.weak, "backwards": found.backwards, "failed": found.failed,
            "failures": found.failures, "p50": found.times.percentile(0.5), "p90": found.times.percentile(0.9),
            "p99": found.times.percentile(0.99), "max": Double(found.times.maximum) / 1e6,
            "answeredP50": found.answeredTimes.percentile(0.5), "answeredP99": found.answeredTimes.percentile(0.99),
            "answeredMax": Double(found.answeredTimes.maximum) / 1e6, "waited": found.times.count(above: 10),
            "oldest": Double(found.oldest) / 1e9,
            "gap": Double(found.gap) / 1e9,
            "firstReadMin": first.min().map { Double($0) / 1e9 } ?? NSNull() as Any,
            "firstReadMax": first.max().map { Double($0) / 1e9 } ?? NSNull() as Any,
            "lastOld": afterReady(found.lastOld), "lastFailed": afterReady(found.lastFailed),
            "seen": delays.count, "seenP50": percentile(delays, 0.5), "seenP90": percentile(delays, 0.9),
            "seenMax": percentile(delays, 1), "rssBefore": before.resident, "rss": after.resident,
            "rssPeak": after.residentPeak, "threads": after.threads, "descriptors": after.descriptors,
            "cpu": after.processorTime - before.processorTime, "loads": statistics.loads,
            "evictions": statistics.evictions,
        ])
    }

    /// Takes what the writer says, on a thread of its own.
    private func listen() {
        let versions = asker.versions
        Thread.detachNewThread {
            while let line = readLine() {
                let words = line.split(separator: " ")
                if words.count == 4, words[0] == "ack", let version = Int(words[2]), let at = Int(words[3]) {
                    versions.acknowledge(String(words[1]), version: version, at: at)
                } else if words.count == 2, words[0] == "ready", let at = Int(words[1]) {
                    versions.ready(at: at)
                }
            }
        }
    }

    private func percentile(_ sorted: [Int], _ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1e6
    }
}
