import JSON5Syntax
import KeyHooks

/// The models that a proxy has, as far as it names them.
struct ProxyModels: Sendable {
    private let names: Set<String>

    /// The beginnings of names that a wildcard route takes.
    private let beginnings: [String]

    /// Names that LiteLLM itself gives a meaning.
    private static let special: Set<String> = ["all-proxy-models", "all-team-models", "no-default-models"]

    /// What is to be said of a name in a role.
    enum Verdict: Hashable, Sendable {
        case known
        case unknown(suggestion: String?)

        /// It stands for several, and the proxy doesn't say which.
        case pattern
    }

    init(_ names: [String]) {
        self.names = Set(names)
        beginnings = names.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
    }

    /// Asks the proxy, for access groups too.
    init(of client: LiteLLMClient) async throws {
        let request = LiteLLMRequest(
            path: "/models?include_model_access_groups=true&return_wildcard_routes=true",
            doing: "listing models"
        )
        let reply = try await client.send(request, by: client.deadline)
        self.init(reply.json?["data"]?.elements?.compactMap { $0["id"]?.string } ?? [])
    }

    func verdict(on name: String) -> Verdict {
        if names.contains(name) || Self.special.contains(name) { return .known }
        if name.contains("*") { return .pattern }
        if beginnings.contains(where: name.hasPrefix) { return .known }
        return .unknown(suggestion: closestMatch(to: name, among: names.sorted()))
    }
}
