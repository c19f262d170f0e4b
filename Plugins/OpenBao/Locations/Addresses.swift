import JSON5Syntax
import KeyHooks

/// Where a secret is read: all that tells two of them apart.
///
/// Compared byte by byte, as the server does. Swift's strings are equal if they are canonically equivalent, as `K` and
/// the Kelvin sign are, and one tenant would get the other's key from the cache.
struct SecretAddress: Sendable {
    let namespace: String?
    let mount: [String]
    let path: [String]
    let version: Int?

    /// All names, each ended by a byte that UTF-8 does not have.
    private let bytes: [UInt8]

    init(namespace: String?, mount: [String], path: [String], version: Int?) {
        self.namespace = namespace
        self.mount = mount
        self.path = path
        self.version = version
        var bytes: [UInt8] = []
        for name in [namespace ?? ""] + mount + [""] + path {
            bytes += name.utf8
            bytes.append(0xFF)
        }
        self.bytes = bytes
    }

    /// As people write it, for explanations and errors.
    var place: String { words(version: version.map { " version \($0)" } ?? "") }

    /// The same without the version.
    var secretPlace: String { words(version: "") }

    private func words(version: String) -> String {
        (mount + path).joined(separator: "/") + version + (namespace.map { " in namespace \($0)" } ?? "")
    }

    typealias Misplacement = (reason: String, remedy: String)

    /// What is probably wrong with a path or a mount where there is no secret: it repeats what the plugin adds.
    var misplacement: Misplacement? {
        for repeated in [mount + ["data"], mount, mount.last.map { [$0, "data"] } ?? [], mount.suffix(1), ["data"]]
        where !repeated.isEmpty && path.starts(with: repeated) && path.count > repeated.count {
            return (
                "'path' is below the mount, without '\(repeated.joined(separator: "/"))/'",
                "take '\(repeated.joined(separator: "/"))/' off the beginning of 'path'"
            )
        }
        guard mount.count > 1, mount.last == "data" else { return nil }
        return ("'mount' is without '/data'", "take '/data' off the end of 'mount'")
    }

    var urlPath: String {
        let segments = ["v1"] + mount.map(percentEncoded) + ["data"] + path.map(percentEncoded)
        return "/" + segments.joined(separator: "/") + (version.map { "?version=\($0)" } ?? "")
    }
}

extension SecretAddress: Hashable {
    static func == (left: SecretAddress, right: SecretAddress) -> Bool {
        left.version == right.version && left.bytes == right.bytes
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(version)
    }
}

/// A path with parts of the request in it, expanded so that no part can reach out of its segment.
struct PathTemplate: Hashable, Sendable {
    private enum Piece: Hashable {
        case text(String)
        case part(Part)
    }

    private enum Part: String, Hashable, CaseIterable {
        case service, profile, project, tenant, purpose
    }

    private let segments: [[Piece]]
    private let setting: String

    /// Whether the path says which service it is for.
    var namesService: Bool { segments.joined().contains(.part(.service)) }

    init(_ text: String, setting: String) throws(KeyResolutionError) {
        self.setting = setting
        var trimmed = text[...]
        if trimmed.hasPrefix("/") { trimmed.removeFirst() }
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
                    "has a '{' that begins none of \(known)",
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

    /// The segments of a path that is the same forevery request.
    func fixed() throws(KeyResolutionError) -> [String] {
        for piece in segments.joined() {
            if case .part = piece { throw Self.invalid(setting, "has a '{', which only 'path' may have") }
        }
        return try expanded(for: "", KeyScope())
    }

    /// The segments for a request.
    func expanded(for service: Service, _ scope: KeyScope) throws(KeyResolutionError) -> [String] {
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
            throw KeyResolutionError(
                .invalidScope,
                "\(setting) of OpenBao needs a \(part.rawValue), and the request has none",
                remedy: "give the scope a \(part.rawValue) (--\(part.rawValue)), or take {\(part.rawValue)} out of "
                    + setting,
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
            "a part of the scope cannot stand in \(setting) of OpenBao",
            remedy: "use names without '/', '..' and control characters",
            service: service
        )
    }

    private static func invalid(_ setting: String, _ what: String, remedy: String? = nil) -> KeyResolutionError {
        KeyResolutionError(
            .invalidConfiguration,
            "\(setting) of OpenBao \(what)",
            remedy: remedy ?? "fix \(setting)"
        )
    }
}

/// Percent-encodes a segment of a path: everything that is not unreserved in RFC 3986.
func percentEncoded(_ segment: String) -> String {
    var encoded = ""
    for byte in segment.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let hexadecimal = String(byte, radix: 16, uppercase: true)
            encoded += "%" + (byte < 16 ? "0" : "") + hexadecimal
        }
    }
    return encoded
}
