import JSON5Syntax

/// A path with parts of the request in it, expanded so that no part can reach out of its segment.
package struct PathTemplate: Hashable, Sendable {
    private enum Piece: Hashable {
        case text(String)
        case part(Part)
    }

    private enum Part: String, Hashable, CaseIterable {
        case service, profile, project, tenant, purpose
    }

    private let segments: [[Piece]]
    private let setting: String

    /// Whether it begins with a slash, which makes another name in stores whose names aren't paths.
    package let isRooted: Bool

    /// Whether the path says which service it is for.
    package var namesService: Bool { segments.joined().contains(.part(.service)) }

    package init(_ text: String, setting: String, of system: String? = nil) throws(KeyResolutionError) {
        let setting = system.map { "\(setting) of \($0)" } ?? setting
        self.setting = setting
        var trimmed = text[...]
        isRooted = trimmed.hasPrefix("/")
        if isRooted { trimmed.removeFirst() }
        if trimmed.hasSuffix("/") { trimmed.removeLast() }
        var segments: [[Piece]] = []
        for segment in trimmed.split(separator: "/", omittingEmptySubsequences: false) {
            let pieces = try Self.pieces(of: segment, setting)
            if pieces.allSatisfy({ if case .text = $0 { true } else { false } }), !Self.isSafe(String(segment)) {
                throw Self.invalid(setting, "has an empty, '.' or '..' segment, or a control character")
            }
            // Nobody would see it where it is said that there is no such secret.
            guard segment.first?.isWhitespace != true, segment.last?.isWhitespace != true else {
                throw Self.invalid(setting, "has a blank at the beginning or the end of a segment")
            }
            guard pieces.count(where: { if case .part = $0 { true } else { false } }) <= 1 else {
                // Otherwise 'a-b' with 'c' and 'a' with 'b-c' would share a secret.
                throw Self.invalid(setting, "has two parts of the request in one segment; write a '/' between them")
            }
            segments.append(pieces)
        }
        self.segments = segments
    }

    private static func pieces(of segment: Substring, _ setting: String) throws(KeyResolutionError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = segment
        while let open = rest.firstIndex(of: "{") {
            let end = rest[open...].firstIndex(of: "}")
            let name = String(rest[rest.index(after: open)..<(end ?? rest.endIndex)])
            guard let close = end, let part = Part(rawValue: name) else {
                let known = Part.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
                let meant = closestMatch(to: name, among: Part.allCases.map(\.rawValue))
                throw invalid(
                    setting,
                    "has a '{' that doesn't begin one of \(known)",
                    remedy: meant.map { "did you mean {\($0)}?" }
                )
            }
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            pieces.append(.part(part))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty || pieces.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// The segments of a path that is the same for every request.
    package func fixed() throws(KeyResolutionError) -> [String] {
        for piece in segments.joined() {
            if case .part = piece { throw Self.invalid(setting, "has a '{', which only 'path' may have") }
        }
        return try expanded(for: "", KeyScope())
    }

    /// The segments for a request.
    package func expanded(for service: Service, _ scope: KeyScope) throws(KeyResolutionError) -> [String] {
        var expanded: [String] = []
        for pieces in segments {
            var segment = ""
            for piece in pieces {
                switch piece {
                case .text(let text): segment += text
                case .part(let part): segment += try value(of: part, service, scope)
                }
            }
            guard Self.isSafe(segment) else { throw Self.unsafe(service, setting) }
            expanded.append(segment)
        }
        return expanded
    }

    /// A segment as far as it is known before there is a request.
    package enum Segment: Hashable, Sendable {
        case exactly(String)

        /// Whatever the request has, between two texts that may be empty.
        case anything(after: String, before: String)
    }

    /// The segments for requests of which only this much is known.
    package func segments(for service: Service?, profile: String? = nil) -> [Segment] {
        segments.map { pieces in
            var (before, after): (String, String?) = ("", nil)
            for piece in pieces {
                let known: String? =
                    switch piece {
                    case .text(let text): text
                    case .part(.service): service?.id
                    case .part(.profile): profile
                    case .part: nil
                    }
                if let known, after == nil { before += known } else { after = (after ?? "") + (known ?? "") }
            }
            return after.map { .anything(after: before, before: $0) } ?? .exactly(before)
        }
    }

    private func value(of part: Part, _ service: Service, _ scope: KeyScope) throws(KeyResolutionError) -> String {
        let value: String? =
            switch part {
            case .service: service.id
            case .profile: scope.profile
            case .project: scope.project
            case .tenant: scope.tenant
            case .purpose: scope.purpose
            }
        guard let value else {
            let name = part.rawValue
            throw KeyResolutionError(
                .invalidScope,
                "\(setting) needs a \(name), and the request has none",
                remedy: "give the scope a \(name) (--\(name)), or take {\(name)} out of \(setting)",
                service: service
            )
        }
        // By bytes: as characters, a slash with a combining mark after it isn't a slash.
        guard !value.isEmpty, !value.utf8.contains(UInt8(ascii: "/")), Self.isSafe(value) else {
            throw Self.unsafe(service, setting)
        }
        return value
    }

    private static func isSafe(_ segment: String) -> Bool {
        !segment.isEmpty && segment != "." && segment != ".." && segment.utf8.count <= 512
            && !segment.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    }

    private static func unsafe(_ service: Service, _ setting: String) -> KeyResolutionError {
        KeyResolutionError(
            .invalidScope,
            "a part of the scope cannot stand in \(setting)",
            remedy: "use names without '/', '..' and control characters",
            service: service
        )
    }

    private static func invalid(_ setting: String, _ what: String, remedy: String? = nil) -> KeyResolutionError {
        .invalidConfiguration("\(setting) \(what)", remedy: remedy ?? "fix \(setting)")
    }
}
