import JSON5Syntax
import KeyHooks

/// A path as a policy has it.
///
/// OpenBao knows two wildcards: `+`, which stands for a whole segment, and `*` at the very end, which stands for
/// whatever follows, deeper paths included.
struct PolicyPath: Hashable, Sendable {
    enum Segment: Hashable, Sendable {
        case exactly(String)

        /// `+`
        case any
    }

    private(set) var segments: [Segment] = []

    /// What the rest begins with where a `*` ends the path; nil for one without.
    private(set) var openEnd: String?

    /// Why the path is wider than what was meant, for whoever reads the policy.
    private(set) var remarks: [String] = []

    /// The path of what a template stands for, below a part of an engine.
    init(_ base: [String], _ rest: [PathTemplate.Segment]) {
        for text in base { append(.exactly(text), isLast: false) }
        for (index, segment) in rest.enumerated() { append(segment, isLast: index == rest.count - 1) }
    }

    /// The path of all that begins with a text, below a part of an engine.
    init(_ base: [String], beginning prefix: String) {
        var folders = prefix.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let end = folders.popLast() ?? ""
        self.init(base, folders.map { .exactly($0) })
        openEnd = end
    }

    /// The folder that a list is asked of, with the slash that the server puts there.
    init(listing folder: [String]) {
        self.init(folder, [.exactly("")])
    }

    private mutating func append(_ segment: PathTemplate.Segment, isLast: Bool) {
        switch segment {
        case .exactly(let text):
            if isLast, text.hasSuffix("*") {
                openEnd = String(text.dropLast())
                remarks.append("A '*' at the end stands for more than itself in a policy.")
                return
            }
            if text == "+" { remarks.append("A segment '+' stands for any segment in a policy.") }
            segments.append(text == "+" ? .any : .exactly(text))
        case .anything("", ""): segments.append(.any)
        case .anything(let before, let after) where isLast && !before.isEmpty:
            openEnd = before
            let words = displayText("\(before)…\(after)", limit: 512)
            remarks.append(
                "Wider than '\(words)': a policy can't say a part of a segment but by '*', which takes whatever begins so, "
                    + "deeper paths too."
            )
        case .anything(let before, let after):
            segments.append(.any)
            let words = displayText("\(before)…\(after)", limit: 512)
            remarks.append(
                "Wider than '\(words)': a policy can't say a part of a segment, and '+' takes the whole of it."
            )
        }
    }

    /// The same path as it is written in a namespace above its own.
    func within(_ folders: [String]) -> PolicyPath {
        var path = self
        path.segments = folders.map { .exactly($0) } + segments
        return path
    }

    /// Whether it has no wildcard.
    var isExact: Bool { openEnd == nil && !segments.contains(.any) }

    /// As the server writes it.
    var text: String {
        let fixed = segments.map { if case .exactly(let text) = $0 { text } else { "+" } }
        return (fixed + (openEnd.map { [$0 + "*"] } ?? [])).joined(separator: "/")
    }
}

extension PolicyPath {
    /// Whether it matches all that another one matches, so that the other one's rule stands over its own.
    func covers(_ other: PolicyPath) -> Bool {
        guard other.segments.count >= segments.count,
            zip(segments, other.segments).allSatisfy({ $0 == .any || $0 == $1 })
        else { return false }
        guard let openEnd else { return other.segments.count == segments.count && other.openEnd == nil }
        guard other.segments.count > segments.count else { return other.openEnd?.hasPrefix(openEnd) ?? false }
        return other.segments[segments.count].mayBegin(with: openEnd, isSure: true)
    }

    /// Whether there are paths that both match.
    func overlaps(_ other: PolicyPath) -> Bool {
        let areAlike = zip(segments, other.segments).allSatisfy { $0 == .any || $1 == .any || $0 == $1 }
        guard areAlike else { return false }
        let (short, long) = segments.count <= other.segments.count ? (self, other) : (other, self)
        if short.segments.count < long.segments.count {
            return short.openEnd.map { long.segments[short.segments.count].mayBegin(with: $0, isSure: false) } ?? false
        }
        switch (openEnd, other.openEnd) {
        case (nil, nil): return true
        case (let one?, let two?): return one.hasPrefix(two) || two.hasPrefix(one)
        default: return false
        }
    }
}

extension PolicyPath.Segment {
    fileprivate func mayBegin(with text: String, isSure: Bool) -> Bool {
        switch self {
        case .exactly(let segment): segment.hasPrefix(text)
        case .any: text.isEmpty || !isSure
        }
    }
}
