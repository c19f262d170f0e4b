import Foundation
import HTTPTransport
import KeyHooks
import OpenBaoTestSupport
import Synchronization
import Testing

@testable import OpenBao

/// Nodes that answer from old data, which a real cluster shows only for moments; `ClusterTests` has one.
@Suite("Nodes that lag behind")
struct LaggingTests {
    private static let addresses = ["https://a.test", "https://b.test"]

    /// What each server answers, by the first letter of its name; it may be changed while it is asked.
    private final class Nodes: Sendable {
        private let answers: Mutex<[Character: HTTPTransportResponse]>

        init(_ answers: [Character: HTTPTransportResponse]) {
            self.answers = Mutex(answers)
        }

        subscript(_ name: Character) -> HTTPTransportResponse? {
            get { answers.withLock { $0[name] } }
            set { answers.withLock { $0[name] = newValue } }
        }

        func answer(_ request: HTTPTransportRequest) throws -> HTTPTransportResponse {
            if request.url.contains("/sys/internal/") {
                return HTTPTransportResponse(200, #"{"data":{"options":{"version":"2"}}}"#)
            }
            guard !request.url.contains("/sys/"),
                let answer = self[request.url.dropFirst("https://".count).first ?? "?"]
            else { throw HTTPTransportError(.cannotConnect) }
            return answer
        }
    }

    private static func version(_ number: Int, at second: Int? = nil, index: Int? = nil) -> HTTPTransportResponse {
        let created = String(format: "2026-11-29T17:15:%02d.058031195Z", second ?? number)
        return HTTPTransportResponse(
            200,
            """
            {"data":{"data":{"OPENAI_API_KEY":"sk-\(number)"},\
            "metadata":{"version":\(number),"created_time":"\(created)"}}}
            """,
            headers: index.map { ["X-Vault-Index": mark($0)] } ?? [:]
        )
    }

