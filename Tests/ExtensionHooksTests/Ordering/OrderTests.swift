import ExtensionHooks
import Testing

struct OrderTests {
    /// A hook as a table writes it.
    struct Rule: Sendable {
        var id: HookID
        var priority = HookBundle.defaultPriority
        var before: [HookID] = []
        var after: [HookID] = []
    }

    struct Table: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rules: [Rule]
        let expected: [HookID]
    }

    static let tables = [
        Table(
            testDescription: "a before b before c",
            rules: [Rule(id: "a", before: ["b"]), Rule(id: "b", before: ["c"]), Rule(id: "c")],
            expected: ["a", "b", "c"]
        ),
        Table(
            testDescription: "the same backwards, against the ids",
            rules: [Rule(id: "a", after: ["b"]), Rule(id: "b", after: ["c"]), Rule(id: "c")],
            expected: ["c", "b", "a"]
        ),
        Table(
            testDescription: "priority, lower first",
            rules: [Rule(id: "a", priority: 100), Rule(id: "b", priority: 5), Rule(id: "c", priority: -10)],
            expected: ["c", "b", "a"]
        ),
        Table(
            testDescription: "ties by id",
            rules: [Rule(id: "acme/b"), Rule(id: "acme/a"), Rule(id: "Zed")],
            expected: ["Zed", "acme/a", "acme/b"]
        ),
        Table(
            testDescription: "constraints over priority",
            rules: [
                Rule(id: "a", priority: 0, after: ["c"]), Rule(id: "b", priority: 50), Rule(id: "c", priority: 99),
            ],
            expected: ["b", "c", "a"]
        ),
        Table(
            testDescription: "a plugin's name means all its hooks",
            rules: [
                Rule(id: "acme/x"), Rule(id: "acme/y", priority: 900), Rule(id: "late", priority: 0, after: ["acme"]),
            ],
            expected: ["acme/x", "acme/y", "late"]
        ),
        Table(
            testDescription: "a plugin's name does not mean the hook that says it",
            rules: [Rule(id: "acme/x"), Rule(id: "acme/y", before: ["acme"]), Rule(id: "b", priority: 0)],
            expected: ["b", "acme/y", "acme/x"]
        ),
        Table(
            testDescription: "a plugin's name does not mean a longer name",
            rules: [Rule(id: "acmetwo"), Rule(id: "x", priority: 0, after: ["acme"])],
            expected: ["x", "acmetwo"]
        ),
        Table(
            testDescription: "all means every other hook",
            rules: [Rule(id: "a"), Rule(id: "m", before: [.all]), Rule(id: "z", priority: 0)],
            expected: ["m", "z", "a"]
        ),
        Table(
            testDescription: "what is not registered has no effect",
            rules: [Rule(id: "a", after: ["nobody"]), Rule(id: "b", before: ["nobody/x"]), Rule(id: "c")],
            expected: ["a", "b", "c"]
        ),
        Table(
            testDescription: "a diamond",
            rules: [
                Rule(id: "bottom", after: ["left", "right"]), Rule(id: "left", after: ["top"]),
                Rule(id: "right", priority: 1, after: ["top"]), Rule(id: "top", priority: 500),
            ],
            expected: ["top", "right", "left", "bottom"]
        ),
    ]

    @Test(arguments: tables, HookKind.allCases)
    func theOrderDoesNotDependOnTheOrderOfRegistration(table: Table, kind: HookKind) async throws {
        let orders = permutations(of: table.rules)
        for rules in orders {
            for inOneBundle in [true, false] {
                let subject = Subject<[HookID], [HookID]>(kind) { $0 }
                func add(_ rule: Rule, to hooks: inout SubjectBundle<[HookID], [HookID]>) {
                    hooks.start(rule.id, priority: rule.priority, before: rule.before, after: rule.after) { call in
                        call.arguments.append(rule.id)
                    }
                }
                if inOneBundle {
                    try subject.register { hooks in for rule in rules { add(rule, to: &hooks) } }
                } else {
                    for rule in rules { try subject.register { add(rule, to: &$0) } }
                }
                #expect(try await subject([]) == table.expected, "\(rules.map(\.id))")
                #expect(subject.order.map(\.id) == table.expected)
            }
        }
    }

    @Test func constraintsTakeEffectWhenTheirTargetArrivesAndEndWhenItLeaves() throws {
        let subject = Subject<Int, Int>(.immediate) { $0 }
        try subject.register { $0.start("a", after: ["z"]) }
        #expect(subject.order.map(\.id) == ["a"])
        #expect(subject.order.first?.unmatched == ["z"])
        #expect(subject.order.first?.reason == "priority 100, no 'z' runs here")
        let late = try subject.register { $0.start("z", priority: 900) }
        #expect(subject.order.map(\.id) == ["z", "a"])
        #expect(subject.order.map(\.reason) == ["priority 900", "priority 100, after 'z'"])
        late.cancel()
        #expect(subject.order.map(\.id) == ["a"])
    }

    @Test func theOrderShowsTheHalvesOfEachHook() throws {
        let subject = Subject<Int, Int>(.suspending) { $0 }
        try subject.register { hooks in
            hooks.start("a", before: ["b"])
            hooks.pair("b") { _ in
            } end: { _ in
            }
            hooks.end("c", priority: 3)
        }
        #expect(subject.order.map(\.phases) == [[.end], [.start], [.start, .end]])
        #expect(subject.order.map(\.priority) == [3, 100, 100])
        #expect(subject.order.map(\.before) == [[], ["b"], []])
        #expect(subject.order.allSatisfy { !$0.isDisabled && !$0.isPinned })
    }
}
