import ExtensionHooks
import Testing

/// Values that bundles bring for whoever asks the registry for their type.
struct AttachmentTests {
    protocol Named: Sendable { var name: String { get } }
    struct Cache: Named { let name: String }
    struct Check: Named { let name: String }

    private func registry() throws -> HookRegistry {
        let registry = HookRegistry()
        try registry.register { hooks in
            hooks.attach(Cache(name: "z"), for: "z")
            hooks.attach(Cache(name: "acme all"), for: "acme/all")
            hooks.attach(Cache(name: "acme"), for: "acme")
            hooks.attach(Check(name: "check"), for: "acme")
        }
        return registry
    }

    private func names(in registry: HookRegistry) -> [String] {
        registry.attachments(of: (any Named).self).map(\.name)
    }

    @Test func theyAreFoundByTypeAndSortedById() throws {
        let registry = try registry()
        #expect(registry.attachments(of: Cache.self).map(\.name) == ["acme", "acme all", "z"])
        #expect(registry.attachments(of: Check.self).map(\.name) == ["check"])
        #expect(names(in: registry) == ["acme", "check", "acme all", "z"])
        #expect(registry.attachments(of: Int.self).isEmpty)
    }

    @Test func aDerivedRegistryShowsWhatItNeitherDisablesNorLeavesUnasked() throws {
        let parent = try registry()
        let own = try parent.derived(disabling: ["acme"]) { $0.attach(Cache(name: "own"), for: "acme/own") }
        #expect(names(in: own) == ["own", "z"])
        #expect(names(in: try parent.derived(disabling: ["acme/all"])) == ["acme", "check", "z"])
        #expect(names(in: try parent.derived(asking: ["acme"])) == ["acme", "check", "acme all"])
        #expect(names(in: try parent.derived(disabling: [.all])).isEmpty)
        #expect(names(in: try own.derived(asking: ["z"])) == ["z"])
        #expect(names(in: parent).count == 4)
    }

    @Test func theyComeAndGoWithTheirBundle() throws {
        let registry = try registry()
        let derived = try registry.derived()
        let token = try registry.register { $0.attach(Cache(name: "late"), for: "acme") }
        #expect(names(in: derived) == ["acme", "check", "late", "acme all", "z"])
        token.cancel()
        #expect(names(in: derived) == ["acme", "check", "acme all", "z"])
    }

    @Test func anIdThatIsNoneIsRefusedWithTheWholeBundle() throws {
        let registry = HookRegistry()
        let error = #expect(throws: HookRegistrationError.self) {
            try registry.register { hooks in
                hooks.attach(Cache(name: "good"), for: "good")
                hooks.attach(Cache(name: "bad"), for: "a/b/c")
            }
        }
        #expect(error?.code == .invalidID)
        #expect(names(in: registry).isEmpty)
    }
}
