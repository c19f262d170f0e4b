#if AWS
import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// A reply of AWS, read as far as deciding needs it.
///
/// A content type says little: moto and front ends send JSON and XML as something else.
struct AWSReply: Sendable {
    let status: Int
    let headers: [String: String]
    private let body: [UInt8]

    /// Nil if the body isn't JSON.
    let json: JSONNode?

    init(_ response: HTTPTransportResponse) {
        (status, headers, body) = (response.status, response.headers, response.body)
        let isJSON = body.first { $0 > 0x20 } == UInt8(ascii: "{")
        let limits = JSONParser.Limits(size: Self.bodyLimit)
        json = isJSON ? try? JSONParser.parse(body, syntax: .jsonKeepingNumbers, limits: limits) : nil
    }

    /// Two secrets of the largest size, with escapes in them, and twenty of the usual one.
    static let bodyLimit = 4 << 20

    var isSuccess: Bool { (200...299).contains(status) }

    /// The number by which AWS's support finds the request.
    var requestID: String? {
        let id = headers["x-amzn-requestid"] ?? headers["x-amz-request-id"] ?? element("RequestId")
        return id.flatMap { id in
            !id.isEmpty && id.utf8.count <= 64 && id.utf8.allSatisfy { $0 == 0x2D || $0.isLetterOrDigit } ? id : nil
        }
    }

    /// The type of the error, whichever of the protocols says it; never the status, which differs from server to server.
    var errorType: String? {
        let text =
            headers["x-amzn-errortype"] ?? json?["__type"]?.string ?? json?["code"]?.string ?? json?["Code"]?.string
            ?? (json == nil ? element("Code") : nil)
        // `…/v1#ResourceNotFoundException:http://…`
        guard let type = text?.prefix(while: { $0 != ":" }).split(separator: "#").last, type.utf8.count <= 64,
            type.utf8.allSatisfy({ $0 == 0x2E || $0.isLetterOrDigit })
        else { return nil }
        return String(type)
    }

    /// Whether the type is where Secrets Manager itself says it, and not in a member that anybody's errors have.
    var hasOwnType: Bool { headers["x-amzn-errortype"] != nil || json?["__type"]?.string != nil }

    /// The error's text, which may quote what was sent: it is compared and never shown.
    var message: String {
        json?["message"]?.string ?? json?["Message"]?.string ?? element("Message") ?? ""
    }

    /// The server's date.
    var date: Date? { headers["date"].flatMap(ServerDate.parseHTTP) }

    /// How long it asks to be left alone.
    func retryAfter(now: Date) -> Duration? {
        if let text = headers["x-amz-retry-after"], let milliseconds = Int(text), milliseconds >= 0 {
            return .milliseconds(min(milliseconds, 86_400_000))
        }
        return ServerDate.retryAfter(headers, now: now)
    }

    /// The text of the first element of a name, where the body is XML.
    func element(_ name: String) -> String? {
        guard body.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") else { return nil }
        let text = String(decoding: body, as: UTF8.self)
        guard let start = text.firstRange(of: "<\(name)>")?.upperBound,
            let end = text[start...].firstRange(of: "</\(name)>")?.lowerBound
        else { return nil }
        return [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#xD;", "\r"), ("&amp;", "&")]
            .reduce(String(text[start..<end])) { $0.replacing($1.0, with: $1.1) }
    }
}

extension AWSReply: CustomStringConvertible, CustomReflectable {
    /// The status alone.
    var description: String { "HTTP \(status)" }

    var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
#endif
