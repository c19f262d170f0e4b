import JSON5Syntax
import OpenBaoTestSupport

/// The proxies that differ from the shared one, each started when a test first wants it.
enum Proxies {
    /// Licensed, with the strict pattern of names, and no key lasts longer than two hours.
    static var strict: LiteLLMProxy { get async throws { try await startedStrict.value } }

    /// It makes all keys itself.
    static var withoutCustomKeys: LiteLLMProxy { get async throws { try await startedWithoutCustomKeys.value } }

    static var withoutDatabase: LiteLLMProxy { get async throws { try await startedWithoutDatabase.value } }

    private static let startedStrict = Task {
        try await LiteLLMProxy("--premium", "--alias-pattern", "--upper-bound", "2h")
    }
    private static let startedWithoutCustomKeys = Task { try await LiteLLMProxy("--no-custom-keys") }
    private static let startedWithoutDatabase = Task { try await LiteLLMProxy("--no-database") }
}

extension LiteLLMProxy {
    /// The rows of keys whose aliases begin so, with all columns.
    func table(_ alias: String) async throws -> [JSONNode] { try Self.list(try await keysText(alias)) }

    /// The requests about such keys, with their bodies.
    func log(_ alias: String) async throws -> [JSONNode] { try Self.list(try await requestsText(alias)) }

    private static func list(_ text: String) throws -> [JSONNode] {
        guard let list = try JSONParser.parse(Array(text.utf8)).elements else { throw BaoFailure("not a list") }
        return list
    }
}

extension JSONNode {
    /// Whether all that is in another value is here as well: its members, or the very same otherwise.
    func covers(_ other: JSONNode) -> Bool {
        switch (kind, other.kind) {
        case (_, .object(let members)): members.allSatisfy { self[$0.name]?.covers($0.value) == true }
        case (.number(let own), .number(let other)): own.double == other.double
        case (.array(let own), .array(let others)):
            own.count == others.count && zip(own, others).allSatisfy { $0.covers($1) }
        default: (try? jsonBytes()) == (try? other.jsonBytes())
        }
    }
}
