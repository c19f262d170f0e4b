import Foundation
import KeyHooks
import LiteLLM
import OpenBao

/// Borrows a key for each of some services, `SERVICE` or `SERVICE@TENANT`, says so, and keeps it until standard input ends.
struct Borrowing {
    private let config: String
    private let services: [String]

    init(_ arguments: inout Arguments) {
        config = arguments.next()
        let list: String = arguments.next()
        services = list.split(separator: ",").map(String.init)
    }

    func run() async throws {
        let configuration = try KeyConfiguration.read(from: config)
        let lender: PluginID = configuration.plugins["litellm"] == nil ? "openbao" : "litellm"
        let plugin = lender == "litellm" ? LiteLLMPlugin.plugin : OpenBaoPlugin.plugin
        let resolver = try KeyResolver(configuration: configuration, plugins: [plugin])
        for service in services {
            let parts = service.split(separator: "@").map(String.init)
            let scope = KeyScope(tenant: parts.count > 1 ? parts[1] : nil)
            let key = try await resolver.requireAPIKey(service: Service(parts[0]), scope: scope)
            say("lent \(key.provenance?.lease?.id ?? "nothing")")
        }
        // What was left behind is given back in the background.
        while readLine() != nil {
            let statistics = resolver.leaseStatistics[lender] ?? LeaseStatistics()
            say("adopted \(statistics.adopted) givenBack \(statistics.givenBack) waiting \(statistics.waiting)")
        }
        await resolver.shutdown(within: .seconds(10))
        say("ended")
    }
}
