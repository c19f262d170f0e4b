import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import OpenBao
import PluginHost
import Testing

// What the README and the articles of KeyHooks show. Most of it asks for keys of the machine, so it is compiled only.

private struct Model: Sendable {
    func complete(_ prompt: String, key: String) async throws -> String { prompt }
}

private struct Agent: Sendable {
    var resolver: KeyResolver?

    init(_ resolver: KeyResolver? = nil) { self.resolver = resolver }

    func run() async throws {}

    func reply(to prompt: String) async throws -> String {
        _ = try await resolver?.requireAPIKey(service: "openai")
        return "Hi"
    }
}

private struct Logger: Sendable {
    func info(_ text: String) {}
    func warning(_ text: String) {}
}

private struct HTTPError: Error {
    var status = 401
}

private struct VaultClient: Sendable {
    struct Bundle {
        var fields: [String: String]
        var version: String?
        var end: Date?
    }

    var keys: [String: String]? = [:]

    private func present() throws -> [String: String] {
        guard let keys else { throw KeyResolutionError(.unavailable, "the vault is away", remedy: "start it") }
        return keys
    }

    func secret(_ name: String) async throws -> String? { try present()[name] }
    func bundle(_ name: String) async throws -> Bundle? { try Bundle(fields: present()) }
}

private let model = Model()
private let agent = Agent()
private let logger = Logger()
private let prompt = "Hello"
private let client = VaultClient(keys: ["ai/openai": "fake-openai"])
private let unreachable = VaultClient(keys: nil)

private func post(_ prompt: String, key: String) async throws -> String { prompt }
private func use(_ key: APIKey) {}
private func useNoKey() {}
private func report(_ names: [String]) {}
private func log(_ service: Service, _ source: CallSource) {}

private struct TeamVault: KeySource {
    let client: VaultClient
    func read(_ request: KeyRequest) async throws -> String? { try await client.secret("ai/\(request.service)") }
}

extension HTTPError: ProviderRejection {
    var isUnauthorized: Bool { status == 401 }
}

private func readme1() async throws {
    let resolver = try KeyResolver(configuration: .discover())

    let reply = try await resolver.withAPIKey("openai") { key in
        try await model.complete(prompt, key: key.value)  // once more with a new key if it throws an unauthorized error
    }
    print(try resolver.explain(service: "openai"))  // where the key comes from, and why; never the key
    _ = reply
}

private func readme2() async throws {
    let resolver = try KeyResolver(configuration: .discover(), plugins: [OpenBaoPlugin.plugin])
    _ = resolver
}

private func readme3() async throws {
    struct TeamVault: KeySource {
        let client: VaultClient
        func read(_ request: KeyRequest) async throws -> String? { try await client.secret("ai/\(request.service)") }
    }
    let registry = HookRegistry()
    try registry.register { hooks in hooks.answer(from: TeamVault(client: client), id: "team-vault") }
    let resolver = try KeyResolver(configuration: .discover(), registry: registry)
    _ = resolver
}

private func openBao1() async throws {
    let resolver = try KeyResolver(configuration: .discover(), plugins: [OpenBaoPlugin.plugin])
    _ = resolver
}

private func choosing1() async throws {
    let resolver = try KeyResolver.fake()
    let key = try await resolver.requireAPIKey(service: "openai")

    switch try await resolver.resolve(service: "ollama") {
    case .found(let key): use(key)
    case .notRequired: useNoKey()
    case .absent(let absence): report(absence.namesTried)
    }

    let (service, any) = try await resolver.firstAPIKey(of: ["openai", "groq"])
    let region = try await resolver.getSecret(service: "bedrock", field: "region")
    use(key)
    _ = (service, any, region)
}

private func choosing2() async throws {
    let resolver = try KeyResolver.fake()
    let recent = try await resolver.getAPIKey(service: "openai", maximumAge: .seconds(60))
    let newest = try await resolver.getAPIKey(service: "openai", refresh: true)  // also reads changed .env files again
    _ = (recent, newest)
}

