import ExtensionHooks
import Testing

/// Faults of `reference/agent-zero.md`, 1.1 and 1.2: names and payload.
struct PayloadFaults {
    struct Request: Sendable, Equatable {
        var service: String
        var values: [Int] = []
    }

    static let point = HookPoint<Request, String>("getAPIKey")

    func getAPIKey(service: String, in registry: HookRegistry) async throws -> String {
        try await HookSite(Self.point, in: registry)(Request(service: service)) { "key of \($0.service)" }
    }

    func getAPIKey(_ service: String, in registry: HookRegistry) async throws -> String {
        try await getAPIKey(service: service, in: registry)
    }

    /// 1.1: the same hook is found however the code that declares the point was loaded.
    @Test func hookNameDoesNotDependOnModuleLoading() async throws {
        // A point is its declared name and its types; neither module, file nor nesting takes part.
        enum EntryScript { static let point = HookPoint<Int, Int>("init") }
        enum Imported { static let point = HookPoint<Int, Int>("init") }
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(Imported.point, id: "a") { $0.arguments += 1 } }
        #expect(try await Extensible(EntryScript.point, in: registry) { $0 }(0) == 1)
        #expect(EntryScript.point.name == "init")
    }

    /// 1.2: a hook cannot miss the argument because the caller wrote it with its label.
    @Test func keywordAndPositionalCallsLookTheSame() async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.onStart(Self.point, id: "vault") { call in
                if call.arguments.service == "openai" { call.result = .success("from the vault") }
            }
        }
        #expect(try await getAPIKey(service: "openai", in: registry) == "from the vault")
        #expect(try await getAPIKey("openai", in: registry) == "from the vault")
    }

    /// 1.2: a list that a hook sets as an argument arrives as that list.
    @Test func aListSetAsArgumentIsNotWrapped() async throws {
        // By type: the arguments are one value of the declared type, so there is nothing to wrap it in.
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(Self.point, id: "a") { $0.arguments.values = [5] } }
        let site = HookSite(Self.point, in: registry)
        #expect(try await site(Request(service: "")) { "\($0.values)" } == "[5]")
    }
}
