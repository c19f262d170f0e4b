import ExtensionHooks
import HTTPTransport
import KeyHooks
import OpenBao
import Testing

@Suite("The variables of OpenBao's own tools")
struct VariablesTests {
    @Test("A BAO_ variable that is set, even to nothing, hides the VAULT_ one", arguments: Address.all)
    func address(_ row: Address) async throws {
        let environment = row.environment.merging(["BAO_TOKEN": "s.1"]) { $1 }
        #expect(try await request(environment).url.hasPrefix("\(row.address)/v1/secret/"))
    }

    @Test(
        "The namespace comes from BAO_NAMESPACE, then VAULT_NAMESPACE",
        arguments: [
            ([:], nil),
            (["VAULT_NAMESPACE": "red"], "red"),
            (["BAO_NAMESPACE": "/blue/", "VAULT_NAMESPACE": "red"], "blue"),
            (["BAO_NAMESPACE": "", "VAULT_NAMESPACE": "red"], nil),
            (["BAO_NAMESPACE": "/"], nil),
        ] as [([String: String], String?)]
    )
    func namespace(_ environment: [String: String], _ namespace: String?) async throws {
        let request = try await request(environment.merging(["BAO_TOKEN": "s.1"]) { $1 })
        #expect(request.headers["X-Vault-Namespace"] == namespace)
    }

    @Test(
        "The token comes from BAO_TOKEN, then VAULT_TOKEN",
        arguments: [
            (["BAO_TOKEN": "s.bao", "VAULT_TOKEN": "s.vault"], "s.bao"),
            (["VAULT_TOKEN": "s.vault"], "s.vault"),
            (["VAULT_TOKEN": " s.vault\r\n"], "s.vault"),
        ] as [([String: String], String)]
    )
    func token(_ environment: [String: String], _ token: String) async throws {
        #expect(try await request(environment).headers["X-Vault-Token"] == token)
    }

    @Test("What is configured wins over variables")
    func configured() async throws {
        let environment = [
            "BAO_ADDR": "http://no", "BAO_AGENT_ADDR": "http://no", "BAO_NAMESPACE": "no", "BAO_TOKEN": "s.no",
            "OWN": "s.own",
        ]
        let request = try await request(environment) {
            $0.addresses = ["https://own.test"]
            $0.namespace = "own"
            $0.token = .environment("OWN")
        }
        #expect(request.url.hasPrefix("https://own.test/v1/"))
        #expect(request.headers["X-Vault-Namespace"] == "own")
        #expect(request.headers["X-Vault-Token"] == "s.own")
    }

    @Test("A token that no header field takes is refused, under the variable's own name, and not repeated")
    func unfit() async throws {
        for name in ["BAO_TOKEN", "VAULT_TOKEN"] {
            for value in ["s.leak\nX-Leak: 1", "s leak", "s.leäk", " \t\n"] {
                let resolver = try resolver([name: value]).resolver
                let error = try #require(await resolver.failure("openai"))
                #expect(error.code == .unauthenticated)
                #expect(error.message.contains(name), "\(error)")
                #expect(!error.description.contains("leak") && !error.description.contains("leäk"))
            }
        }
    }

    /// The one request of a plugin with these variables.
    private func request(
        _ environment: [String: String],
        _ change: (inout OpenBaoConfiguration) -> Void = { _ in }
    ) async throws -> HTTPTransportRequest {
        let (resolver, transport) = try resolver(environment, change)
        #expect(try await resolver.value("openai") == "sk-1")
        return try #require(transport.requests.first)
    }

    private func resolver(
        _ environment: [String: String],
        _ change: (inout OpenBaoConfiguration) -> Void = { _ in }
    ) throws -> (resolver: KeyResolver, transport: FakeTransport) {
        var configuration = OpenBaoConfiguration(path: "ai")
        // Nobody is to wait for; a busy machine is no slow server.
        configuration.settings.timeout = .seconds(120)
        change(&configuration)
        let transport = FakeTransport { _ in .secret("sk-1") }
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(configuration, environment: environment, transport: transport)
        try registry.register { plugin.register(in: &$0) }
        return (try KeyResolver(registry: registry, environment: [:]), transport)
    }
}

struct Address: Sendable {
    let environment: [String: String]
    let address: String

    static let all = [
        Address(environment: [:], address: "https://127.0.0.1:8200"),
        Address(environment: ["VAULT_ADDR": "http://v"], address: "http://v"),
        Address(environment: ["BAO_ADDR": "http://b", "VAULT_ADDR": "http://v"], address: "http://b"),
        Address(environment: ["BAO_ADDR": "", "VAULT_ADDR": "http://v"], address: "https://127.0.0.1:8200"),
        Address(environment: ["BAO_ADDR": "http://b/", "VAULT_AGENT_ADDR": "http://a/"], address: "http://a"),
        Address(environment: ["BAO_AGENT_ADDR": "http://c", "VAULT_AGENT_ADDR": "http://a"], address: "http://c"),
        Address(
            environment: ["BAO_AGENT_ADDR": "", "VAULT_AGENT_ADDR": "http://a", "VAULT_ADDR": "http://v"],
            address: "http://v"
        ),
    ]
}
