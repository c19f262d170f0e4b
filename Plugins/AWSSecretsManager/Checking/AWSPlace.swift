#if AWS
import JSON5Syntax
import KeyHooks

/// Where the keys of one service are, or those of all that nothing else is said of.
struct AWSPlace: Sendable {
    let service: Service?
    let profile: String?
    let template: PathTemplate
    let version: String?

    /// The name of the secret as a pattern of IAM's, in which `*` is what a request has.
    func pattern(behind prefix: String) -> String {
        let segments = template.segments(for: service, profile: profile)
            .map { segment in
                switch segment {
                case .exactly(let text): Self.literal(text)
                case .anything(let before, let after): "\(Self.literal(before))*\(Self.literal(after))"
                }
            }
        return Self.literal(prefix) + (template.isRooted ? "/" : "") + segments.joined(separator: "/")
    }

    /// The name of the secret of a service; nil if it depends on the request.
    func name(of service: Service?, behind prefix: String) -> String? {
        var name = prefix + (template.isRooted ? "/" : "")
        for (index, segment) in template.segments(for: self.service ?? service, profile: profile).enumerated() {
            guard case .exactly(let text) = segment else { return nil }
            name += (index == 0 ? "" : "/") + text
        }
        return name
    }

    /// The template as a person would write it.
    func words(behind prefix: String) -> String { displayText(pattern(behind: prefix), limit: 512) }

    /// A text in which IAM sees no pattern and no variable.
    static func literal(_ text: String) -> String {
        text.contains { "*?$".contains($0) } ? text.map { "*?$".contains($0) ? "${\($0)}" : "\($0)" }.joined() : text
    }
}
#endif