    private static func mark(_ value: Int, cluster: String = "c1") -> String {
        Data(#"{"cluster":"\#(cluster)","value":"\#(value)"}"#.utf8).base64EncodedString()
    }

    private static let missing = HTTPTransportResponse(404, #"{"errors":[]}"#)

    private static let behind = HTTPTransportResponse(412, #"{"errors":[]}"#)

    private func vault(
        _ nodes: Nodes,
        _ change: (inout OpenBaoConfiguration) -> Void = { _ in }
    ) throws -> (vault: FaultyVault, resolver: KeyResolver) {
        let vault = FaultyVault { try nodes.answer($0) }
        let resolver = try vault.resolver {
            $0.addresses = Self.addresses
            $0.settings.cache.staleIfError = .seconds(3600)
            change(&$0)
        }
        return (vault, resolver)
    }

    @Test("An older version is not taken: another node is asked, or the value that is there is kept")
    func older() async throws {
        let nodes = Nodes(["a": Self.version(5), "b": Self.version(3)])
        let (vault, resolver) = try vault(nodes)
        #expect(try await resolver.value("openai") == "sk-5")
        nodes["a"] = nil
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-5")
        let explained = try resolver.explain(service: "openai").description
        #expect(explained.contains("says version 3"), "\(explained)")
        nodes["b"] = Self.version(6)
        vault.clock.advance(by: .seconds(31))
        // The old value is given at once, while the new one is read.
        try await until("the new version is there") { try await resolver.value("openai") == "sk-6" }
    }

    @Test("Nor is it where the newer one was read under another 'ttl'", arguments: [true, false])
    func lifetimes(_ isFirst: Bool) async throws {
        let nodes = Nodes(["a": Self.version(5)])
        let (_, resolver) = try vault(nodes)
        func limit(_ isLimited: Bool) throws {
            if isLimited {
                try resolver.override("openai") { $0.timeToLive = .seconds(30) }
            } else {
                try resolver.removeOverride("openai")
            }
        }
        try limit(isFirst)
        #expect(try await resolver.value("openai") == "sk-5")
        try limit(!isFirst)
        nodes["a"] = Self.version(4)
        #expect(await resolver.failure("openai")?.code == .outdated)
    }

    @Test("The other node's newer version is taken at once")
    func newer() async throws {
        let nodes = Nodes(["a": Self.version(5), "b": Self.version(6)])
        let (vault, resolver) = try vault(nodes)
        #expect(try await resolver.value("openai") == "sk-5")
        nodes["a"] = Self.version(4)
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-6")
        // The node that lags is asked last for a while.
        #expect(vault.transport.urls.compactMap { $0.dropFirst("https://".count).first } == ["a", "a", "b"])
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-6")
    }

    @Test("A secret that was made anew begins with version 1 again")
    func anew() async throws {
        let nodes = Nodes(["a": Self.version(5)])
        let (vault, resolver) = try vault(nodes)
        #expect(try await resolver.value("openai") == "sk-5")
        nodes["a"] = Self.version(1, at: 59)
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-1")
    }

    @Test("That a secret is gone is believed when a second node says so, or when the state vouches for it")
    func gone() async throws {
        let nodes = Nodes(["a": Self.missing, "b": Self.version(5)])
        let (vault, resolver) = try vault(nodes)
        nodes["a"] = Self.version(5)
        #expect(try await resolver.value("openai") == "sk-5")
        // Only one says so: the other has it still.
        nodes["a"] = Self.missing
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-5")
        #expect(try await resolver.getAPIKey(service: "openai")?.provenance?.isStale == false)
        nodes["b"] = Self.missing
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-environment")
    }

    @Test("A node that was reported a newer state than its own vouches for what it says with its own")
    func vouched() async throws {
        let nodes = Nodes(["a": Self.version(5, index: 70), "b": Self.version(5)])
        let (vault, resolver) = try vault(nodes)
        #expect(try await resolver.value("openai") == "sk-5")
        #expect(vault.transport.requests.last?.headers["X-Vault-Index"] == nil)
        nodes["a"] = HTTPTransportResponse(404, #"{"errors":[]}"#, headers: ["X-Vault-Index": Self.mark(71)])
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-environment")
        let read = vault.transport.requests.last { $0.url.contains("/data/") }
        #expect(read?.headers["X-Vault-Index"] == Self.mark(70))
        #expect(read?.headers["X-Vault-Inconsistent"] == "forward-active-node")
        #expect(!vault.transport.urls.contains { $0.hasPrefix("https://b.test") })
    }

    @Test("Where no node can vouch for the state that was seen, the versions alone decide")
    func leaderless() async throws {
        let nodes = Nodes(["a": Self.version(5, index: 70)])
        let vault = FaultyVault { request in
            if request.headers["X-Vault-Index"] != nil { return HTTPTransportResponse(500, FaultyReply.leaderless) }
            return try nodes.answer(request)
        }
        let resolver = try vault.resolver { $0.addresses = Self.addresses }
        #expect(try await resolver.value("openai") == "sk-5")
        nodes["a"] = Self.version(6)
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-6")
    }

    @Test("Who is not as far as what was seen is believed no absence, not even if there is one address")
    func behind() async throws {
        let nodes = Nodes(["a": Self.version(5, index: 70)])
        let vault = FaultyVault { request in
            if request.headers["X-Vault-Index"] != nil { return Self.behind }
            return try nodes.answer(request)
        }
        let resolver = try vault.resolver {
            $0.addresses = ["https://a.test"]
            $0.path = "ai/{service}"
            $0.field = "OPENAI_API_KEY"
            $0.settings.fallback = .unavailable
            $0.settings.cache.staleIfError = .seconds(3600)
        }
        #expect(try await resolver.value("openai") == "sk-5")
        nodes["a"] = Self.missing
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-5")
        // Nor of a secret that was not read before: it may have been made since.
        #expect(await resolver.failure("anthropic")?.code == .outdated)
    }

    @Test("No weaker source answers for a server that says what is older, and what two say becomes true")
    func agreed() async throws {
        let nodes = Nodes(["a": Self.version(.max, at: 1)])
        let (vault, resolver) = try vault(nodes) {
            $0.settings.fallback = .unavailable
            $0.settings.cache.staleIfError = .zero
            $0.settings.cache.timeToLive = .seconds(10)
        }
        #expect(try await resolver.value("openai") == "sk-\(Int.max)")
        nodes["a"] = nil
        nodes["b"] = Self.version(5, at: 0)
        vault.clock.advance(by: .seconds(11))
        #expect(await resolver.failure("openai")?.code == .outdated)
        // So soon, both may lag behind.
        nodes["a"] = Self.version(5, at: 0)
        vault.clock.advance(by: .seconds(31))
        #expect(await resolver.failure("openai")?.code == .outdated)
        // They do not agree.
        nodes["b"] = Self.version(4, at: 0)
        vault.clock.advance(by: .seconds(31))
        #expect(await resolver.failure("openai")?.code == .outdated)
        nodes["b"] = Self.version(5, at: 0)
        vault.clock.advance(by: .seconds(31))
        #expect(try await resolver.value("openai") == "sk-5")
        // From now on that is the newest.
        nodes["b"] = Self.version(4, at: 0)
        nodes["a"] = nil
        vault.clock.advance(by: .seconds(31))
        #expect(await resolver.failure("openai")?.code == .outdated)
    }

    @Test("A date to come makes no version newer")
    func future() async throws {
        let nodes = Nodes(["a": Self.version(5)])
        let (vault, resolver) = try vault(nodes)
        #expect(try await resolver.value("openai") == "sk-5")
        nodes["a"] = .secret("sk-4", metadata: #"{"version":4,"created_time":"9999-01-01T00:00:00Z"}"#)
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.value("openai") == "sk-5")
    }

    @Test(
        "A refusal of one node does not end what another has; if both refuse, it is one",
        arguments: [
            HTTPTransportResponse(404, #"{"errors":["no handler for route \"x\". route entry not found."]}"#),
            HTTPTransportResponse(400, #"{"errors":["no"]}"#),
            HTTPTransportResponse(403, #"{"errors":["1 error occurred:\n\t* permission denied\n\n"]}"#),
        ]
    )
    func refused(_ refusal: HTTPTransportResponse) async throws {
        let nodes = Nodes(["a": Self.version(5), "b": Self.version(5)])
        let (vault, resolver) = try vault(nodes)
        #expect(try await resolver.value("openai") == "sk-5")
        nodes["a"] = refusal
        vault.clock.advance(by: .seconds(301))
        #expect(try await resolver.getAPIKey(service: "openai")?.provenance?.isStale == false)
        nodes["b"] = refusal
        vault.clock.advance(by: .seconds(301))
        let code = await resolver.failure("openai")?.code
        #expect(code == .denied || code == .invalidConfiguration)
        nodes["b"] = nil
        // Where nobody else is there, one word is enough.
        vault.clock.advance(by: .seconds(31))
        #expect(await resolver.failure("openai")?.code == code)
    }

    @Test("A state that no server has got to for a minute is forgotten")
    func markFalls() {
        let index = ConsistencyIndex()
        let (high, low) = (Self.mark(Int.max), Self.mark(70))
        index.note(high, at: .zero)
        for second in [0, 30, 59] { index.note(low, at: .seconds(second)) }
        #expect(index.mark?.header == high)
        // Somebody has got to it.
        index.note(high, at: .seconds(59))
        for second in [60, 119] { index.note(low, at: .seconds(second)) }
        #expect(index.mark?.header == high)
        index.note(low, at: .seconds(120))
        #expect(index.mark?.header == low)
    }

    @Test("What is no state of OpenBao's is not sent back", arguments: ["v1:leak", "", "e30=", "!!!"])
    func foreign(_ header: String) async throws {
        let vault = FaultyVault { _ in
            var answer = Self.version(1)
            answer.headers["x-vault-index"] = header
            return answer
        }
        let resolver = try vault.resolver()
        for _ in 1...2 {
            #expect(try await resolver.value("openai") == "sk-1")
            resolver.invalidateAll()
        }
        #expect(vault.transport.requests.allSatisfy { $0.headers["X-Vault-Index"] == nil })
    }
}
