#if os(Linux)
import LightFoundation

/// The certificates of a file in the format PEM; keys and whatever else it holds are left out.
struct PEMCertificates {
    /// Each with its first and its last line.
    private(set) var blocks: [String] = []

    /// The place of the first that is damaged, counted from 1.
    var damaged: Int? { blocks.firstIndex { !Self.isWhole($0) }.map { $0 + 1 } }

    /// nil, with `errno`, if the file can't be read; the first 4 MiB count.
    init?(path: String) {
        guard let text = Self.text(of: path) else { return nil }
        self.init(text)
    }

    init(_ text: String) {
        var block: [Substring] = []
        for line in text.split(whereSeparator: \.isNewline) {
            if Self.isMark(line, "BEGIN") {
                // The one before has no end.
                if !block.isEmpty { add(block) }
                block = [line]
            } else if !block.isEmpty {
                block.append(line)
                guard Self.isMark(line, "END") else { continue }
                add(block)
                block = []
            }
        }
        if !block.isEmpty { add(block) }
    }

    /// The first 4 MiB of a file; nil, with `errno`, if it can't be read or isn't a file.
    static func text(of path: String) -> String? {
        // To open a pipe would last until somebody writes to it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { return nil }
        guard found.st_mode & S_IFMT == S_IFREG else {
            errno = found.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL
            return nil
        }
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while text.count < 4 << 20 {
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0 { return nil }
            if count == 0 { break }
            text += bytes[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether something is there that is neither a file nor a folder, such as a pipe.
    static func isSpecial(_ path: String) -> Bool {
        var found = stat()
        return stat(path, &found) == 0 && found.st_mode & S_IFMT != S_IFREG && found.st_mode & S_IFMT != S_IFDIR
    }

    private mutating func add(_ lines: [Substring]) { blocks.append(lines.joined(separator: "\n") + "\n") }

    private static func isWhole(_ block: String) -> Bool {
        let lines = block.split(separator: "\n")
        return lines.last.map { isMark($0, "END") } == true && isCertificate(lines.dropFirst().dropLast().joined())
    }

    private static func isMark(_ line: Substring, _ word: String) -> Bool {
        guard line.hasPrefix("-----\(word) ") else { return false }
        return ["", "TRUSTED ", "X509 "].contains { line.hasPrefix("-----\(word) \($0)CERTIFICATE-----") }
    }

    /// Whether Base64 holds a sequence of ASN.1 that is as long as it says; after it, OpenSSL may note whom to trust
    /// for what.
    private static func isCertificate(_ base64: String) -> Bool {
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for character in base64.utf8 where character != 0x20 && character != 0x09 {
            let digit: Int
            switch character {
            case 0x41...0x5A: digit = Int(character) - 0x41
            case 0x61...0x7A: digit = Int(character) - 0x61 + 26
            case 0x30...0x39: digit = Int(character) - 0x30 + 52
            case UInt8(ascii: "+"): digit = 62
            case UInt8(ascii: "/"): digit = 63
            case UInt8(ascii: "="): continue
            default: return false
            }
            (bits, count) = ((bits << 6 | digit) & 0xFFFFFF, count + 6)
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        guard bytes.count > 4, bytes[0] == 0x30 else { return false }
        if bytes[1] < 0x80 { return bytes.count >= 2 + Int(bytes[1]) }
        let places = Int(bytes[1] & 0x7F)
        guard (1...3).contains(places) else { return false }
        return bytes.count >= 2 + places + bytes[2..<2 + places].reduce(0) { $0 << 8 | Int($1) }
    }
}
#endif

#if os(Linux)
import CCurl

/// What a server's certificate says of itself.
struct ServerCertificate {
    private(set) var subject: String?
    private(set) var issuer: String?
    private(set) var start: String?
    private(set) var end: String?
    /// The hosts that it is for.
    private(set) var names: [String] = []

    init(_ handle: CurlHandle) {
        var index: Int32 = 0
        while let line = keyhooks_curl_certificate_line(handle.library.pointer, handle.pointer, index) {
            take(String(cString: line))
            index += 1
        }
    }

    init(lines: [String]) {
        for line in lines { take(line) }
    }

    private mutating func take(_ line: String) {
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = String(line[line.index(after: colon)...])
        switch line[..<colon].lowercased() {
        case "subject": subject = Self.plain(value)
        case "issuer": issuer = Self.plain(value)
        case "start date": start = Self.day(value)
        case "expire date": end = Self.day(value)
        case "x509v3 subject alternative name":
            names = value.split(separator: ",").prefix(20)
                .compactMap { entry in
                    let parts = entry.split(separator: ":", maxSplits: 1)
                    guard parts.count == 2 else { return nil }
                    return Self.plain(String(parts[1].drop { $0 == " " }), limit: 100)
                }
        default: break
        }
    }

    /// Says what is known in the error, and which fault it is if only a date can tell.
    func completing(
        _ error: HTTPTransportError,
        _ url: RequestURL,
        _ settings: HTTPTransportSettings
    ) -> HTTPTransportError {
        var detail = error.detail
        switch error.code {
        case .expiredCertificate: detail = end.map { "until \($0)" }
        case .certificateNotYetValid: detail = start.map { "from \($0)" }
        case .wrongHost:
            let hosts = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
            let wanted = settings.serverName ?? url.host
            detail = names.isEmpty ? "not for '\(wanted)'" : "it is for \(hosts) and not for '\(wanted)'"
        default:
            let origin = subject == issuer ? "it is self-signed" : issuer.map { "issued by '\($0)'" }
            detail = origin ?? detail
        }
        return HTTPTransportError(error.code, subject: subject, detail: detail)
    }

    /// Printable ASCII, so that nothing can pass for another text or steer a terminal.
    private static func plain(_ text: String, limit: Int = 200) -> String? {
        let bytes = text.utf8.prefix(limit).map { (0x20...0x7E).contains($0) && $0 != 0x27 ? $0 : UInt8(ascii: "?") }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// The day of `Nov 29 17:00:00 2026 GMT`, of `2026-11-29 17:00:00 GMT`, or what else is there.
    private static func day(_ text: String) -> String? {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        if words.count >= 4, let month = months.firstIndex(of: String(words[0])), let day = Int(words[1]),
            let year = Int(words[3])
        {
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return "\(year)-\(two(month + 1))-\(two(day))"
        }
        return plain(words.first.map(String.init) ?? "", limit: 40)
    }
}
#endif
