import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// A reply of a server, read as far as deciding needs it.
struct OpenBaoResponse: Sendable {
    let status: Int
    let headers: [String: String]
    /// Nil if the body is no JSON object.
    let json: JSONNode?
    /// Who was asked.
    let link: ServerLink
    /// Whether a server got plain HTTP where it speaks TLS, in the words of Go, nginx or Apache.
    let isPlainHTTPRefused: Bool
    /// The active server, if this one is a standby and said so.
    var leader: ServerAddress?

    init(_ response: HTTPTransportResponse, from link: ServerLink) {
        status = response.status
        headers = response.headers
        self.link = link
        let limits = JSONParser.Limits(size: BaoClient.bodyLimit)
        let node =
            response.body.first { $0 > 0x20 } == UInt8(ascii: "{")
            ? try? JSONParser.parse(response.body, syntax: .jsonKeepingNumbers, limits: limits) : nil
        json = node?.members == nil ? nil : node
        isPlainHTTPRefused = status == 400 && Self.refusesPlainHTTP(response.body)
    }

    private static func refusesPlainHTTP(_ body: [UInt8]) -> Bool {
        let text = String(decoding: body.prefix(2048), as: UTF8.self)
        return text.hasPrefix("Client sent an HTTP request to an HTTPS server")
            || text.contains("The plain HTTP request was sent to HTTPS port")
            || text.contains("speaking plain HTTP to an SSL-enabled server port")
    }

    /// The proxy that it came through.
    var proxy: String? { link.proxy }

    /// The texts under `errors`; they may quote what was sent, so they are compared and never repeated.
    var errors: [String] { json?["errors"]?.elements?.compactMap(\.string) ?? [] }

    func says(_ text: String) -> Bool { errors.contains { $0.contains(text) } }

    /// Whether OpenBao itself says this, and not something in front of it such as a proxy or a firewall.
    ///
    /// OpenBao answers everything but a few redirects with a JSON object: a refusal has `errors`, if only an empty
    /// list, and a 404 may describe the version that was deleted instead.
    var isOwn: Bool {
        switch status {
        // What has nothing to say: a change that was made.
        case 204: headers["cache-control"] == "no-store"
        case 200...299: json != nil
        // To a patch of what isn't there it says nothing at all.
        case 404:
            json?["errors"]?.elements != nil || describesDeletion
                || json == nil && headers["cache-control"] == "no-store"
        // What these say isn't shown: they are read by their status alone.
        case 300...399, 472, 473: true
        default: json?["errors"]?.elements != nil
        }
    }

    /// Whether what was asked may have been done although it is no success.
    ///
    /// What isn't OpenBao's own may come from a proxy that had handed the request on.
    var mayHaveDone: Bool {
        [500, 502, 504].contains(status) || !isOwn && (status >= 500 || status == 429 || status < 300)
    }

    var isBeingUpgraded: Bool { status == 400 && says("Upgrading from non-versioned to versioned") }

    var isSealed: Bool { status == 503 && errors.contains { $0.lowercased().contains("sealed") } }

    /// Whether a standby says that it cannot answer by itself and knows nobody who can.
    var isStandby: Bool { [472, 473].contains(status) || (status >= 500 && says("node not active")) }

    /// Whether the node has not got as far as the index that was sent, and could not ask the active one.
    var isBehindIndex: Bool { [412, 429].contains(status) && json?["errors"]?.elements?.isEmpty == true }

    /// Whether the server has an answer, so that no other needs to be asked.
    ///
    /// A redirect that was not followed is none: another server may answer by itself.
    var isAnswer: Bool { status < 500 && !(300...399).contains(status) && isOwn && !isStandby }

    /// `Retry-After` in seconds or as a date.
    func retryAfter(now: Date) -> Duration? {
        ServerDate.retryAfter(headers, now: now)
    }
}

extension OpenBaoResponse {
    /// Where a redirect leads; a reference without a host is resolved against the server that gave it, as RFC 9110 has
    /// it.
    ///
    /// Nil for a reply without one, and for one that isn't a reference.
    var redirection: URLComponents? {
        guard (300...399).contains(status), let location = headers["location"], !location.isEmpty,
            var url = URLComponents(string: location)
        else { return nil }
        if url.scheme == nil {
            guard let base = URLComponents(string: link.address.base) else { return nil }
            url.scheme = base.scheme
            guard url.host == nil else { return url }
            url.host = base.host
            url.port = base.port
        }
        return url
    }

    /// Whether a redirect leads to the server that gave it.
    var isRedirectedToItself: Bool {
        guard let url = redirection else { return false }
        return ServerAddress.origin(of: url) == ServerAddress.origin(ofBase: link.address.base)
    }
}