private func choosing3() async throws {
    let resolver = try KeyResolver.fake()
    let testResolver = resolver
    KeyResolver.installDefault(resolver)
    let key = try await getAPIKey(service: "openai")  // the free function asks it

    try await KeyResolver.withDefault(testResolver) {
        _ = try await getAPIKey(service: "openai")  // asks the other one, in here only
    }
    _ = key
}

private func keeping1() async throws {
    let resolver = try KeyResolver.fake()
    let recent = try await resolver.getAPIKey(service: "openai", maximumAge: .seconds(60))
    let newest = try await resolver.getAPIKey(service: "openai", refresh: true)
    let kept = try resolver.cachedAPIKey(service: "openai")  // without await
    resolver.invalidate("openai")
    _ = (recent, newest, kept)
}

private func keeping2(_ log: Logger) async throws {
    let resolver = try KeyResolver.fake()
    let failures = await resolver.warmUp(["openai", "anthropic", "groq"])
    for (service, error) in failures { log.warning("\(service): \(error)") }

    try await resolver.warmUp(tagged: ["app": "agent"])  // whatever the managers have under these tags
}

private func overview1() async throws {
    let registry = HookRegistry()
    let resolver = try KeyResolver(configuration: .discover(), registry: registry)
    let key = try await resolver.requireAPIKey(service: "openai")
    use(key)
}

private func testing1() async throws {
    let resolver = try KeyResolver.fake(["openai": APIKey.fake("openai").value])
    let key = try await resolver.requireAPIKey(service: "openai")
    use(key)
}

private func testing2() async throws {
    let resolver = try KeyResolver.fake()
    try await KeyResolver.withDefault(resolver) {
        try await agent.run()  // calls getAPIKey(service:) somewhere inside
    }
}

private func testing3() async throws {
    let registry = HookRegistry()
    let vault = TeamVault(client: client)
    let clock = ManualClock()
    try registry.register { hooks in hooks.answer(from: vault, id: "vault", clock: clock) }
    clock.advance(by: .seconds(300))  // the TTL is over
}

private func testing4() async throws {
    let check = SourceConformance(of: TeamVault(client: client), failing: TeamVault(client: unreachable))
    #expect(await check.failures(present: "openai", absent: "groq") == [])
}

