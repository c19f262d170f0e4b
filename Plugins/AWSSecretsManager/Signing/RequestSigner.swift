#if AWS
import Crypto
import HTTPTransport
import KeyHooks
import LightFoundation

/// Signs requests by Signature Version 4.
struct RequestSigner: Sendable {
    let credentials: AWSCredentials
    let region: String

    /// What is asked, such as `secretsmanager` or `sts`.
    let service: String

    /// A request that was signed, and the texts on the way, which hold no secret but the session token.
    struct Signature: Sendable {
        let canonicalRequest: String
        let stringToSign: String

        /// What goes into the header field `Authorization`.
        let authorization: String
    }

    /// Signs what has all its header fields, `host` and `x-amz-date` among them.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - time: The moment, as its header field says it.
    /// - Returns: The signature.
    func signature(of request: CanonicalRequest, at time: RequestSigner.Time) -> Signature {
        let (text, signedHeaders) = request.parts
        let scope = "\(time.day)/\(region)/\(service)/aws4_request"
        let digest = CanonicalRequest.hex(Crypto.SHA256.hash(data: Array(text.utf8)))
        let stringToSign = "AWS4-HMAC-SHA256\n\(time.text)\n\(scope)\n\(digest)"
        let key = credentials.secretKey.withValue { Array("AWS4\($0)".utf8) }
        let signingKey = [String(time.day), region, service, "aws4_request"]
            .reduce(SymmetricKey(data: key)) { key, part in
                SymmetricKey(data: HMAC<Crypto.SHA256>.authenticationCode(for: Array(part.utf8), using: key))
            }
        let code = HMAC<Crypto.SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: signingKey)
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(signedHeaders), Signature=\(CanonicalRequest.hex(code))"
        return Signature(canonicalRequest: text, stringToSign: stringToSign, authorization: authorization)
    }

    /// A request with its signature.
    ///
    /// - Parameters:
    ///   - method: `GET` or `POST`.
    ///   - base: The scheme, host, port and path of the endpoint.
    ///   - query: The names and values of the query, decoded.
    ///   - headers: The header fields, all of which are signed; without those that signing adds.
    ///   - body: The body.
    ///   - date: The date as the server has it.
    /// - Returns: What to send.
    func signed(
        _ method: String,
        _ base: EndpointURL,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        at date: Date
    ) -> HTTPTransportRequest {
        let time = RequestSigner.Time(date)
        var fields = headers + [("X-Amz-Date", time.text)]
        if let token = credentials.sessionToken { fields.append(("X-Amz-Security-Token", token.value)) }
        let canonical = CanonicalRequest(
            method: method,
            path: base.path,
            query: query,
            headers: fields + [("Host", base.host)],
            body: body ?? []
        )
        fields.append(("Authorization", signature(of: canonical, at: time).authorization))
        return HTTPTransportRequest(
            method: method,
            url: base.text + (query.isEmpty ? "" : "?\(CanonicalRequest.encoded(query))"),
            headers: Dictionary(fields.map { ($0.name, $0.value) }) { $1 },
            body: body,
            // What AWS does twice it knows by a token, or it is the same thing.
            isIdempotent: true
        )
    }
}

extension RequestSigner {
    /// A moment as signatures have it: `20150830T123600Z`.
    struct Time: Hashable, Sendable {
        let text: String

        init(_ date: Date) {
            // By hand: Foundation's formats cost more than the signature.
            let seconds = Int(date.timeIntervalSince1970.rounded(.down))
            let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
            // Days since March of the year 0, in the calendar of Gregory.
            let day = days + 719_468
            let era = day / 146_097
            let dayOfEra = day - era * 146_097
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let month = (5 * dayOfYear + 2) / 153
            let number = month < 10 ? month + 3 : month - 9
            let year = yearOfEra + era * 400 + (number <= 2 ? 1 : 0)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            text =
                "\(year)\(two(number))\(two(dayOfYear - (153 * month + 2) / 5 + 1))"
                + "T\(two(rest / 3600))\(two(rest / 60 % 60))\(two(rest % 60))Z"
        }

        var day: Substring { text.prefix(8) }
    }
}
#endif
