import Foundation
import KeyHooks
import OpenBao

/// Borrows a key for each of some services, says so, and keeps it until standard input ends.
struct Borrowing {
    private let config: String
    private let services: [String]

    init(_ arguments: inout Arguments) {
        config = arguments.next()
        let list: String = arguments.next()
        services = list.split(separator: ",").map(String.init)
    }

    func run() async throws {
        let resolver = try KeyResolver(configuration: .read(from: config), plugins: [OpenBaoPlugin.plugin])
        for service in services {
            let key = try await resolver.requireAPIKey(service: Service(service))
            say("lent \(key.provenance?.lease?.id ?? "nothing")")
        }
        // What was left behind is given back in the background.
        while readLine() != nil {
            let statistics = resolver.leaseStatistics["openbao"] ?? LeaseStatistics()
            say("adopted \(statistics.adopted) givenBack \(statistics.givenBack) waiting \(statistics.waiting)")
        }
        await resolver.shutdown(within: .seconds(10))
        say("ended")
    }
}
