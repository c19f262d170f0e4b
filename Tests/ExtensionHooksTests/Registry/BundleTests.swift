import ExtensionHooks
import Testing

struct BundleTests {
    enum Flaw: CaseIterable, Sendable {
        case duplicateInBundle
        case duplicateOfRegistered
        case cycle
        case invalidID
        case thrownByBuilder
    }

    @Test(arguments: HookKind.allCases, Flaw.allCases)
    func aHalfBadBundleLeavesNoTrace(kind: HookKind, flaw: Flaw) async throws {
        let records = Log<CallRecord>()
        let subject = Subject<[String], [String]>(kind) { $0 }
        try subject.register { $0.start("present") { $0.arguments.append("present") } }
        let other = Extensible(HookPoint<Int, Int>("other"), in: subject.registry) { $0 }
        let before = subject.order
        #expect(throws: (any Error).self) {
            try subject.register { hooks in
                hooks.hooks.onStart(HookPoint<Int, Int>("other"), id: "good") { $0.arguments = 99 }
                hooks.hooks.observe { records.add($0) }
                hooks.start("good") { $0.arguments.append("good") }
                switch flaw {
                case .duplicateInBundle: hooks.end("good")
                case .duplicateOfRegistered: hooks.start("present")
                case .cycle: hooks.start("bad", before: ["good"], after: ["good"])
                case .invalidID: hooks.start("not valid")
                case .thrownByBuilder: throw TestFailure()
                }
            }
        }
        #expect(subject.order == before)
        #expect(try await subject([]) == ["present"])
        #expect(!other.isUsed)
        #expect(records.entries.isEmpty)
        // And what was good in it can be registered afterwards.
        try subject.register { $0.start("good") { $0.arguments.append("good") } }
        #expect(try await subject([]) == ["good", "present"])
    }

    @Test(arguments: HookKind.allCases)
    func aBundleIsTakenAwayAsAWhole(kind: HookKind) async throws {
        let records = Log<CallRecord>()
        let subject = Subject<Int, Int>(kind) { $0 }
        let other = Extensible(HookPoint<Int, Int>("other"), in: subject.registry) { $0 }
        let registration = try subject.register { hooks in
            hooks.start("a") { $0.arguments += 1 }
            hooks.end("b") { call in call.result = call.result.map { $0 * 10 } }
            hooks.hooks.onStart(HookPoint<Int, Int>("other"), id: "a") { $0.arguments = 99 }
            hooks.hooks.observe { records.add($0) }
        }
        #expect(try await subject(1) == 20)
        #expect(records.entries.count == 1)
        registration.cancel()
        #expect(try await subject(1) == 1)
        #expect(!subject.isUsed && !other.isUsed)
        #expect(records.entries.count == 1)
    }

    @Test func anIdIsUniquePerPointOnly() throws {
        let registry = HookRegistry()
        try registry.register { hooks in hooks.onStart(HookPoint<Int, Int>("one"), id: "a") { _ in } }
        try registry.register { hooks in hooks.onStart(HookPoint<Int, Int>("two"), id: "a") { _ in } }
        let error = #expect(throws: HookRegistrationError.self) {
            try registry.register { hooks in hooks.onEnd(HookPoint<Int, Int>("one"), id: "a") { _ in } }
        }
        #expect(error?.code == .duplicateID)
        #expect(error?.hooks == ["a"])
        #expect(error?.description.contains("'one' has a hook 'a' already") == true)
    }

    @Test(arguments: [
        "a", "acme/vault", "A.b_c-9/x", "0", "a-/-b", "...",
    ])
    func idsThatAreAccepted(id: String) throws {
        try HookRegistry().register { $0.onStart(HookPoint<Int, Int>("one"), id: HookID(id)) { _ in } }
        #expect(HookID(id).isWellFormed)
    }

    @Test(arguments: [
        "", "/", "a/", "/a", "a/b/c", "a b", "a\n", "ä", "a/*", "*", "a\u{0}", "a:b", "а",
    ])
    func idsThatAreRefused(id: String) throws {
        let error = #expect(throws: HookRegistrationError.self) {
            try HookRegistry().register { $0.onStart(HookPoint<Int, Int>("one"), id: HookID(id)) { _ in } }
        }
        #expect(error?.code == .invalidID)
        #expect(!HookID(id).isWellFormed)
    }

    @Test func anIdKnowsItsPlugin() {
        #expect(HookID("acme/vault").plugin == "acme")
        #expect(HookID("acme").plugin == "acme")
        #expect(HookID("acme/vault").description == "acme/vault")
        #expect(("a-b" as HookID) < "a/b")
    }

    @Test func thePluginsIDIsThatOfItsOnlyHook() {
        let plugin: PluginID = "acme"
        #expect(HookID(plugin) == "acme" && HookID(plugin).plugin == plugin)
        #expect(plugin.isWellFormed && "\(plugin)" == "acme" && plugin < "acme.b")
        for id in ["acme/vault", "", "a b", "*"] as [PluginID] { #expect(!id.isWellFormed) }
    }
}
