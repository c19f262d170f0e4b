import KeyHooks
import Testing

@testable import OpenBao

/// Which rule decides where several match.
@Suite struct PolicyPathTests {
    struct Row: Sendable {
        let one: String
        let other: String
        var covers = false
        var isCovered = false
        var overlaps = true
    }

    static let rows = [
        Row(one: "kv/a", other: "kv/a", covers: true, isCovered: true),
        Row(one: "kv/a", other: "kv/b", overlaps: false),
        Row(one: "kv/a", other: "kv/a/b", overlaps: false),
        Row(one: "kv/+", other: "kv/a", covers: true),
        Row(one: "kv/+", other: "kv/a/b", overlaps: false),
        Row(one: "kv/+/b", other: "kv/a/+"),
        Row(one: "kv/+/b", other: "kv/a/c", overlaps: false),
        Row(one: "kv/*", other: "kv/a/b", covers: true),
        Row(one: "kv/*", other: "kv/+/+", covers: true),
        Row(one: "kv/*", other: "kv", overlaps: false),
        Row(one: "kv/*", other: "kv/team-*", covers: true),
        Row(one: "kv/team-*", other: "kv/team-a/b", covers: true),
        Row(one: "kv/team-*", other: "kv/other", overlaps: false),
        Row(one: "kv/team-*", other: "kv/+"),
        Row(one: "kv/team-*", other: "kv/+/b"),
        Row(one: "kv/a-*", other: "kv/b-*", overlaps: false),
        Row(one: "kv/a/*", other: "kv/+/b"),
        Row(one: "kv/a/b*", other: "kv/+/bc", covers: false),
    ]

    @Test(arguments: rows) func `One path covers or crosses another as the server matches them`(_ row: Row) {
        let (one, other) = (path(row.one), path(row.other))
        #expect(one.text == row.one && other.text == row.other)
        #expect(one.covers(other) == row.covers)
        #expect(other.covers(one) == row.isCovered)
        #expect(one.overlaps(other) == row.overlaps)
        #expect(other.overlaps(one) == row.overlaps)
    }

    @Test func `A rule gets what wider and crossing rules give, and nothing of what is narrower`() {
        func rule(_ text: String, _ capabilities: Set<BaoCapability>, _ namespace: String? = nil) -> AccessRule {
            AccessRule(namespace: namespace, path: path(text), capabilities: capabilities, reasons: [])
        }
        let rules = [
            rule("kv/*", [.list]), rule("kv/a/+", [.read]), rule("kv/+/b", [.update]), rule("kv/c/d", [.delete]),
            rule("kv/c/d", [.create]), rule("kv/a/+", [.patch], "team"),
        ]
        let combined = rules.combined().map { ($0.path.text, $0.capabilities, $0.namespace) }
        let expected: [(String, Set<BaoCapability>, String?)] = [
            ("kv/*", [.list], nil), ("kv/a/+", [.list, .read, .update], nil), ("kv/+/b", [.list, .read, .update], nil),
            ("kv/c/d", [.list, .create, .delete], nil), ("kv/a/+", [.patch], "team"),
        ]
        #expect(combined.elementsEqual(expected) { $0 == $1 })
    }

    /// A path as it is written.
    private func path(_ text: String) -> PolicyPath {
        var parts = text.split(separator: "/").map(String.init)
        let end = parts.last.flatMap { $0.hasSuffix("*") ? String($0.dropLast()) : nil }
        if end != nil { parts.removeLast() }
        let segments = parts.map { $0 == "+" ? PathTemplate.Segment.anything(after: "", before: "") : .exactly($0) }
        return PolicyPath([], segments + (end.map { [$0.isEmpty ? .exactly("*") : .exactly($0 + "*")] } ?? []))
    }
}
