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
