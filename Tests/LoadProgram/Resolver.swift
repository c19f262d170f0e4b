import Foundation
import KeyHooks
import OpenBao

/// What an environment answers for every service, and what must never be seen.
let weakKey = "sk-weak"

/// A resolver with a configuration, and with a weak key for each service in its environment.
func resolver(_ path: String, _ services: [String]) throws -> KeyResolver {
    var environment = ProcessInfo.processInfo.environment
    for service in services { environment["\(service.uppercased())_API_KEY"] = weakKey }
    return try KeyResolver(
        configuration: .read(from: path),
        plugins: [OpenBaoPlugin.plugin],
        environment: environment
    )
}
