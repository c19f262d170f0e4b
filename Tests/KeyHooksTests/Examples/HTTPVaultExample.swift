import ExtensionHooks
import HTTPTransport
import KeyHooks

// The whole plugin of a backend with `GET /secret/NAME`: HTTPVaultTests counts its lines, and runs it against a server.
// plugin begins
struct HTTPVault: KeyPlugin, KeySource {
    struct Configuration: Decodable { var url: String }
    struct ServiceSettings: Decodable { var name: String? }  // providers.openai.httpvault: { "name": "…" }
    static let id: PluginID = "httpvault"
    let (url, token): (String, String)
    let transport = HTTPTransportSettings().transport()

    init(_ configuration: Configuration, in context: PluginContext) {
        (url, token) = (configuration.url, context.environment["HTTPVAULT_TOKEN"] ?? "")
    }

    func register(in hooks: inout HookBundle) { hooks.answer(from: self, id: Self.id, services: ["openai", "azure*"]) }

    func location(for request: KeyRequest) throws -> String? {
        try request.settings(of: Self.self)?.name ?? request.service.id
    }

    func read(_ name: String) async throws -> SourceReading<String> {
        let headers = ["Authorization": "Bearer \(token)"]
        let request = HTTPTransportRequest(method: "GET", url: "\(url)/secret/\(name)", headers: headers)
        do {
            let answer = try await transport.send(request, timeout: .seconds(60), limit: 65_536)
            switch answer.status {
            case 200: return .found(String(decoding: answer.body, as: UTF8.self))
            case 404: return .absent("there is no secret '\(name)'")
            case 401, 403: throw KeyResolutionError(.denied, "it refuses '\(name)'", remedy: "check HTTPVAULT_TOKEN")
            case let status: throw KeyResolutionError(.unavailable, "it answers \(status)", remedy: "see its log")
            }
        } catch let error as HTTPTransportError where error.isOutage {
            throw KeyResolutionError(.unavailable, "\(error)", remedy: "see whether it runs", underlying: error)
        }
    }
}
// plugin ends

// How the article uses it; compiled only, since it looks for the machine's configuration.
private func fromTheFile(_ client: SourceExample.Vault) async throws {
    struct TeamVault: KeySource {
        let client: SourceExample.Vault
        func read(_ request: KeyRequest) async throws -> String? { try await client.read("ai/\(request.service)") }
    }
    let plugins: [any PluginSource] = [HTTPVault.plugin]
    let registry = HookRegistry()
    try registry.register { hooks in hooks.answer(from: TeamVault(client: client), id: "team-vault", priority: 50) }
    let resolver = try KeyResolver(configuration: .discover(), plugins: plugins, registry: registry)
    _ = resolver
}

private func fromCode() async throws {
    var configuration = KeyConfiguration()
    configuration.plugins["httpvault"] = ["url": "https://vault.example", "ttl": "10m", "fallback": "unavailable"]
    let resolver = try KeyResolver(configuration: configuration, plugins: [HTTPVault.plugin])
    _ = resolver
}
