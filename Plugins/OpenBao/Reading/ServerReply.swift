import Foundation
import HTTPTransport
import KeyHooks

/// A reply of the server, read as far as deciding needs it.
struct ServerReply {
    let status: Int
    let headers: [String: String]
    /// Nil if the body is no JSON object.
    let json: JSONNode?
    /// The proxy that it came through.
    let proxy: String?

    init(_ response: HTTPTransportResponse, through proxy: String?) {
        status = response.status
        headers = response.headers
        self.proxy = proxy
        let limits = JSON5.Limits(size: BaoClient.bodyLimit)
        let node = response.body.isEmpty ? nil : try? JSON5.parse(response.body, limits: limits)
        json = node?.members == nil ? nil : node
    }

    /// The texts under `errors`; they may quote what was sent, so they are compared and never repeated.
    var errors: [String] { json?["errors"]?.elements?.compactMap(\.string) ?? [] }

    var isSealed: Bool { status == 503 && errors.contains { $0.lowercased().contains("sealed") } }

    func says(_ text: String) -> Bool { errors.contains { $0.contains(text) } }

    /// `Retry-After` in seconds or as a date.
    func retryAfter(now: Date) -> Duration? {
        guard let text = headers["retry-after"]?.trimmingCharacters(in: .whitespaces) else { return nil }
        if let seconds = Double(text), !seconds.isNaN { return .seconds(min(max(0, seconds), 86_400)) }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return formatter.date(from: text)
            .map { .seconds(min(max(0, $0.timeIntervalSince(now)), 86_400)) }
    }
}
