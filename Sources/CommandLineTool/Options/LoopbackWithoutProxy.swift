#if CLI
import LightFoundation

/// Leaves this very machine out of `http_proxy` and its like: the proxy would get the vault's token.
///
/// libcurl, and so Foundation on Linux, takes the proxy from the environment, and nothing else tells it to spare an
/// address.
enum LoopbackWithoutProxy {
    static func apply() {
        let environment = ProcessInfo.processInfo.environment
        guard let list = list(environment) else { return }
        setenv("no_proxy", list, 1)
    }

    /// What `no_proxy` has to be; nil to leave it.
    static func list(_ environment: [String: String]) -> String? {
        let proxies = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        guard proxies.contains(where: { environment[$0]?.isEmpty == false }) else { return nil }
        let present = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        guard present != "*" else { return nil }
        return ([present].filter { !$0.isEmpty } + ["localhost", "127.0.0.1", "::1", "127.0.0.0/8"])
            .joined(separator: ",")
    }
}
#endif