private func configuration1() async throws {
    let resolver = try KeyResolver.fake()
    let fromFile = try KeyConfiguration.read(from: "/app/keyhooks.json")
    let fromText = try KeyConfiguration(parsing: #"{ "providers": { "groq": { "env": ["MY_GROQ"] } } }"#)
    let found = try KeyConfiguration.discover()  // what the tool reads

    try resolver.override("openai") { $0.timeToLive = .seconds(10) }  // over the file, its profiles, earlier overrides
    try resolver.removeOverride("openai")  // all of them
    try resolver.reload()  // the file, the .env files, the plugins: all that is new, or an error and no change
    _ = (fromFile, fromText, found)
}

private func troubleshooting1() async throws {
    let resolver = try KeyResolver(configuration: .discover(), onWarning: { warning in logger.warning("\(warning)") })
    _ = resolver
}

private func unauthorized1() async throws {
    let resolver = try KeyResolver.fake()
    let reply = try await resolver.withAPIKey("openai") { key in
        try await model.complete(prompt, key: key.value)
    }
    _ = reply
}

private func unauthorized3() async throws {
    let resolver = try KeyResolver.fake()
    func isRejected(_ error: any Error) -> Bool { (error as? HTTPError)?.status == 401 }

    let answer = try await resolver.withAPIKey("openai", isUnauthorized: isRejected) { key in
        try await post(prompt, key: key.value)
    }
    _ = answer
}

private func unauthorized4() async throws {
    let resolver = try KeyResolver.fake()
    let key = try await resolver.requireAPIKey(service: "openai")
    resolver.report(.unauthorized, for: key)
    let next = try await resolver.getAPIKey(service: "openai")
    _ = next
}

private func overriding1() async throws {
    let resolver = try KeyResolver.fake()
    try resolver.override("openai") { settings in
        settings.timeToLive = .seconds(10)
        settings["acme"] = ["name": "team-a"]
    }
}

private func writing1() async throws {
    struct TeamVault: KeySource {
        let client: VaultClient
        func read(_ request: KeyRequest) async throws -> String? {  // nil: there is none
            try await client.secret("ai/\(request.service)")
        }
    }

    let registry = HookRegistry()  // yours to make; nothing is registered in it until you do
    try registry.register { hooks in
        hooks.answer(from: TeamVault(client: client), id: "team-vault", services: ["openai", "azure*"])
    }
    let resolver = try KeyResolver(configuration: .discover(), registry: registry)
    _ = resolver
}

private func writing2() async throws {
    struct BundleVault: KeySource {
        let client: VaultClient

        func location(for request: KeyRequest) -> String? {  // nil: none of my business
            "ai/\(request.scope.profile ?? "default")"
        }

        func read(_ location: String) async throws -> SourceReading<[String: String]> {
            guard let secret = try await client.bundle(location) else { return .absent("there is no such secret") }
            return .found(secret.fields, version: secret.version, expiresAt: secret.end)
        }
    }
    _ = BundleVault(client: client)
}

private struct NamedVault { let client: VaultClient }

extension NamedVault: KeySource {
    func location(for request: KeyRequest) -> String? { "ai" }

    func read(_ location: String) async throws -> SourceReading<[String: String]> {
        guard let secret = try await client.bundle(location) else { return .absent("there is no such secret") }
        return .found(secret.fields)
    }

    func key(for request: KeyRequest, in fields: [String: String]) throws -> SourceKey {
        guard request.field == nil else { return .absent("it keeps no fields") }
        let name = "\(request.service)-key"
        return fields[name].map { .found($0, name: name) } ?? .absent("no field \(name)", remedy: "add it there")
    }
}

private func writing5() async throws {
    let text = "{}"
    let configuration = try KeyConfiguration(parsing: text, path: "built-in.json")
    _ = configuration
}

private func writing6() async throws {
    let registry = HookRegistry()
    try registry.register { hooks in
        hooks.onStart(.getAPIKey, id: "acme/policy", before: ["team-vault"]) { call in
            if call.arguments.scope.tenant == "guest" { call.deny("guests have no keys") }
        }
        hooks.onEnd(.getAPIKey, id: "acme/audit", filter: .services(["openai"])) { call in
            log(call.arguments.service, call.answeredBy)
        }
    }
}

private func kit1() async throws {
    let resolver = try KeyResolver.fake(["openai": APIKey.fake("openai").value])
    #expect(try await Agent(resolver).reply(to: "Hello") == "Hi")
}

private func kit2() async throws {
    let registry = HookRegistry()
    try registry.register { hooks in
        hooks.onStart(.getAPIKey, id: "outage") { _ in
            throw KeyResolutionError(.unavailable, "the vault is sealed", remedy: "unseal it")
        }
    }
    let resolver = try KeyResolver.fake(registry: registry)
    await #expect(throws: KeyResolutionError.self) { try await Agent(resolver).reply(to: "Hello") }
}

private func kit3() async throws {
    let check = SourceConformance(of: TeamVault(client: client), failing: TeamVault(client: unreachable))
    #expect(await check.failures(present: "openai", absent: "groq") == [])
}

private func kit4() async throws {
    let report = try await PluginConformance().check("Plugins/acme-vault")
    #expect(report.failures == [])
}

private func host1() async throws {
    let dropIns = DropInPlugins(log: { line in logger.info("\(line)") })
    let resolver = try KeyResolver(configuration: .discover(), plugins: [dropIns])
    let watching = Task { try await dropIns.watch(resolver) }
    try await agent.run()
    watching.cancel()
    await dropIns.shutdown()  // ends the plugins; no more start
}

private func dropping1() async throws {
    let report = try await PluginConformance(configuration: .discover()).check("acme.vault")
    for failure in report.failures { print(failure) }
}
