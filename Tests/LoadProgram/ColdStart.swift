import Foundation
import KeyHooks
import LoadSupport
import OpenBao

/// Many look-ups at once of what nobody has read yet; a round for each line on standard input.
struct ColdStart {
    private let path: String
    private let services: [String]
    private let callers: Int

    init(_ arguments: inout Arguments) {
        path = arguments.next()
        services = (0..<arguments.int("--services", 1000)).map { "svc\($0)" }
        callers = arguments.int("--callers", 10_000)
    }

    func run() async throws {
        let resolver = try resolver(path, services)
        let ids = services.map { Service($0) }
        while readLine() != nil {
            let loads = resolver.cacheStatistics[OpenBaoPlugin.id]?.loads ?? 0
            let start = ContinuousClock.now
            let outcomes = await withTaskGroup(of: String.self) { group in
                for caller in 0..<callers {
                    group.addTask {
                        do {
                            let key = try await resolver.getAPIKey(service: ids[caller % ids.count])
                            guard let key, let value = LoadValue(key.value) else { return "wrong" }
                            return value.service == services[caller % services.count] ? "right" : "wrong"
                        } catch {
                            return (error as? KeyResolutionError)?.code.description ?? "\(type(of: error))"
                        }
                    }
                }
                return await group.reduce(into: [:] as [String: Int]) { $0[$1, default: 0] += 1 }
            }
            let time = ContinuousClock.now - start
            let usage = ProcessUsage.now
            try report([
                "outcomes": outcomes, "seconds": time / .seconds(1), "rssPeak": usage.residentPeak,
                "loads": (resolver.cacheStatistics[OpenBaoPlugin.id]?.loads ?? 0) - loads,
            ])
        }
    }
}
