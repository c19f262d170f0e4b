import ExtensionHooks
import Testing

/// A secret that got into a foreign error's text does not get out of ours.
struct ValueFreeTests {
    /// Everything a logger might do with a value.
    static func texts(of value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var printed = ""
        print(value, to: &printed)
        var mirrored = ""
        func walk(_ mirror: Mirror) {
            for child in mirror.children {
                mirrored += "\(child.label ?? "") \(child.value) "
                walk(Mirror(reflecting: child.value))
            }
        }
        walk(Mirror(reflecting: value))
        let nested: [String: Any] = ["nested": value]
        return [
            dumped, printed, mirrored, "\(value)", String(describing: value), String(reflecting: value), "\(nested)",
            String(reflecting: Optional(value)), String(reflecting: [value]),
        ]
    }

    static func expectNoSecret(in value: some Any, at location: SourceLocation = #_sourceLocation) {
        for text in texts(of: value) {
            #expect(!text.contains(LeakyError.secret), sourceLocation: location)
        }
    }

    @Test func theProbeFindsASecretWhereOneIs() {
        #expect(Self.texts(of: LeakyError()).allSatisfy { $0.contains(LeakyError.secret) })
    }

    @Test(arguments: HookKind.allCases)
    func aHookErrorNeverShowsItsUnderlyingError(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.end("a", onFailure: .fail) { _ in throw LeakyError() }
            hooks.end("b", onFailure: .fail) { _ in throw LeakyError() }
        }
        let error = try #require(await subject.result(1).hookError)
        #expect(error.others.count == 1)
        Self.expectNoSecret(in: error)
        Self.expectNoSecret(in: error as any Error)
        Self.expectNoSecret(in: Result<Int, any Error>.failure(error))
        // What it is remains known to whoever asks for it by name.
        #expect((error.underlying as? LeakyError)?.quoted == LeakyError.secret)
        #expect(error.description.contains("ExtensionHooksTests.LeakyError"))
    }

    @Test(arguments: HookKind.allCases)
    func aRecordNeverShowsArgumentsOutputsOrForeignErrors(kind: HookKind) async throws {
        let records = Log<CallRecord>()
        let subject = Subject<String, String>(kind) { argument in
            guard argument.hasPrefix("sk") else { throw LeakyError() }
            return argument
        }
        try subject.registry.register { hooks in hooks.observe { records.add($0) } }
        try subject.register { hooks in
            hooks.start("a") { $0.arguments += "!" }
            hooks.start("b", onFailure: .continue) { _ in throw LeakyError() }
            hooks.end("c") { _ in throw LeakyError() }
        }
        _ = await subject.result(LeakyError.secret)
        _ = await subject.result("other " + LeakyError.secret)
        #expect(records.entries.count == 2)
        for record in records.entries { Self.expectNoSecret(in: record) }
    }

    @Test func aHookErrorInAHookErrorShowsNothingEither() {
        let inner = HookError(point: "p", hook: "a", phase: .start, underlying: LeakyError())
        let outer = HookError(point: "q", hook: "b", phase: .end, underlying: inner, others: [inner])
        Self.expectNoSecret(in: outer)
        let text =
            "hook 'b' failed in the end phase of 'q': hook 'a' failed in the start phase of 'p': "
            + "ExtensionHooksTests.LeakyError; also: hook 'a' failed in the start phase of 'p': "
            + "ExtensionHooksTests.LeakyError"
        #expect(outer.description == text)
    }

    @Test func aValueFreeErrorIsRepeatedAndAnyOtherNamedByItsType() {
        #expect(valueFreeDescription(of: TidyError()) == "the disk is full")
        #expect(valueFreeDescription(of: LeakyError()) == "ExtensionHooksTests.LeakyError")
        #expect(valueFreeDescription(of: CancellationError()) == "Swift.CancellationError")
    }

    @Test func ourOwnErrorsSayWhatToDo() {
        let error = HookError(point: "p", hook: "acme/vault", phase: .start, underlying: TidyError())
        #expect(error.description == "hook 'acme/vault' failed in the start phase of 'p': the disk is full")
        #expect(error.debugDescription == "HookError(\(error.description))")
    }
}
